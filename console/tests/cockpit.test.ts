import { describe, expect, test } from 'vitest'
import type { Case, Kind } from '../src/api/types'
import { byDeadline, heardByKind, margins } from '../src/cockpit/counts'
import { prune } from '../src/live/prune'
import { emptyState } from '../src/live/reducer'
import { alert, device } from './make'

const water = { id: 'water-pressure', lane: 'telemetry', signals: [{ id: 'pressure', type: 'number', unit: 'MPa' }] } as unknown as Kind

function sensor(id: string, value: number, low: number, state: 'ok' | 'silent' = 'ok') {
  return device({ id, state, readings: { pressure: { value, at: 1 } }, limits: { pressure: { low, high: null } } })
}

describe('the cockpit', () => {
  test('puts a kind with something amiss before larger kinds that are well', () => {
    const devices = [device({ id: 'a' }), device({ id: 'b' }), device({ id: 'c', kind: 'gate', state: 'silent' })]
    expect(heardByKind(devices)).toEqual([{ kind: 'gate', ok: 0, all: 1 }, { kind: 'water-pressure', ok: 2, all: 2 }])
  })

  test('puts the least margin first, by its share of the limit, and leaves out who is not heard', () => {
    const rows = margins([sensor('far', 0.5, 0.1), sensor('near', 0.22, 0.2), sensor('below', 0.05, 0.1), sensor('silent', 0.01, 0.1, 'silent')], { [water.id]: water })
    expect(rows.map((one) => one.device.id)).toEqual(['below', 'near', 'far'])
  })

  test('lists open cases that have a deadline, the soonest first', () => {
    const cases = [{ id: 'b', due_at: 5, closed_at: null }, { id: 'a', due_at: 2, closed_at: null }, { id: 'c', due_at: null, closed_at: null }, { id: 'd', due_at: 1, closed_at: 3 }]
    expect(byDeadline(cases as Case[]).map((one) => one.id)).toEqual(['a', 'b'])
  })
})

describe('what is over', () => {
  test('is let go once it is old and not among the newest hundred; what is open never', () => {
    const state = emptyState()
    for (let n = 0; n < 150; n++) state.alerts[`c${n}`] = alert({ id: `c${n}`, state: 'normal', closed_at: n })
    state.alerts.open = alert({ id: 'open', at: 0 })
    prune(state, 60 * 60_000)
    expect(Object.keys(state.alerts)).toHaveLength(101)
    expect(state.alerts.open).toBeDefined()
    expect(state.alerts.c49).toBeUndefined()
    expect(state.alerts.c50).toBeDefined()
  })

  test('stays for half an hour, however much of it there is', () => {
    const state = emptyState()
    for (let n = 0; n < 150; n++) state.alerts[`c${n}`] = alert({ id: `c${n}`, state: 'normal', closed_at: 1000 + n })
    prune(state, 2000)
    expect(Object.keys(state.alerts)).toHaveLength(150)
  })
})
