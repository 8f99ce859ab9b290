/** What the cockpit counts in the live store. */
import type { Case, Device, Kind } from '../api/types'
import { chartSignal, unitOf } from '../domain/figures'

export interface Heard {
  kind: string
  ok: number
  all: number
}

/** Devices by kind, those with something amiss first, then the most numerous. */
export function heardByKind(devices: readonly Device[]): Heard[] {
  const kinds = new Map<string, Heard>()
  for (const device of devices) {
    const one = kinds.get(device.kind) ?? { kind: device.kind, ok: 0, all: 0 }
    one.all += 1
    one.ok += Number(device.state === 'ok')
    kinds.set(device.kind, one)
  }
  return [...kinds.values()].sort((a, b) => Number(a.ok === a.all) - Number(b.ok === b.all) || b.all - a.all || a.kind.localeCompare(b.kind))
}

export interface Margin {
  device: Device
  value: number
  low: number
  high: number | null
  unit: string
}

/** Values against their low limit, the least share above it first; only of devices that are heard. */
export function margins(devices: readonly Device[], kinds: Record<string, Kind>): Margin[] {
  const found: Margin[] = []
  for (const device of devices) {
    const kind = kinds[device.kind]
    const signal = chartSignal(kind, device)
    const value = signal ? device.readings[signal]?.value : null
    const limits = signal ? device.limits[signal] : undefined
    if (!signal || typeof value !== 'number' || limits?.low == null || device.state !== 'ok') continue
    found.push({ device, value, low: limits.low, high: limits.high ?? null, unit: unitOf(kind, signal) })
  }
  return found.sort((a, b) => a.value / a.low - b.value / b.low || a.device.id.localeCompare(b.device.id))
}

/** Open cases whose step has a deadline, the soonest first. */
export function byDeadline(cases: readonly Case[]): Case[] {
  return cases.filter((one) => one.closed_at === null && one.due_at !== null).sort((a, b) => a.due_at! - b.due_at! || a.id.localeCompare(b.id))
}
