/** Paints devices, cases and alarms on the plan. Colour belongs to what is abnormal, with a shape and a letter. */
import type { Priority } from '../api/types'
import type { Cluster } from './clusters'
import type { Colours } from './colours'
import type { View } from './paper'
import type { CaseSpot, Glyph, Thing, Trouble } from './things'

/** On a grid of 24 units, lines of 1.8. */
const GLYPHS: Record<Glyph, Path2D> = {
  door: new Path2D('M7 20V5h10v15M5 20h14M14 12.500v1'),
  gauge: new Path2D('M5.500 17.500a8 8 0 1 1 13 0M12 13.500l3.500-4.500'),
  barrier: new Path2D('M6 20V9h3.500v11M4.500 20h7M9.500 11.500H20'),
  camera: new Path2D('M4 8h10.500v8H4zM14.500 11l5-2.500v7l-5-2.500'),
  chip: new Path2D('M8 8h8v8H8zM10.500 8V5.500M13.500 8V5.500M10.500 18.500V16M13.500 18.500V16M8 10.500H5.500M8 13.500H5.500M18.500 10.500H16M18.500 13.500H16'),
  hub: new Path2D('M5 13.500h14v5H5zM8.500 13.500L12 6l3.500 7.500M8 16h.2M11 16h.2'),
}
const SHAPES: Record<Priority, Path2D> = {
  P0: new Path2D('M12.500 2.500h15L37.500 12.500v15L27.500 37.500h-15L2.500 27.500v-15z'),
  P1: new Path2D('M17.400 4.600a3 3 0 0 1 5.200 0l15 26.400a3 3 0 0 1-2.600 4.500H5A3 3 0 0 1 2.400 31z'),
  P2: new Path2D('M17.900 2.900a3 3 0 0 1 4.200 0l15 15a3 3 0 0 1 0 4.200l-15 15a3 3 0 0 1-4.200 0l-15-15a3 3 0 0 1 0-4.200z'),
  P3: new Path2D('M20 3a17 17 0 1 1 0 34 17 17 0 0 1 0-34z'),
}

type Ctx = CanvasRenderingContext2D

/** size: of a device's sign, px. */
export function paintCluster(ctx: Ctx, cluster: Cluster, colours: Colours, size: number, chosen: boolean): void {
  const { x, y, things } = cluster
  if (chosen) ring(ctx, x, y, size * 0.82, colours['focus']!, 3)
  if (things.length === 1) paintThing(ctx, x, y, things[0]!, colours, size)
  else paintCount(ctx, x, y, things.length, colours, size)
  if (cluster.trouble === 2) paintFlaw(ctx, x + size * 0.42, y - size * 0.42, things.length === 1 && things[0]!.state === 'silent' ? '?' : '!', colours, size)
}

/** Round for what measures, square for what opens, wide for a barrier, pointed for a camera. */
function paintThing(ctx: Ctx, x: number, y: number, thing: Thing, colours: Colours, size: number): void {
  const r = size / 2
  ctx.beginPath()
  if (thing.glyph === 'gauge') ctx.arc(x, y, r, 0, 7)
  else if (thing.glyph === 'barrier') ctx.roundRect(x - r * 1.15, y - r * 0.85, r * 2.3, r * 1.7, r * 0.3)
  else if (thing.glyph === 'camera') pointed(ctx, x, y, r)
  else ctx.roundRect(x - r, y - r, size, size, thing.glyph === 'door' ? r * 0.32 : r * 0.7)
  ctx.fillStyle = colours['raised']!
  ctx.fill()
  ctx.lineWidth = 1.4
  ctx.setLineDash(thing.state === 'ok' || thing.state === 'fault' ? [] : [3, 2.5])
  ctx.strokeStyle = thing.trouble === 2 ? colours['p1-text']! : colours['ink-3']!
  ctx.stroke()
  ctx.setLineDash([])
  ctx.save()
  ctx.translate(x - size * 0.375, y - size * 0.375)
  ctx.scale(size / 32, size / 32)
  ctx.lineWidth = 2
  ctx.lineCap = ctx.lineJoin = 'round'
  ctx.strokeStyle = thing.trouble === 1 ? colours['ink-3']! : colours['ink-2']!
  ctx.stroke(GLYPHS[thing.glyph])
  ctx.restore()
}

function pointed(ctx: Ctx, x: number, y: number, r: number): void {
  ctx.moveTo(x - r, y - r * 0.85)
  ctx.lineTo(x + r * 0.55, y - r * 0.85)
  ctx.lineTo(x + r * 1.2, y)
  ctx.lineTo(x + r * 0.55, y + r * 0.85)
  ctx.lineTo(x - r, y + r * 0.85)
  ctx.closePath()
}

function paintCount(ctx: Ctx, x: number, y: number, count: number, colours: Colours, size: number): void {
  const text = count > 999 ? `${Math.round(count / 100) / 10}k` : String(count)
  const r = size * 0.56
  const half = Math.max(0, (text.length - 2) * size * 0.16)
  ctx.beginPath()
  ctx.roundRect(x - r - half, y - r, 2 * (r + half), 2 * r, r)
  ctx.fillStyle = colours['raised']!
  ctx.fill()
  ctx.lineWidth = 1.4
  ctx.strokeStyle = colours['ink-3']!
  ctx.stroke()
  write(ctx, text, x, y, size * 0.5, colours['ink-2']!, colours)
}

function paintFlaw(ctx: Ctx, x: number, y: number, letter: string, colours: Colours, size: number): void {
  ctx.beginPath()
  ctx.arc(x, y, size * 0.27, 0, 7)
  ctx.fillStyle = colours['p1']!
  ctx.fill()
  write(ctx, letter, x, y, size * 0.4, colours['p1-on']!, colours)
}

export function paintCase(ctx: Ctx, view: View, spot: CaseSpot, colours: Colours, size: number): void {
  const x = spot.spot[0] * view.scale + view.left + size * 0.62
  const y = spot.spot[1] * view.scale + view.top + size * 0.62
  ctx.beginPath()
  ctx.roundRect(x - size * 0.34, y - size * 0.3, size * 0.68, size * 0.6, size * 0.12)
  ctx.fillStyle = colours['press']!
  ctx.fill()
  ctx.lineWidth = 1.5
  ctx.strokeStyle = colours['raised']!
  ctx.stroke()
  write(ctx, String(spot.cases.length), x, y, size * 0.44, colours['on-press']!, colours)
}

/** Filled while somebody has to look; an outline once they did. */
export function paintTrouble(ctx: Ctx, view: View, one: Trouble, colours: Colours, size: number, chosen: boolean): void {
  const x = one.spot[0] * view.scale + view.left
  const y = one.spot[1] * view.scale + view.top
  const priority = one.alerts[0]!.priority
  const tone = priority.toLowerCase()
  if (one.loud) ring(ctx, x, y, size * 0.74, colours[tone]!, 2, 0.55)
  if (chosen) ring(ctx, x, y, size * 0.8, colours['focus']!, 3)
  ctx.save()
  ctx.translate(x - size / 2, y - size / 2)
  ctx.scale(size / 40, size / 40)
  ctx.lineJoin = 'round'
  ctx.fillStyle = one.loud ? colours[tone]! : colours['raised']!
  ctx.fill(SHAPES[priority])
  ctx.lineWidth = one.loud ? 2 : 3
  ctx.strokeStyle = one.loud ? colours['raised']! : colours[`${tone}-text`]!
  ctx.stroke(SHAPES[priority])
  ctx.restore()
  write(ctx, priority, x, y + (priority === 'P1' ? size * 0.13 : 0), size * (priority === 'P1' ? 0.32 : 0.38), one.loud ? colours[`${tone}-on`]! : colours[`${tone}-text`]!, colours)
  if (one.alerts.length > 1) {
    ctx.beginPath()
    ctx.arc(x + size * 0.5, y - size * 0.42, size * 0.27, 0, 7)
    ctx.fillStyle = colours['press']!
    ctx.fill()
    write(ctx, String(Math.min(99, one.alerts.length)), x + size * 0.5, y - size * 0.42, size * 0.3, colours['on-press']!, colours)
  }
}

function ring(ctx: Ctx, x: number, y: number, r: number, colour: string, width: number, alpha = 1): void {
  ctx.globalAlpha = alpha
  ctx.beginPath()
  ctx.arc(x, y, r, 0, 7)
  ctx.lineWidth = width
  ctx.strokeStyle = colour
  ctx.stroke()
  ctx.globalAlpha = 1
}

function write(ctx: Ctx, text: string, x: number, y: number, px: number, ink: string, colours: Colours): void {
  ctx.font = `700 ${px}px ${colours['font']}`
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  ctx.fillStyle = ink
  ctx.fillText(text, x, y + px * 0.06)
}
