import { describe, expect, it } from 'vitest'
import type { SitePlan } from '../src/api/types'
import { clustersOf } from '../src/plan/clusters'
import { drawingOf, keyOf, shapesOf, useSheet } from '../src/plan/draw/shapes'
import { wayOf } from '../src/plan/path'
import { pathOf, shapeOf, within } from '../src/plan/shapes'
import type { Thing } from '../src/plan/things'

const plan = { size: [100, 50], places: { a: [10, 10], b: [90, 10] } } as unknown as SitePlan
const thing = (id: string, x: number, y: number, trouble: 0 | 1 | 2 = 0): Thing => ({ id, spot: [x, y], glyph: 'chip', state: 'ok', trouble, placed: true })
const view = { scale: 1, left: 0, top: 0, width: 500, height: 500 }

describe('a way on the plan', () => {
  it('numbers places in order of time, and one visit for who stays', () => {
    const way = wayOf(plan, [{ device: 'b', at: 3 }, { device: 'a', at: 1 }, { device: 'a', at: 2 }, { device: 'a', at: 4 }])
    expect(way.stops.map((one) => [one.device, one.numbers])).toEqual([['a', [1, 3]], ['b', [2]]])
    expect(way.legs).toHaveLength(2)
  })
  it('counts what has no place', () => expect(wayOf(plan, [{ device: 'x', at: 1 }])).toEqual({ stops: [], legs: [], lost: 1 }))
})

describe('things on each other', () => {
  it('are one, with the worst trouble of them', () => {
    const found = clustersOf([thing('a', 100, 100), thing('b', 104, 101, 2), thing('c', 300, 300)], view, 30)
    expect(found.map((one) => [one.things.length, one.trouble])).toEqual([[2, 2], [1, 0]])
  })
  it('are left out beyond the edge', () => expect(clustersOf([thing('a', 900, 100)], view, 30)).toEqual([]))
})

describe('shapes', () => {
  it('closes an outline and leaves a line open', () => {
    expect(pathOf([[0, 0], [4, 0], [4, 4]], true)).toBe('M0 0L4 0L4 4Z')
    expect(pathOf([[0, 0], [4, 0]], false)).toBe('M0 0L4 0')
  })
  it('draws the lines between parking places', () => {
    const area = { kind: 'parking', outline: [[0, 0], [9, 0], [9, 3], [0, 3]], stalls: 3, line: null, spots: null, width: 5, smooth: false, name: null }
    expect(shapeOf(area as never).marks).toBe('M3 0v3M6 0v3')
  })
  it('knows what lies inside', () => expect([within([[0, 0], [4, 0], [4, 4], [0, 4]], [2, 2]), within([[0, 0], [4, 0], [4, 4]], [1, 3])]).toEqual([true, false]))
})

describe('a sheet', () => {
  const empty = { masks: [], floors: [], columns: [], polygon: null, privacy: null, cabin: null }
  it('says what it was told', () => {
    const drawing = { ...empty, masks: [[[0, 0], [1, 0], [1, 1]]] as [number, number][][], floors: [{ number: 2, a: [0, 1] as [number, number], b: [1, 1] as [number, number] }] }
    const shapes = shapesOf(drawing)
    expect(drawingOf(shapes, empty)).toEqual(drawing)
    expect(shapes.map((one) => keyOf(shapes, one))).toEqual(['masks[0]', 'floors[0]'])
  })
  it('takes back corner by corner, then shape by shape, and does it again', () => {
    const sheet = useSheet()
    sheet.begin('masks')
    for (const spot of [[0, 0], [1, 0], [1, 1], [0, 1]] as [number, number][]) sheet.add(spot)
    sheet.undo()
    sheet.close()
    expect(sheet.shapes.value[0]?.points).toHaveLength(3)
    sheet.undo()
    expect([sheet.shapes.value.length, sheet.dirty.value]).toEqual([0, false])
    sheet.redo()
    expect(sheet.shapes.value).toHaveLength(1)
  })
})
