/** What the plan shows of the site as it is now: rebuilt a few times a second at most, however fast things change. */
import { onBeforeUnmount, shallowRef, toRaw, watch, type Ref, type ShallowRef } from 'vue'
import type { SitePlan } from '../api/types'
import { useLive } from '../live/store'
import { middleOf, type Spot } from './shapes'
import { caseSpots, thingsOf, troublesOf, type CaseSpot, type Thing, type Trouble } from './things'

const REST_MS = 250

export interface Scene {
  things: Thing[]
  troubles: Trouble[]
  cases: CaseSpot[]
}

/** moved: places that somebody has changed and not saved yet. */
export function useScene(plan: Ref<SitePlan | null>, moved: Ref<Record<string, Spot>>): ShallowRef<Scene> {
  const live = useLive()
  const scene = shallowRef<Scene>({ things: [], troubles: [], cases: [] })
  let timer: number | undefined
  let builtAt = 0

  function build(): void {
    timer = undefined
    builtAt = performance.now()
    const known = plan.value
    if (!known) return
    const raw = toRaw(live.state)
    const here = Object.keys(moved.value).length ? { ...known, places: { ...known.places, ...moved.value } } : known
    const middles = new Map(known.buildings.map((one) => [one.id, middleOf(one.outline)]))
    const spotOf = (id: string): Spot | null => here.places[id] ?? middles.get(id) ?? null
    const agents = Object.values(raw.agents).map((one) => ({ id: one.id, state: one.state }))
    scene.value = {
      things: thingsOf(here, Object.values(raw.devices), agents, toRaw(live.kinds)),
      troubles: troublesOf(live.openAlerts, spotOf),
      cases: caseSpots(Object.values(raw.cases), spotOf),
    }
  }

  /** The first change is shown at once, those that follow it together. */
  function soon(): void {
    timer ??= window.setTimeout(build, Math.max(0, REST_MS - (performance.now() - builtAt)))
  }

  watch([() => live.state.cursor, () => live.openAlerts, plan, moved, () => live.kinds], soon, { immediate: true })
  onBeforeUnmount(() => clearTimeout(timer))
  return scene
}
