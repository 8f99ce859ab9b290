/**
 * Which alarm stands above which: what goes on before what is over, then priority, then what still
 * waits for a person, then the newest. A door forced now must not lie below the fold because of
 * life-safety alarms that ended an hour ago.
 */
import type { Alert } from '../api/types'

const STATE_RANK: Record<Alert['state'], number> = {
  unacknowledged: 0,
  'returned-unacknowledged': 1,
  acknowledged: 2,
  normal: 3,
}

export function isOpen(alert: Alert): boolean {
  return alert.state !== 'normal'
}

/** Nobody has said yet that they saw it. */
export function waits(alert: Alert): boolean {
  return alert.state === 'unacknowledged' || alert.state === 'returned-unacknowledged'
}

/** Unacknowledged and current: it is filled with colour, and it sounds. Late alarms never are. */
export function isLoud(alert: Alert): boolean {
  return alert.state === 'unacknowledged' && !alert.late
}

/** Nothing is happening there any more; it only waits to be seen. */
function isOver(alert: Alert): boolean {
  return alert.late || alert.state === 'returned-unacknowledged' || alert.state === 'normal'
}

export function compareAlerts(a: Alert, b: Alert): number {
  return (
    Number(isOver(a)) - Number(isOver(b)) ||
    a.priority.localeCompare(b.priority) ||
    Number(a.late) - Number(b.late) ||
    STATE_RANK[a.state] - STATE_RANK[b.state] ||
    b.at - a.at ||
    a.id.localeCompare(b.id)
  )
}
