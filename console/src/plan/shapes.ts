/** The plan's geometry as path data: the same for SVG and for a canvas. Metres, y downward. */
import type { PlanArea } from '../api/types'

export type Spot = [number, number]
export type Box = { x: number; y: number; width: number; height: number }

/** What is drawn of an area. stroke: width in metres where it is a line. marks: lines on it. */
export interface Shape {
  kind: PlanArea['kind']
  d: string
  stroke: number | null
  marks: string
}

export function shapeOf(area: PlanArea): Shape {
  if (area.spots) return { kind: area.kind, d: area.spots.map((spot) => circle(spot, area.width / 2)).join(''), stroke: null, marks: '' }
  if (area.line) return { kind: area.kind, d: pathOf(area.line, false, area.smooth), stroke: area.width, marks: '' }
  const outline = area.outline ?? []
  return { kind: area.kind, d: pathOf(outline, true, area.smooth), stroke: null, marks: area.stalls ? stalls(outline, area.stalls) : '' }
}

/** Path data through these points; `smooth` rounds it as a Catmull-Rom spline does. */
export function pathOf(points: readonly Spot[], closed: boolean, smooth = false): string {
  if (points.length === 0) return ''
  const [first, ...rest] = points
  const start = `M${at(first!)}`
  const end = closed ? 'Z' : ''
  if (!smooth || points.length < 3) return start + rest.map((one) => `L${at(one)}`).join('') + end
  const n = points.length
  const point = (i: number): Spot => (closed ? points[(i + n) % n]! : points[Math.min(n - 1, Math.max(0, i))]!)
  let d = start
  for (let i = 0; i < (closed ? n : n - 1); i++) {
    const [a, b, c, e] = [point(i - 1), point(i), point(i + 1), point(i + 2)]
    d += `C${at([b[0] + (c[0] - a[0]) / 6, b[1] + (c[1] - a[1]) / 6])} ${at([c[0] - (e[0] - b[0]) / 6, c[1] - (e[1] - b[1]) / 6])} ${at(c)}`
  }
  return d + end
}

export function boxOf(points: readonly Spot[]): Box {
  const xs = points.map((one) => one[0])
  const ys = points.map((one) => one[1])
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y }
}

export function middleOf(points: readonly Spot[]): Spot {
  const box = boxOf(points)
  return [box.x + box.width / 2, box.y + box.height / 2]
}

/** Whether a place lies in a polygon. */
export function within(outline: readonly Spot[], [x, y]: Spot): boolean {
  let inside = false
  outline.forEach(([ax, ay], i) => {
    const [bx, by] = outline[(i + 1) % outline.length]!
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
  })
  return inside
}

function circle([x, y]: Spot, r: number): string {
  return `M${at([x - r, y])}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`
}

/** Lines between parking places, across the longer side. */
function stalls(outline: readonly Spot[], count: number): string {
  const { x, y, width, height } = boxOf(outline)
  let d = ''
  for (let i = 1; i < count; i++) {
    d += width >= height ? `M${at([x + (width * i) / count, y])}v${height}` : `M${at([x, y + (height * i) / count])}h${width}`
  }
  return d
}

function at([x, y]: Spot): string {
  return `${round(x)} ${round(y)}`
}

function round(n: number): number {
  return Math.round(n * 100) / 100
}
