import { expect, test } from 'vitest'
import { duePattern, interrupts } from '../src/sound/patterns'
import { alert } from './make'

const known = (...ids: string[]) => new Set(ids.map((id) => `${id}@1000`))

test('P0 is heard again and again until it is acknowledged', () => {
  expect(duePattern([alert()], known('a'))).toEqual({ priority: 'P0', repeats: true, fresh: false })
  expect(duePattern([alert({ state: 'returned-unacknowledged' })], known('a'))).toEqual({ priority: 'P0', repeats: true, fresh: false })
  expect(duePattern([alert({ state: 'acknowledged' })], known())).toBeNull()
})

test('P1 and P2 are heard once, the higher one first; P3 never', () => {
  const open = [alert({ id: '2', priority: 'P2' }), alert({ id: '1', priority: 'P1' })]
  expect(duePattern(open, known())).toEqual({ priority: 'P1', repeats: false, fresh: true })
  expect(duePattern(open, known('1'))).toEqual({ priority: 'P2', repeats: false, fresh: true })
  expect(duePattern(open, known('1', '2'))).toBeNull()
  expect(duePattern([alert({ priority: 'P3' })], known())).toBeNull()
})

test('what was found in late data is silent', () => {
  expect(duePattern([alert({ late: true })], known())).toBeNull()
})

test('what is told again is heard again, and what is grouped is not', () => {
  const p1 = { priority: 'P1' } as const
  expect(duePattern([alert({ ...p1, annunciated_at: 61_000 })], known('a'))).toEqual({ priority: 'P1', repeats: false, fresh: true })
  expect(duePattern([alert({ ...p1, annunciation: 'grouped' })], known())).toBeNull()
  expect(duePattern([alert({ ...p1, annunciation: 'group' })], known())).toEqual({ priority: 'P1', repeats: false, fresh: true })
})

test('a P0 that chatters is heard when the hub tells it, not all the time', () => {
  expect(duePattern([alert({ chattering: true })], known('a'))).toBeNull()
  expect(duePattern([alert({ chattering: true, annunciated_at: 61_000 })], known('a'))).toEqual({ priority: 'P0', repeats: false, fresh: true })
})

test('what is over in seconds but not done with is heard until it is acknowledged', () => {
  const fallen = { priority: 'P1', latching: true, state: 'returned-unacknowledged' } as const
  expect(duePattern([alert(fallen)], known('a'))).toEqual({ priority: 'P1', repeats: true, fresh: false })
  expect(duePattern([alert({ ...fallen, state: 'latched' })], known())).toBeNull()
  expect(duePattern([alert({ ...fallen, latching: false })], known())).toBeNull()
})

test('what is new or worse does not wait for what is repeated', () => {
  const fallen = alert({ priority: 'P1', latching: true })
  const due = (...more: ReturnType<typeof alert>[]) => duePattern([fallen, ...more], known('a'))!
  expect(interrupts(due(), 'P1')).toBe(false)
  expect(interrupts(due(alert({ id: 'p1', priority: 'P1' })), 'P1')).toBe(true)
  expect(interrupts(due(alert({ id: 'p2', priority: 'P2' })), 'P1')).toBe(false)
  expect(interrupts(due(alert({ id: 'p0' })), 'P1')).toBe(true)
  expect(interrupts(due(alert({ id: 'p0' })), 'P0')).toBe(false)
})
