/** The sound of each priority: distinct in rhythm and pitch, so that it is known without looking. */
import type { Alert, Priority } from '../api/types'
import { isLoud } from '../domain/order'

/** Start in seconds, frequency in Hz, duration in seconds. */
export type Tone = readonly [at: number, hz: number, lasts: number]

export interface Pattern {
  tones: readonly Tone[]
  /** Seconds until it is played again while an alarm of it is unacknowledged; 0: once. */
  every: number
  gain: number
}

/** After IEC 60601-1-8: more pulses, closer together, as priority rises. P3 makes no sound. */
export const PATTERNS: Partial<Record<Priority, Pattern>> = {
  P0: {
    tones: [
      [0, 880, 0.14], [0.18, 988, 0.14], [0.36, 1319, 0.2],
      [0.7, 880, 0.14], [0.88, 988, 0.14], [1.06, 1319, 0.3],
    ],
    every: 3,
    gain: 0.5,
  },
  P1: { tones: [[0, 659, 0.2], [0.28, 523, 0.2], [0.56, 659, 0.3]], every: 0, gain: 0.38 },
  P2: { tones: [[0, 494, 0.35]], every: 0, gain: 0.26 },
}

/** One telling of an alarm: told again at another moment, it is another one. */
export function telling(alert: Alert): string {
  return `${alert.id}@${alert.annunciated_at ?? ''}`
}

/**
 * What has to be heard: what was told since `known`, and P0 for as long as it waits. One that
 * chatters is heard each time the hub tells it, once a minute; one that is grouped, not by itself.
 */
export function duePattern(
  open: readonly Alert[],
  known: ReadonlySet<string>,
): { priority: Priority; repeats: boolean } | null {
  const loud = open.filter(isLoud)
  const lasting = loud.find((alert) => PATTERNS[alert.priority]?.every && !alert.chattering)
  if (lasting) return { priority: lasting.priority, repeats: true }
  const fresh = loud.filter(
    (alert) => alert.annunciation !== 'grouped' && !known.has(telling(alert)) && PATTERNS[alert.priority],
  )
  const first = fresh.sort((a, b) => a.priority.localeCompare(b.priority))[0]
  return first ? { priority: first.priority, repeats: false } : null
}
