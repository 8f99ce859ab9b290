import { describe, expect, test } from 'vitest'
import { ageOf, clockOf } from '../src/domain/age'

describe('ageOf', () => {
  test.each([
    [-5000, { unit: 'now', n: 0, rest: 0 }],
    [999, { unit: 'now', n: 0, rest: 0 }],
    [1000, { unit: 'seconds', n: 1, rest: 0 }],
    [59_999, { unit: 'seconds', n: 59, rest: 0 }],
    [74_000, { unit: 'minutes', n: 1, rest: 14 }],
    [3_599_000, { unit: 'minutes', n: 59, rest: 59 }],
    [3_900_000, { unit: 'hours', n: 1, rest: 5 }],
    [90_000_000, { unit: 'days', n: 1, rest: 1 }],
  ])('%i ms', (ms, expected) => expect(ageOf(ms)).toEqual(expected))
})

describe('clockOf', () => {
  test.each([
    [-1, '0:00'],
    [9_000, '0:09'],
    [600_000, '10:00'],
    [3_661_000, '1:01:01'],
  ])('%i ms', (ms, expected) => expect(clockOf(ms)).toBe(expected))
})
