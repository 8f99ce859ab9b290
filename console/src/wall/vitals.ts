/** The few figures that tell a calm estate from one that nobody hears. */
import type { Kind } from '../api/types'
import { chartSignal, figure, unitOf } from '../domain/figures'
import type { LiveState } from '../live/reducer'

export interface Vitals {
  devices: number
  online: number
  cases: number
  /** The smallest distance of any value to its low limit. */
  margin: { value: string; unit: string } | null
}

export function vitals(state: LiveState, kinds: Record<string, Kind>): Vitals {
  const devices = Object.values(state.devices)
  let margin: { value: number; unit: string } | null = null
  for (const device of devices) {
    const kind = kinds[device.kind]
    const signal = chartSignal(kind, device)
    const low = signal ? device.limits[signal]?.low : null
    const value = signal ? device.readings[signal]?.value : null
    if (low == null || typeof value !== 'number' || device.state !== 'ok' || value < low || !signal) continue
    if (!margin || value - low < margin.value) margin = { value: value - low, unit: unitOf(kind, signal) }
  }
  return {
    devices: devices.length,
    online: devices.filter((device) => device.state === 'ok').length,
    cases: Object.values(state.cases).filter((one) => one.closed_at === null).length,
    margin: margin && { value: figure(Math.max(0, margin.value)), unit: margin.unit },
  }
}
