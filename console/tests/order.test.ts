import { expect, test } from 'vitest'
import { compareAlerts, isLoud } from '../src/domain/order'
import { alert } from './make'

test('what goes on comes before what is over; then priority, state, age', () => {
  const list = [
    alert({ id: 'p1-new', priority: 'P1', at: 9 }),
    alert({ id: 'p0-acknowledged', state: 'acknowledged', at: 5 }),
    alert({ id: 'p0-late', late: true, at: 8 }),
    alert({ id: 'p0-old', at: 1 }),
    alert({ id: 'p0-returned', state: 'returned-unacknowledged', at: 7 }),
    alert({ id: 'p0-new', at: 6 }),
  ]
  const order = list.sort(compareAlerts).map((one) => one.id)
  expect(order).toEqual(['p0-new', 'p0-old', 'p0-acknowledged', 'p1-new', 'p0-returned', 'p0-late'])
})

test('only an unacknowledged alarm that is not late is loud', () => {
  expect(isLoud(alert())).toBe(true)
  expect(isLoud(alert({ late: true }))).toBe(false)
  expect(isLoud(alert({ state: 'acknowledged' }))).toBe(false)
  expect(isLoud(alert({ state: 'returned-unacknowledged' }))).toBe(false)
})

test('what is over in seconds but not done with stays loud, and up, until somebody acknowledges it', () => {
  const fallen = alert({ id: 'fallen', priority: 'P1', latching: true, state: 'returned-unacknowledged' })
  expect(isLoud(fallen)).toBe(true)
  expect(isLoud({ ...fallen, late: true })).toBe(false)
  expect(isLoud({ ...fallen, state: 'latched' })).toBe(false)
  const list = [alert({ id: 'p2', priority: 'P2' }), alert({ id: 'p0-over', state: 'returned-unacknowledged' }), fallen]
  expect(list.sort(compareAlerts).map((one) => one.id)).toEqual(['fallen', 'p2', 'p0-over'])
})
