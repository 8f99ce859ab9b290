import { expect, test } from 'vitest'
import { duePattern } from '../src/sound/patterns'
import { alert } from './make'

const known = (...ids: string[]) => new Set(ids.map((id) => `${id}@1000`))

test('P0 is heard again and again until it is acknowledged', () => {
  expect(duePattern([alert()], known('a'))).toEqual({ priority: 'P0', repeats: true })
  expect(duePattern([alert({ state: 'acknowledged' })], known())).toBeNull()
})

test('P1 and P2 are heard once, the higher one first; P3 never', () => {
  const open = [alert({ id: '2', priority: 'P2' }), alert({ id: '1', priority: 'P1' })]
  expect(duePattern(open, known())).toEqual({ priority: 'P1', repeats: false })
  expect(duePattern(open, known('1'))).toEqual({ priority: 'P2', repeats: false })
  expect(duePattern(open, known('1', '2'))).toBeNull()
  expect(duePattern([alert({ priority: 'P3' })], known())).toBeNull()
})

test('what was found in late data is silent', () => {
  expect(duePattern([alert({ late: true })], known())).toBeNull()
})

test('what is told again is heard again, and what is grouped is not', () => {
  const p1 = { priority: 'P1' } as const
  expect(duePattern([alert({ ...p1, annunciated_at: 61_000 })], known('a'))).toEqual({ priority: 'P1', repeats: false })
  expect(duePattern([alert({ ...p1, annunciation: 'grouped' })], known())).toBeNull()
  expect(duePattern([alert({ ...p1, annunciation: 'group' })], known())).toEqual({ priority: 'P1', repeats: false })
})

test('a P0 that chatters is heard when the hub tells it, not all the time', () => {
  expect(duePattern([alert({ chattering: true })], known('a'))).toBeNull()
  expect(duePattern([alert({ chattering: true, annunciated_at: 61_000 })], known('a'))).toEqual({ priority: 'P0', repeats: false })
})
