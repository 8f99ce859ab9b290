/** An e-bike's session, as an alarm's detail and the car's readings tell it. */
import type { Alert, Device } from '../api/types'

const PHASES = ['confirmed', 'let-go', 'riding', 'idle', 'dismissed', 'late'] as const
const OUTCOMES = ['dissuaded', 'rode', 'left', 'by-staff', 'unknown'] as const

export interface Session {
  phase: (typeof PHASES)[number]
  outcome: (typeof OUTCOMES)[number] | null
  /** Where it rode to, when the car tells. */
  floor: number | null
  /** The door is held now: by the car's own word, or, where it has none, by the session's. */
  held: boolean
  heldS: number
  score: number | null
  carFloor: number | null
  model: string | null
}

export function isEbike(alert: Alert): boolean {
  return alert.condition === 'ebike-in-elevator'
}

export function sessionOf(alert: Alert, device: Device): Session {
  const { session, outcome, floor, held_s, score, model } = alert.detail as Record<string, unknown>
  const phase = PHASES.find((one) => one === session) ?? 'idle'
  const told = device.readings.held?.value
  return {
    phase,
    outcome: OUTCOMES.find((one) => one === outcome) ?? null,
    floor: number(floor),
    held: typeof told === 'boolean' ? told : phase === 'confirmed',
    heldS: number(held_s) ?? 0,
    score: number(score),
    carFloor: number(device.readings.floor?.value),
    model: typeof model === 'string' ? model : null,
  }
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}
