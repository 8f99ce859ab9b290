/** The sound of each priority: distinct in rhythm and pitch, so that it is known without looking. */
import type { Alert, Priority } from '../api/types'
import { isLoud } from '../domain/order'

/** Start in seconds, frequency in Hz, duration in seconds. */
export type Tone = readonly [at: number, hz: number, lasts: number]

export interface Pattern {
  tones: readonly Tone[]
  /** Seconds until it is played again while an alarm that insists is unacknowledged; 0: never. */
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
  P1: { tones: [[0, 659, 0.2], [0.28, 523, 0.2], [0.56, 659, 0.3]], every: 15, gain: 0.38 },
  P2: { tones: [[0, 494, 0.35]], every: 0, gain: 0.26 },
}

/** One telling of an alarm: told again at another moment, it is another one. */
export function telling(alert: Alert): string {
  return `${alert.id}@${alert.annunciated_at ?? ''}`
}

/** Heard until somebody acknowledges it: life safety, and what is over in seconds but not done with. */
function insists(alert: Alert): boolean {
  return Boolean(PATTERNS[alert.priority]?.every) && (alert.priority === 'P0' || alert.latching) && !alert.chattering
}

export interface Due {
  priority: Priority
  repeats: boolean
  /** Something of it has not been heard yet. */
  fresh: boolean
}

/**
 * What has to be heard: what was told since `known`, and what insists for as long as it waits. One
 * that chatters is heard each time the hub tells it, once a minute; one that is grouped, not by itself.
 */
export function duePattern(open: readonly Alert[], known: ReadonlySet<string>): Due | null {
  const loud = open.filter((alert) => isLoud(alert) && PATTERNS[alert.priority])
  const unheard = loud.filter((alert) => alert.annunciation !== 'grouped' && !known.has(telling(alert)))
  const first = [...unheard, ...loud.filter(insists)].sort((a, b) => a.priority.localeCompare(b.priority))[0]
  if (!first) return null
  const same = (alert: Alert) => alert.priority === first.priority
  return { priority: first.priority, repeats: loud.some((alert) => same(alert) && insists(alert)), fresh: unheard.some(same) }
}

/** Whether it is heard now, before the pattern that is to be played again has its turn. */
export function interrupts(due: Due, waiting: Priority): boolean {
  return due.priority < waiting || (due.fresh && due.priority === waiting && waiting !== 'P0')
}
