/** What an administrator has moved and drawn on the plan, with every step back, until it is saved. */
import { computed, ref, type ComputedRef, type Ref } from 'vue'
import { patch } from '../api/client'
import type { SitePlan } from '../api/types'
import { useAttempt, type Attempt } from '../ui/attempt'
import type { Spot } from './shapes'
import { fetchPlan, putPlan } from './store'

export interface Changes {
  /** null: laid out again. */
  places: Record<string, Spot | null>
  buildings: Record<string, Spot[] | null>
}

/** What the next click means: nothing, where a device stands, or a corner of a building. */
export type Aim = { kind: 'place' | 'outline'; id: string } | null

export interface Editing extends Attempt {
  on: Ref<boolean>
  aim: Ref<Aim>
  corners: Ref<Spot[]>
  changes: ComputedRef<Changes>
  count: ComputedRef<number>
  canUndo: ComputedRef<boolean>
  canRedo: ComputedRef<boolean>
  moved: ComputedRef<Record<string, Spot>>
  begin: (aim: Aim) => void
  put: (spot: Spot) => void
  close: () => void
  giveUp: () => void
  unplace: (id: string) => void
  undo: () => void
  redo: () => void
  discard: () => void
  save: (site: string, plan: SitePlan) => Promise<boolean>
  renew: (site: string) => Promise<void>
}

const CORNERS = 3

export function useEditing(): Editing {
  const attempt = useAttempt()
  const on = ref(false)
  const aim = ref<Aim>(null)
  const corners = ref<Spot[]>([])
  const steps = ref<Changes[]>([{ places: {}, buildings: {} }])
  const at = ref(0)

  const changes = computed(() => steps.value[at.value]!)
  const count = computed(() => Object.keys(changes.value.places).length + Object.keys(changes.value.buildings).length)
  const moved = computed(() => Object.fromEntries(Object.entries(changes.value.places).filter((one): one is [string, Spot] => one[1] !== null)))

  function step(part: Partial<Changes>): void {
    steps.value = [...steps.value.slice(0, at.value + 1), { ...changes.value, ...part }]
    at.value += 1
  }
  function begin(next: Aim): void {
    aim.value = next
    corners.value = []
  }
  function put([x, y]: Spot): void {
    const spot: Spot = [Math.max(0, Math.round(x * 10) / 10), Math.max(0, Math.round(y * 10) / 10)]
    if (aim.value?.kind === 'outline') corners.value = [...corners.value, spot]
    else if (aim.value) {
      step({ places: { ...changes.value.places, [aim.value.id]: spot } })
      aim.value = null
    }
  }
  function close(): void {
    if (aim.value?.kind !== 'outline' || corners.value.length < CORNERS) return
    step({ buildings: { ...changes.value.buildings, [aim.value.id]: corners.value } })
    begin(null)
  }
  /** A corner that is being drawn is taken back first. */
  function undo(): void {
    if (corners.value.length) corners.value = corners.value.slice(0, -1)
    else at.value = Math.max(0, at.value - 1)
  }
  function discard(): void {
    steps.value = [{ places: {}, buildings: {} }]
    at.value = 0
    begin(null)
    attempt.error.value = null
  }
  async function save(site: string, plan: SitePlan): Promise<boolean> {
    const done = await attempt.run(async () => {
      putPlan(site, await patch<SitePlan>(`/api/sites/${site}/plan`, { version: plan.version, ...changes.value }))
    })
    if (done) discard()
    return done
  }
  async function renew(site: string): Promise<void> {
    await fetchPlan(site)
    attempt.error.value = null
  }

  return {
    ...attempt, on, aim, corners, changes, count, moved, begin, put, close, discard, save, renew, undo,
    canUndo: computed(() => at.value > 0 || corners.value.length > 0),
    canRedo: computed(() => at.value < steps.value.length - 1),
    giveUp: () => begin(null),
    unplace: (id) => step({ places: { ...changes.value.places, [id]: null } }),
    redo: () => (at.value = Math.min(steps.value.length - 1, at.value + 1)),
  }
}

/** The plan with what is unsaved drawn in. */
export function withChanges(plan: SitePlan, changes: Changes): SitePlan {
  const drawn = changes.buildings
  if (!Object.keys(drawn).length) return plan
  return { ...plan, buildings: plan.buildings.map((one) => (drawn[one.id] ? { ...one, outline: drawn[one.id]!, drawn: true } : one)) }
}
