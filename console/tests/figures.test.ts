import { expect, test } from 'vitest'
import { figure, measureOf, standing, stepsOf } from '../src/domain/figures'
import { alert } from './make'

test('a response of several lines is a step a line, its numbers aside', () => {
  expect(stepsOf('1. Phone now: building and pressure.\n2. Go there. Look.\n')).toEqual([
    'Phone now: building and pressure.',
    'Go there. Look.',
  ])
})

test('a response of one line is a step a sentence', () => {
  expect(stepsOf('到现场查看。确认后复位；记录')).toEqual(['到现场查看', '确认后复位', '记录'])
})

test('a detail without figures measures nothing', () => {
  expect(measureOf(alert({ detail: { value: 'x', limit: 1 } }))).toBeNull()
  expect(measureOf(alert({ detail: { value: 0.03, limit: 0.07, unit: 'MPa' } }))).toEqual({ value: 0.03, limit: 0.07, unit: 'MPa' })
})

test.each([
  [0.05, 'low'],
  [0.07, 'inside'],
  [1.3, 'high'],
])('%d stands %s of 0.07 to 1.2', (value, where) => {
  expect(standing(value, { low: 0.07, high: 1.2 })).toBe(where)
})

test.each([
  [0.0312, '0.031'],
  [12.34, '12.3'],
  [1234.5, '1235'],
])('%d is written %s', (value, text) => expect(figure(value)).toBe(text))
