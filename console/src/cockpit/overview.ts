/** What the live store does not hold: all open cases counted, today's passages, the week's detections. */
import { onMounted, onUnmounted, ref, watch } from 'vue'
import { get } from '../api/client'
import type { Overview } from '../api/types'
import { useLive } from '../live/store'
import { useAttempt } from '../ui/attempt'

const EVERY_MS = 60_000
/** Changes of a burst are looked at together. */
const SOON_MS = 3_000

export function useOverview() {
  const live = useLive()
  const { error, run } = useAttempt()
  const overview = ref<Overview | null>(null)
  let timer = 0
  let soon = 0

  async function load(): Promise<void> {
    clearTimeout(timer)
    clearTimeout(soon)
    soon = 0
    const site = live.site?.id
    if (site) await run(async () => void (overview.value = await get<Overview>(`/api/sites/${site}/overview`)))
    timer = window.setTimeout(load, EVERY_MS)
  }

  watch(() => live.site?.id, load)
  watch(
    () => [live.openAlerts.length, Object.values(live.state.cases).map((one) => one.state).join()].join('|'),
    () => (soon ||= window.setTimeout(load, SOON_MS)),
  )
  onMounted(load)
  onUnmounted(() => {
    clearTimeout(timer)
    clearTimeout(soon)
  })
  return { overview, error, load }
}
