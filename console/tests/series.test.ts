import { expect, test } from 'vitest'
import { bounds, extend, type Point } from '../src/charts/series'

test('a reading inside the last bucket widens it; a later one begins a new bucket', () => {
  let points: Point[] = extend([], 0, 0.5, 60_000, 1000)
  points = extend(points, 500, 0.7, 60_000, 1000)
  expect(points).toEqual([[0, 0.5, 0.6, 0.7]])
  points = extend(points, 1000, 0.4, 60_000, 1000)
  expect(points).toHaveLength(2)
})

test('points that left the window are dropped', () => {
  expect(extend([[0, 1, 1, 1]], 61_000, 2, 60_000, 1000)).toEqual([[61_000, 2, 2, 2]])
})

test('a low limit is always in the picture, a far-off high limit is not', () => {
  const [low, high] = bounds([[0, 0.4, 0.45, 0.5]], { low: 0.07, high: 9 })
  expect(low).toBeLessThanOrEqual(0.07)
  expect(high).toBeLessThan(1)
})

test('without points and limits there is still an axis', () => {
  expect(bounds([], { low: null, high: null })).toEqual([0, 1])
})
