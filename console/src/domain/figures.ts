/** Figures that an alarm's detail or a device's reading carries, ready to be drawn. */
import type { Alert, Device, Kind } from '../api/types'

/** A measured value, its limit and their unit. */
export interface Measure {
  value: number
  limit: number
  unit: string
}

export function measureOf(alert: Alert): Measure | null {
  const { value, limit, unit } = alert.detail as Record<string, unknown>
  if (typeof value !== 'number' || typeof limit !== 'number') return null
  return { value, limit, unit: typeof unit === 'string' ? unit : '' }
}

/** The first numeric signal that has limits, else the first numeric one: what a chart shows. Only telemetry is drawn. */
export function chartSignal(kind: Kind | undefined, device: Device): string | null {
  if (kind && kind.lane !== 'telemetry') return null
  const numbers = (kind?.signals ?? []).filter((signal) => signal.type === 'number')
  const limited = numbers.find((signal) => device.limits[signal.id])
  return (limited ?? numbers[0])?.id ?? null
}

export function unitOf(kind: Kind | undefined, signal: string): string {
  return kind?.signals.find((one) => one.id === signal)?.unit ?? ''
}

/** Three decimals for pressures, fewer for larger figures; never an exponent. */
export function figure(value: number): string {
  const size = Math.abs(value)
  return value.toFixed(size < 10 ? 3 : size < 100 ? 1 : 0)
}

/** Where `value` lies against its limits. */
export function standing(value: number, limits: { low: number | null; high: number | null }) {
  if (limits.low != null && value < limits.low) return 'low'
  if (limits.high != null && value > limits.high) return 'high'
  return 'inside'
}

/** A response text as steps: one a line, or one a sentence where it is a single line. */
export function stepsOf(response: string): string[] {
  const lines = response.trim().split('\n')
  const parts = lines.length > 1 ? lines : response.split(/[;；。]|\.\s+|\.$/u)
  return parts
    .map((step) => step.trim().replace(/^\d+[.、)]\s*/u, ''))
    .filter(Boolean)
}
