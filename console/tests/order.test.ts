import { expect, test } from 'vitest'
import { compareAlerts, isGrouped, isLoud } from '../src/domain/order'
import { alert } from './make'

test('what goes on comes before what is over, unless it is a P0 that nobody has seen; then priority, state, age', () => {
  const list = [
    alert({ id: 'p1-new', priority: 'P1', at: 9 }),
    alert({ id: 'p0-acknowledged', state: 'acknowledged', at: 5 }),
    alert({ id: 'p0-late', late: true, at: 8 }),
    alert({ id: 'p0-old', at: 1 }),
    alert({ id: 'p0-returned', state: 'returned-unacknowledged', at: 7 }),
    alert({ id: 'p1-returned', priority: 'P1', state: 'returned-unacknowledged', at: 10 }),
    alert({ id: 'p0-new', at: 6 }),
  ]
  const order = list.sort(compareAlerts).map((one) => one.id)
  expect(order).toEqual(['p0-new', 'p0-old', 'p0-returned', 'p0-acknowledged', 'p1-new', 'p0-late', 'p1-returned'])
})

test('only an unacknowledged alarm that is not late is loud', () => {
  expect(isLoud(alert())).toBe(true)
  expect(isLoud(alert({ late: true }))).toBe(false)
  expect(isLoud(alert({ state: 'acknowledged' }))).toBe(false)
  expect(isLoud(alert({ priority: 'P1', state: 'returned-unacknowledged' }))).toBe(false)
})

test('a P0 stays loud when it is over, until somebody acknowledges it', () => {
  const over = alert({ state: 'returned-unacknowledged' })
  expect(isLoud(over)).toBe(true)
  expect(isLoud({ ...over, late: true })).toBe(false)
  expect(isLoud({ ...over, state: 'normal' })).toBe(false)
})

test('what is over in seconds but not done with stays loud, and up, until somebody acknowledges it', () => {
  const fallen = alert({ id: 'fallen', priority: 'P1', latching: true, state: 'returned-unacknowledged' })
  expect(isLoud(fallen)).toBe(true)
  expect(isLoud({ ...fallen, late: true })).toBe(false)
  expect(isLoud({ ...fallen, state: 'latched' })).toBe(false)
  const list = [alert({ id: 'p2', priority: 'P2' }), alert({ id: 'p1-over', priority: 'P1', state: 'returned-unacknowledged' }), fallen]
  expect(list.sort(compareAlerts).map((one) => one.id)).toEqual(['fallen', 'p2', 'p1-over'])
})

test('in a flood nothing urgent is folded away, nor what sounds; what is comes last', () => {
  const grouped = { annunciation: 'grouped' } as const
  const list = [
    alert({ id: 'p2-grouped', priority: 'P2', ...grouped }),
    alert({ id: 'p1-grouped', priority: 'P1', ...grouped }),
    alert({ id: 'p2-sounded', priority: 'P2', annunciation: 'group' }),
    alert({ id: 'p2-seen', priority: 'P2', state: 'acknowledged', ...grouped }),
    alert({ id: 'p1-over', priority: 'P1', state: 'returned-unacknowledged' }),
  ]
  expect(list.filter(isGrouped).map((one) => one.id)).toEqual(['p2-grouped'])
  const order = list.sort(compareAlerts).map((one) => one.id)
  expect(order).toEqual(['p1-grouped', 'p2-sounded', 'p2-seen', 'p1-over', 'p2-grouped'])
})
