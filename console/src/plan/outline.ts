/** Paints an outline that is being drawn on the plan. */
import type { Colours } from './colours'
import type { View } from './paper'
import type { Spot } from './shapes'

export function paintOutline(ctx: CanvasRenderingContext2D, view: View, outline: readonly Spot[], colours: Colours): void {
  const points = outline.map(([x, y]) => [x * view.scale + view.left, y * view.scale + view.top] as const)
  ctx.beginPath()
  points.forEach(([x, y], n) => (n ? ctx.lineTo(x, y) : ctx.moveTo(x, y)))
  if (points.length > 2) {
    ctx.closePath()
    ctx.globalAlpha = 0.18
    ctx.fillStyle = colours['focus']!
    ctx.fill()
    ctx.globalAlpha = 1
  }
  ctx.lineWidth = 2
  ctx.strokeStyle = colours['focus']!
  ctx.stroke()
  for (const [x, y] of points) {
    ctx.beginPath()
    ctx.arc(x, y, 5, 0, 7)
    ctx.fillStyle = colours['raised']!
    ctx.fill()
    ctx.stroke()
  }
}
