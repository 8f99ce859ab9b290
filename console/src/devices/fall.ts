/** What an alarm tells of something that fell: from where, how sure, and its way in the picture. */
import type { Alert } from '../api/types'

/** Seconds since the alarm began, and a place as fractions of the picture. */
export type Point = [at: number, x: number, y: number]

export interface Range {
  value: number
  low: number
  high: number
}

export interface Fall {
  confirmed: boolean
  drifting: boolean
  floor: Range | null
  column: Range | null
  roof: boolean
  score: number | null
  seconds: number | null
  /** How often its image in the glass was seen too. */
  images: number
  track: Point[]
}

const CONDITIONS: readonly string[] = ['falling-object', 'drifting-object']

/** The fall that an alarm is about, or null. */
export function fallOf(alert: Pick<Alert, 'condition' | 'detail'>): Fall | null {
  if (!CONDITIONS.includes(alert.condition)) return null
  const told = alert.detail as Record<string, unknown>
  return {
    confirmed: told.verdict === 'confirmed',
    drifting: alert.condition === 'drifting-object',
    floor: range(told.floor, told.floor_low, told.floor_high),
    column: range(told.column, told.column_low, told.column_high),
    roof: told.roof === true,
    score: number(told.score),
    seconds: number(told.seconds),
    images: number(told.images) ?? 0,
    track: Array.isArray(told.track) ? told.track.filter(isPoint) : [],
  }
}

/** Where it is so many seconds after the alarm began; null before and after its way. */
export function placeAt(track: Point[], at: number): [number, number] | null {
  const next = track.findIndex((point) => point[0] >= at)
  const after = track[next]
  if (!after) return null
  const before = track[next - 1]
  if (!before) return after[0] - at < 0.05 ? [after[1], after[2]] : null
  const share = (at - before[0]) / (after[0] - before[0])
  return [before[1] + share * (after[1] - before[1]), before[2] + share * (after[2] - before[2])]
}

function range(value: unknown, low: unknown, high: unknown): Range | null {
  const middle = number(value)
  if (middle === null) return null
  return { value: middle, low: number(low) ?? middle, high: number(high) ?? middle }
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

function isPoint(value: unknown): value is Point {
  return Array.isArray(value) && value.length === 3 && value.every((one) => typeof one === 'number')
}
