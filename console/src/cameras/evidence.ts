/** What the evidence list shows, and how long it is asked for anew. */
import type { Evidence, Kind } from '../api/types'

export const POLL_MS = 2000

/** After an alarm began, a clip may still be asked for. */
const FRESH_MS = 30_000

/** Clips first, then pictures; each newest first. What was removed is not shown, nor a thumbnail by itself. */
export function pieces(items: Evidence[]): Evidence[] {
  const rank = (one: Evidence): number => (one.kind === 'clip' ? 0 : 1)
  return items.filter((one) => one.state !== 'removed' && one.kind !== 'thumbnail').sort((a, b) => rank(a) - rank(b) || b.from_at - a.from_at)
}

/** The small picture of a piece: that of its clip, or the clip's own. */
export function thumbnailOf(one: Evidence, items: Evidence[]): Evidence | undefined {
  if (one.kind === 'picture') return undefined
  return items.find((small) => small.kind === 'thumbnail' && small.state === 'stored' && small.of === (one.of ?? one.id))
}

/** Whether to ask again: something is on its way, or its alarm is so new that something may be. */
export function needsLook(items: Evidence[], since: number | undefined, now: number): boolean {
  if (items.some((one) => one.state === 'coming')) return true
  return since !== undefined && now - since < FRESH_MS
}

/** Whether a device of this kind shows a live picture. */
export function isCamera(kind: Kind | undefined): boolean {
  return kind?.actions.some((action) => action.id === 'live') ?? false
}

/** Whether a device of this kind takes a picture of who passes. */
export function hasPictures(kind: Kind | undefined): boolean {
  return kind?.signals.some((signal) => signal.id === 'picture' && signal.type === 'text') ?? false
}
