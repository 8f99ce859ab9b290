/** Things that would lie on each other are drawn as one with their number. Pure. */
import type { View } from './paper'
import type { Thing } from './things'

/** x, y: on the canvas, px. */
export interface Cluster {
  x: number
  y: number
  things: Thing[]
  trouble: 0 | 1 | 2
}

/** What is to be drawn of `things` in this view; `cell`: how near is too near, px. */
export function clustersOf(things: readonly Thing[], view: View, cell: number): Cluster[] {
  const cells = new Map<number, Cluster>()
  const wide = Math.ceil(view.width / cell) + 4
  for (const thing of things) {
    const x = thing.spot[0] * view.scale + view.left
    const y = thing.spot[1] * view.scale + view.top
    if (x < -cell || y < -cell || x > view.width + cell || y > view.height + cell) continue
    // Cells are fixed to the ground, so that dragging the plan does not regroup them.
    const column = Math.floor((thing.spot[0] * view.scale) / cell)
    const row = Math.floor((thing.spot[1] * view.scale) / cell)
    const key = row * (wide + 100_000) + column
    const known = cells.get(key)
    if (!known) cells.set(key, { x, y, things: [thing], trouble: thing.trouble })
    else {
      const n = known.things.push(thing)
      known.x += (x - known.x) / n
      known.y += (y - known.y) / n
      if (thing.trouble > known.trouble) known.trouble = thing.trouble
    }
  }
  return merged([...cells.values()], cell * 0.72)
}

/** Two neighbours on either side of a cell's border may still touch. */
function merged(clusters: Cluster[], near: number): Cluster[] {
  clusters.sort((a, b) => a.x - b.x)
  const kept: Cluster[] = []
  for (const one of clusters) {
    let into: Cluster | null = null
    for (let i = kept.length - 1; i >= 0 && one.x - kept[i]!.x < near * 2; i--) {
      const other = kept[i]!
      if (Math.abs(one.x - other.x) < near && Math.abs(one.y - other.y) < near) {
        into = other
        break
      }
    }
    if (!into) {
      kept.push(one)
      continue
    }
    const [a, b] = [into.things.length, one.things.length]
    into.y = (into.y * a + one.y * b) / (a + b)
    into.things = into.things.concat(one.things)
    if (one.trouble > into.trouble) into.trouble = one.trouble
  }
  return kept
}
