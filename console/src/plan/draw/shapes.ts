/** What is drawn over a camera's picture, as a list of shapes with every step back. Shares of the picture. */
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { Drawing } from '../../api/types'
import type { Spot } from '../shapes'

export type ShapeKind = 'polygon' | 'masks' | 'floors' | 'columns' | 'privacy' | 'cabin'

export interface Shape {
  kind: ShapeKind
  points: Spot[]
  /** Of a line: the floor or the column. */
  number: number
}

export const TOOLS: Record<'facade' | 'cabin', ShapeKind[]> = {
  facade: ['polygon', 'floors', 'masks', 'columns', 'privacy'],
  cabin: ['cabin', 'privacy'],
}
export const isLine = (kind: ShapeKind) => kind === 'floors' || kind === 'columns'
/** There is one at most. */
export const isSingle = (kind: ShapeKind) => kind === 'polygon' || kind === 'cabin'

export function shapesOf(drawing: Drawing): Shape[] {
  const region = (kind: ShapeKind) => (points: Spot[]): Shape => ({ kind, points, number: 0 })
  const stroke = (kind: ShapeKind) => (one: { number: number; a: Spot; b: Spot }): Shape => ({ kind, points: [one.a, one.b], number: one.number })
  return [
    ...(drawing.polygon ? [region('polygon')(drawing.polygon)] : []),
    ...(drawing.cabin ? [region('cabin')(drawing.cabin)] : []),
    ...drawing.masks.map(region('masks')),
    ...drawing.floors.map(stroke('floors')),
    ...drawing.columns.map(stroke('columns')),
    ...(drawing.privacy ?? []).map(region('privacy')),
  ]
}

/** privacy: stays unsaid until somebody draws one or clears what was there. */
export function drawingOf(shapes: readonly Shape[], before: Drawing): Drawing {
  const of = (kind: ShapeKind) => shapes.filter((one) => one.kind === kind)
  const strokes = (kind: ShapeKind) => of(kind).map((one) => ({ number: one.number, a: one.points[0]!, b: one.points[1]! }))
  const privacy = of('privacy').map((one) => one.points)
  return {
    polygon: of('polygon')[0]?.points ?? null,
    cabin: of('cabin')[0]?.points ?? null,
    masks: of('masks').map((one) => one.points),
    floors: strokes('floors'),
    columns: strokes('columns'),
    privacy: privacy.length || before.privacy ? privacy : null,
  }
}

/** The name that the hub's faults give a shape: `masks[1]`. */
export function keyOf(shapes: readonly Shape[], shape: Shape): string {
  if (isSingle(shape.kind)) return shape.kind
  return `${shape.kind}[${shapes.filter((one) => one.kind === shape.kind).indexOf(shape)}]`
}

export interface Sheet {
  shapes: ShallowRef<Shape[]>
  /** What is being drawn: its corners so far. */
  draft: Ref<Shape | null>
  chosen: Ref<number | null>
  canUndo: ComputedRef<boolean>
  canRedo: ComputedRef<boolean>
  dirty: ComputedRef<boolean>
  load: (shapes: Shape[]) => void
  put: (shapes: Shape[]) => void
  begin: (kind: ShapeKind) => void
  add: (spot: Spot) => void
  close: () => void
  remove: (index: number) => void
  undo: () => void
  redo: () => void
}

const CORNERS = 3

export function useSheet(): Sheet {
  const steps = shallowRef<Shape[][]>([[]])
  const at = ref(0)
  const from = ref(0)
  const shapes = shallowRef<Shape[]>([])
  const draft = ref<Shape | null>(null)
  const chosen = ref<number | null>(null)

  function go(to: number): void {
    at.value = Math.min(steps.value.length - 1, Math.max(0, to))
    shapes.value = steps.value[at.value]!
    chosen.value = null
  }
  function put(next: Shape[]): void {
    steps.value = [...steps.value.slice(0, at.value + 1), next]
    at.value += 1
    shapes.value = next
  }
  function keep(shape: Shape): void {
    const rest = isSingle(shape.kind) ? shapes.value.filter((one) => one.kind !== shape.kind) : shapes.value
    put([...rest, shape])
    chosen.value = rest.length
    draft.value = null
  }
  function begin(kind: ShapeKind): void {
    const known = shapes.value.filter((one) => one.kind === kind).map((one) => one.number)
    draft.value = { kind, points: [], number: known.length ? Math.max(...known) + 4 : 2 }
    chosen.value = null
  }
  function add([x, y]: Spot): void {
    if (!draft.value) return
    draft.value = { ...draft.value, points: [...draft.value.points, tidy([x, y])] }
    if (isLine(draft.value.kind) && draft.value.points.length === 2) keep(draft.value)
  }
  function close(): void {
    if (draft.value && draft.value.points.length >= CORNERS) keep(draft.value)
  }
  function undo(): void {
    if (draft.value?.points.length) draft.value = { ...draft.value, points: draft.value.points.slice(0, -1) }
    else if (draft.value) draft.value = null
    else go(at.value - 1)
  }

  return {
    shapes, draft, chosen, put, begin, add, close, undo,
    load: (next) => {
      steps.value = [next]
      from.value = 0
      go(0)
    },
    canUndo: computed(() => at.value > 0 || draft.value !== null),
    canRedo: computed(() => at.value < steps.value.length - 1),
    dirty: computed(() => at.value !== from.value),
    remove: (index) => {
      put(shapes.value.filter((_, n) => n !== index))
      chosen.value = null
    },
    redo: () => go(at.value + 1),
  }
}

/** Within the picture, in ten-thousandths of it. */
export function tidy([x, y]: Spot): Spot {
  const share = (n: number) => Math.round(Math.min(1, Math.max(0, n)) * 10_000) / 10_000
  return [share(x), share(y)]
}
