/** Keeps the picture of a site from growing for as long as a page is open: what is over is let go. */
import type { LiveState } from './reducer'

const HALF_HOUR = 30 * 60_000
/** Of each kind, so many that are over are kept, however old. */
const KEPT = 100

/** Drop what ended long ago. now: hub clock, ms. */
export function prune(state: LiveState, now: number): void {
  drop(state.alerts, (one) => one.closed_at, now)
  drop(state.cases, (one) => one.closed_at, now)
  drop(state.modes, (one) => one.ended_at, now)
  drop(state.rounds, (one) => one.ended_at, now)
  drop(state.commands, (one) => one.created_at, now)
}

function drop<T>(from: Record<string, T>, over: (one: T) => number | null | undefined, now: number): void {
  const old = Object.entries(from)
    .map(([id, one]) => ({ id, at: over(one) }))
    .filter((one): one is { id: string; at: number } => one.at != null)
    .sort((a, b) => b.at - a.at)
    .slice(KEPT)
  for (const { id, at } of old) if (now - at > HALF_HOUR) delete from[id]
}
