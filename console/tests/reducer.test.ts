import { describe, expect, test } from 'vitest'
import type { Alert, ChangeEvent, ModeSwitch } from '../src/api/types'
import type { FromLine } from '../src/live/messages'
import { apply, emptyState, restart, upsertAlert } from '../src/live/reducer'
import { alert, device, snapshot } from './make'

function change(position: number, body: Alert): FromLine {
  return { kind: 'change', event: { type: 'alert', position, id: body.id, at: 0, body } as ChangeEvent }
}
const ping = (position: number): FromLine => ({ kind: 'ping', now: 0, position })

function started(cursor = 10) {
  const state = emptyState()
  restart(state, snapshot({ cursor }))
  return state
}

describe('modes', () => {
  test('come with the snapshot, change with the stream, and their end is kept', () => {
    const mode = { id: 'm', mode: 'flood', ended_at: null, version: 1 } as unknown as ModeSwitch
    const state = emptyState()
    restart(state, snapshot({ modes: [mode] }))
    const over = { type: 'mode', position: 11, id: 'm', at: 0, body: { ...mode, ended_at: 5, version: 2 } }
    apply(state, { kind: 'change', event: over as ChangeEvent })
    expect(state.modes.m?.ended_at).toBe(5)
  })
})

describe('changes', () => {
  test('are applied once, in order, and move the cursor', () => {
    const state = started()
    apply(state, change(12, alert({ version: 2, state: 'acknowledged' })))
    apply(state, change(11, alert({ version: 1 })))
    expect(state.alerts.a?.state).toBe('acknowledged')
    expect(state.cursor).toBe(12)
  })

  test('with an older version than an answer already brought do not undo it', () => {
    const state = started()
    upsertAlert(state, alert({ version: 3, state: 'acknowledged' }))
    apply(state, change(11, alert({ version: 2 })))
    expect(state.alerts.a?.version).toBe(3)
    expect(state.cursor).toBe(11)
  })

  test('that come before the snapshot are kept, and only those behind it are applied', () => {
    const state = emptyState()
    apply(state, change(9, alert({ id: 'known', version: 1 })))
    apply(state, change(11, alert({ id: 'new' })))
    restart(state, snapshot({ cursor: 10, alerts: [alert({ id: 'known', version: 2 })] }))
    expect(state.alerts.known?.version).toBe(2)
    expect(state.alerts.new).toBeDefined()
    expect(state.cursor).toBe(11)
    expect(state.early).toEqual([])
  })
})

describe('a gap', () => {
  test('is asked for again when the position is still missing at the next ping', () => {
    const state = started()
    expect(apply(state, ping(12))).toBe('none')
    expect(apply(state, ping(12))).toBe('resume')
  })

  test('is none when the change arrives between two pings', () => {
    const state = started()
    apply(state, ping(12))
    apply(state, change(12, alert()))
    expect(apply(state, ping(12))).toBe('none')
  })

  test('that stays empty after it was asked for is stepped over, so that it is asked for only once', () => {
    const state = started()
    apply(state, ping(12))
    expect(apply(state, ping(12))).toBe('resume')
    expect(apply(state, ping(12))).toBe('none')
    expect(state.cursor).toBe(12)
    expect(apply(state, ping(12))).toBe('none')
  })

  test('filled after the resume leaves nothing behind', () => {
    const state = started()
    apply(state, ping(12))
    apply(state, ping(12))
    apply(state, change(11, alert()))
    apply(state, change(12, alert({ version: 2 })))
    expect(apply(state, ping(12))).toBe('none')
    expect(state.awaited).toBeNull()
  })
})

test('a reset asks for a snapshot and keeps what is on screen until it comes', () => {
  const state = started()
  apply(state, change(11, alert()))
  expect(apply(state, { kind: 'reset' })).toBe('snapshot')
  expect(state.alerts.a).toBeDefined()
  apply(state, change(99, alert({ id: 'meanwhile' })))
  restart(state, snapshot({ cursor: 50 }))
  expect(Object.keys(state.alerts)).toEqual(['meanwhile'])
})

test('readings update a known device and leave an unknown one alone', () => {
  const state = emptyState()
  restart(state, snapshot({ devices: [device()] }))
  const signals = { pressure: { value: 0.4, at: 5 } }
  apply(state, { kind: 'reading', event: { device: 'd', signals, received_at: 2000 } })
  apply(state, { kind: 'reading', event: { device: 'x', signals, received_at: 2000 } })
  expect(state.devices.d?.readings.pressure?.value).toBe(0.4)
  expect(state.devices.d?.last_seen).toBe(2000)
  expect(state.devices.x).toBeUndefined()
})
