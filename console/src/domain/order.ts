/** Which alarm stands above which: priority, then what still waits for a person, then the newest. */
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

export function compareAlerts(a: Alert, b: Alert): number {
  return (
    a.priority.localeCompare(b.priority) ||
    Number(a.late) - Number(b.late) ||
    STATE_RANK[a.state] - STATE_RANK[b.state] ||
    b.at - a.at ||
    a.id.localeCompare(b.id)
  )
}
