/** An e-bike or a falling object opens by itself, unless somebody is at work on something else. */
import { watch } from 'vue'
import type { Alert } from '../api/types'
import { useLive } from '../live/store'
import { telling } from '../sound/patterns'
import { idle, opensItself, swapped } from './attention'

export function useSelfOpening(showing: () => Alert | null, open: (alert: Alert) => void): void {
  const live = useLive()
  const known = new Set<string>()

  function look(): void {
    const fresh = live.openAlerts.filter((alert) => opensItself(alert) && !known.has(telling(alert)))
    for (const alert of fresh) known.add(telling(alert))
    const first = fresh[0]
    if (!first || showing()?.id === first.id || !idle()) return
    // What stands there and matters as much is not taken away from whoever reads it.
    const now = showing()
    if (now && opensItself(now) && now.priority <= first.priority) return
    swapped()
    open(first)
  }

  // What was there when the page was opened stands in its place in the list.
  watch(
    () => live.loaded,
    (loaded) => {
      if (loaded) for (const alert of live.openAlerts) known.add(telling(alert))
    },
    { immediate: true },
  )
  watch(() => live.openAlerts.map(telling).join(), look)
}
