/** Values as the hub sends them, for tests. */
import type { Alert, Device, Snapshot } from '../src/api/types'

const text = (en: string) => ({ zh: en, en })

export function alert(given: Partial<Alert> = {}): Alert {
  return {
    id: 'a', site: 's', device: 'd', device_name: text('device'), place: null, condition: 'pressure-low',
    condition_name: text('low'), priority: 'P0', state: 'unacknowledged', state_name: text('Unacknowledged'),
    at: 1000, received_at: 1000, acknowledged_at: null, acknowledged_by: null, returned_at: null, closed_at: null,
    late: false, respond_s: 60, owner: null, latching: false, desk: 'control-room', annunciation: 'alone', annunciated_at: 1000,
    chattering: false, repeats: 0, parent: null, children: 0, held_until: null, escalation: 0, occurrence: 1, detail: {}, response: text('go'), case: null, version: 1, actions: [], ...given,
  }
}

export function device(given: Partial<Device> = {}): Device {
  return {
    id: 'd', site: 's', agent: 'g', kind: 'water-pressure', name: text('device'), place: null, building: null, floor: null,
    state: 'ok', last_seen: 1000, skew_ms: null, fault: null, readings: {}, limits: {}, actions: [], alerts: 0, ...given,
  }
}

export function snapshot(given: Partial<Snapshot> = {}): Snapshot {
  return { cursor: 10, now: 1000, alerts: [], cases: [], devices: [], agents: [], modes: [], rounds: [], simulated: false, counters: {} as Snapshot['counters'], ...given }
}
