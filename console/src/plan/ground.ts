/** Paints the ground of a plan on a canvas: as `PlanGround` does in SVG. */
import type { SitePlan } from '../api/types'
import type { Colours } from './colours'
import type { View } from './paper'
import { boxOf, middleOf, pathOf, shapeOf, type Spot } from './shapes'

interface Part {
  kind: string
  path: Path2D
  stroke: number | null
  marks: Path2D | null
}

export interface GroundPaths {
  size: Spot
  parts: Part[]
  buildings: { id: string; path: Path2D; middle: Spot; top: number; wide: number }[]
  labels: { text: { zh: string; en: string }; spot: Spot; wide: number; kind: string }[]
}

/** What is painted, made once for each plan. */
export function groundOf(plan: SitePlan): GroundPaths {
  return {
    size: plan.size,
    parts: plan.areas.map((area) => {
      const shape = shapeOf(area)
      return { kind: shape.kind, path: new Path2D(shape.d), stroke: shape.stroke, marks: shape.marks ? new Path2D(shape.marks) : null }
    }),
    buildings: plan.buildings.map((one) => ({
      id: one.id, path: new Path2D(pathOf(one.outline, true)), middle: middleOf(one.outline), top: boxOf(one.outline).y, wide: boxOf(one.outline).width,
    })),
    labels: plan.areas.flatMap((area) => {
      const points = area.outline ?? area.line ?? []
      return area.name ? [{ text: area.name, spot: middleOf(points), wide: boxOf(points).width, kind: area.kind }] : []
    }),
  }
}

export interface GroundLook {
  colours: Colours
  picture: HTMLImageElement | null
  trees: boolean
  names: boolean
  rem: number
  /** What a building is called, and the colour of its worst alarm. */
  nameOf: (building: string) => string
  alarmOf: (building: string) => string | null
  say: (text: { zh: string; en: string }) => string
  chosen: string | null
}

export function paintGround(ctx: CanvasRenderingContext2D, view: View, ground: GroundPaths, look: GroundLook): void {
  const { colours } = look
  ctx.save()
  ctx.translate(view.left, view.top)
  ctx.scale(view.scale, view.scale)
  ctx.beginPath()
  ctx.roundRect(0, 0, ground.size[0], ground.size[1], Math.min(...ground.size) / 60)
  ctx.fillStyle = colours['plan-around']!
  ctx.fill()
  ctx.clip()
  if (look.picture?.complete && look.picture.naturalWidth) ctx.drawImage(look.picture, 0, 0, ground.size[0], ground.size[1])
  ctx.lineJoin = 'round'
  for (const part of ground.parts) {
    if (part.kind === 'trees' && !look.trees) continue
    paintPart(ctx, view, part, colours)
  }
  for (const one of ground.buildings) paintBuilding(ctx, view, one, look)
  ctx.restore()
  if (look.names) paintNames(ctx, view, ground, look)
}

function paintPart(ctx: CanvasRenderingContext2D, view: View, part: Part, colours: Colours): void {
  const colour = colours[`plan-${part.kind === 'trees' ? 'tree' : part.kind}`] ?? colours['plan-plot']!
  if (part.stroke !== null) {
    ctx.strokeStyle = colour
    ctx.lineWidth = Math.max(part.stroke, 1 / view.scale)
    ctx.stroke(part.path)
  } else {
    ctx.fillStyle = colour
    ctx.fill(part.path)
  }
  if (part.kind === 'house' || part.kind === 'trees' || part.kind === 'water') {
    ctx.strokeStyle = part.kind === 'house' ? colours['plan-edge']! : colours['plan-shade']!
    ctx.lineWidth = 1 / view.scale
    ctx.stroke(part.path)
  }
  if (part.marks) {
    ctx.strokeStyle = colours['plan-plot']!
    ctx.lineWidth = Math.max(0.3, 1 / view.scale)
    ctx.stroke(part.marks)
  }
}

function paintBuilding(ctx: CanvasRenderingContext2D, view: View, one: GroundPaths['buildings'][number], look: GroundLook): void {
  const { colours } = look
  const px = 1 / view.scale
  ctx.save()
  ctx.translate(Math.max(1.2, 3 * px), Math.max(1.6, 4 * px))
  ctx.fillStyle = colours['plan-shade']!
  ctx.fill(one.path)
  ctx.restore()
  ctx.fillStyle = colours['plan-building']!
  ctx.fill(one.path)
  const alarm = look.alarmOf(one.id)
  ctx.strokeStyle = look.chosen === one.id ? colours['ink']! : (alarm ?? colours['plan-edge']!)
  ctx.lineWidth = (look.chosen === one.id || alarm ? 2.5 : 1.2) * px
  ctx.stroke(one.path)
}

function paintNames(ctx: CanvasRenderingContext2D, view: View, ground: GroundPaths, look: GroundLook): void {
  const { colours, rem } = look
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  ctx.lineJoin = 'round'
  const write = (text: string, [x, y]: Spot, size: number, weight: number, ink: string, halo: string) => {
    ctx.font = `${weight} ${size}px ${colours['font']}`
    ctx.lineWidth = size / 4
    ctx.strokeStyle = halo
    ctx.fillStyle = ink
    const [px, py] = [x * view.scale + view.left, y * view.scale + view.top]
    ctx.strokeText(text, px, py)
    ctx.fillText(text, px, py)
  }
  for (const label of ground.labels) {
    const size = 0.72 * rem
    const text = look.say(label.text)
    ctx.font = `500 ${size}px ${colours['font']}`
    if (label.wide * view.scale < ctx.measureText(text).width) continue
    write(text, label.spot, size, 500, colours['ink-3']!, colours[`plan-${label.kind}`] ?? colours['plan-plot']!)
  }
  paintPlates(ctx, view, ground, look)
}

/** A building's name stands on a plate over its upper edge, where no device lies under it. */
function paintPlates(ctx: CanvasRenderingContext2D, view: View, ground: GroundPaths, look: GroundLook): void {
  const { colours, rem } = look
  for (const one of ground.buildings) {
    if (one.wide * view.scale < 2.6 * rem) continue
    const size = Math.min(1, Math.max(0.78, (one.wide * view.scale) / rem / 9)) * rem
    const [x, y] = [one.middle[0] * view.scale + view.left, one.top * view.scale + view.top - size * 0.5]
    const text = look.nameOf(one.id)
    ctx.font = `650 ${size}px ${colours['font']}`
    const half = ctx.measureText(text).width / 2 + size * 0.6
    ctx.beginPath()
    ctx.roundRect(x - half, y - size * 0.85, 2 * half, size * 1.7, size * 0.4)
    ctx.fillStyle = colours['raised']!
    ctx.fill()
    ctx.lineWidth = 1
    ctx.strokeStyle = colours['plan-edge']!
    ctx.stroke()
    ctx.fillStyle = colours['ink']!
    ctx.fillText(text, x, y + size * 0.06)
  }
}
