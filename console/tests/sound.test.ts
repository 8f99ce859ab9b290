import { expect, test } from 'vitest'
import { duePattern } from '../src/sound/patterns'
import { alert } from './make'

const known = (...ids: string[]) => new Set(ids)

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
