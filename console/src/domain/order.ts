/**
 * Which alarm stands above which, as the list shows them and the keys walk them: what is folded away
 * comes last; then what goes on before what is over and seen, then priority, then what still waits
 * for a person, then the newest. A P0 that nobody has acknowledged is not done with because it is
 * over: the e-bike that turned back may come again, and nobody knows yet that it was there.
 */
import type { Alert } from '../api/types'

const STATE_RANK: Record<Alert['state'], number> = {
  unacknowledged: 0,
  'returned-unacknowledged': 1,
  acknowledged: 2,
  latched: 3,
  'out-of-service': 4,
  shelved: 5,
  suppressed: 6,
  normal: 7,
}

/** Silent for a reason that somebody or something answers for; it is there all the same. */
export function isAside(alert: Alert): boolean {
  return alert.state === 'shelved' || alert.state === 'suppressed' || alert.state === 'out-of-service'
}

/**
 * Part of a flood: on the list, but together with the others. Only sound is rationed for what is
 * urgent: a door forced in a storm is no less forced, so a P0 or P1 is never folded away, and
 * neither is the alarm that the group's sound was made for.
 */
export function isGrouped(alert: Alert): boolean {
  return alert.priority > 'P1' && alert.state === 'unacknowledged' && alert.annunciation === 'grouped'
}

export function isOpen(alert: Alert): boolean {
  return alert.state !== 'normal'
}

/** Nobody has said yet that they saw it. */
export function waits(alert: Alert): boolean {
  return alert.state === 'unacknowledged' || alert.state === 'returned-unacknowledged'
}

/** Over, but not done with: life safety that nobody has seen, and what is over in seconds anyway. */
export function outlasts(alert: Alert): boolean {
  return (alert.latching || alert.priority === 'P0') && alert.state === 'returned-unacknowledged'
}

/** Unacknowledged, and current or not done with: it is filled with colour, and it sounds. Late alarms never are. */
export function isLoud(alert: Alert): boolean {
  return (alert.state === 'unacknowledged' || outlasts(alert)) && !alert.late
}

/** Nothing is happening there any more; it only waits to be seen. */
function isOver(alert: Alert): boolean {
  if (outlasts(alert) && !alert.late) return false
  return alert.late || alert.state === 'returned-unacknowledged' || alert.state === 'latched' || alert.state === 'normal'
}

export function compareAlerts(a: Alert, b: Alert): number {
  return (
    Number(isAside(a)) - Number(isAside(b)) ||
    Number(isGrouped(a)) - Number(isGrouped(b)) ||
    Number(isOver(a)) - Number(isOver(b)) ||
    a.priority.localeCompare(b.priority) ||
    Number(a.late) - Number(b.late) ||
    STATE_RANK[a.state] - STATE_RANK[b.state] ||
    b.at - a.at ||
    a.id.localeCompare(b.id)
  )
}
