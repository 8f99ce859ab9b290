/** The plans that this page has asked for, by site: fetched once, put in place by a change. */
import { reactive } from 'vue'
import { ApiError, get } from '../api/client'
import type { SitePlan } from '../api/types'

interface Held {
  plan: SitePlan | null
  error: ApiError | null
  busy: boolean
}

const held = reactive<Record<string, Held>>({})

/** The plan of a site; asked for when it is not here yet. */
export function planOf(site: string): Held {
  if (!held[site]) {
    held[site] = { plan: null, error: null, busy: false }
    void fetchPlan(site)
  }
  return held[site]!
}

export async function fetchPlan(site: string): Promise<void> {
  const one = (held[site] ??= { plan: null, error: null, busy: false })
  one.busy = true
  try {
    one.plan = await get<SitePlan>(`/api/sites/${site}/plan`)
    one.error = null
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    one.error = error
  } finally {
    one.busy = false
  }
}

export function putPlan(site: string, plan: SitePlan): void {
  held[site] = { plan, error: null, busy: false }
}
