/** The list of cases as it is asked for, with its counts; both follow what the stream tells. */
import { computed, onUnmounted, ref, watch, type Ref } from 'vue'
import { get } from '../api/client'
import type { Case, CaseFacets, Page } from '../api/types'
import { useLive } from '../live/store'
import { useSession } from '../session'
import { useAttempt, type Attempt } from '../ui/attempt'
import type { Asked } from './asking'

const LIMIT = 50
/** Changes come in bursts; list and counts are asked for anew once in so long at most. */
const CALM_MS = 2500

export interface Queue extends Omit<Attempt, 'run'> {
  items: Ref<Case[]>
  next: Ref<string | null>
  counts: Ref<CaseFacets | null>
  load: (more?: boolean) => Promise<void>
}

export function useQueue(asked: Ref<Asked>): Queue {
  const live = useLive()
  const session = useSession()
  const { busy, error, run } = useAttempt()
  const pages = ref<Case[]>([])
  const next = ref<string | null>(null)
  const counts = ref<CaseFacets | null>(null)
  const path = computed(() => `/api/sites/${live.site?.id}/cases`)

  /** The page as the hub gave it, with what the stream has changed since. */
  const items = computed(() => pages.value.map((one) => live.state.cases[one.id] ?? one).filter(fits))

  /** A case that has been closed, or given away, meanwhile leaves the list it no longer belongs to. */
  function fits(one: Case): boolean {
    const { state, step, assignee } = asked.value
    if (state !== 'all' && (one.closed_at === null) !== (state === 'open')) return false
    if (step && one.state !== step) return false
    return assignee !== 'me' || one.assignee === session.user?.name
  }

  /** Counts up with what is asked: an answer to an earlier question is not shown. */
  let mark = 0
  async function load(more = false): Promise<void> {
    const mine = mark
    const query = { ...asked.value, limit: LIMIT, before: more ? next.value : undefined }
    await run(async () => {
      const [page] = await Promise.all([get<Page<Case>>(path.value, query), more ? undefined : count(mine)])
      if (mine !== mark) return
      pages.value = more ? [...pages.value, ...page.items] : page.items
      next.value = page.next
    })
  }

  async function count(mine: number): Promise<void> {
    if (asked.value.state !== 'open') {
      counts.value = null
      return
    }
    const found = await get<CaseFacets>(`${path.value}/facets`, { ...asked.value, order: undefined })
    if (mine === mark) counts.value = found
  }

  const changes = computed(() => Object.values(live.state.cases).reduce((sum, one) => sum + one.version, 0))
  let soon = 0
  watch(changes, () => {
    soon ||= window.setTimeout(refresh, CALM_MS)
  })
  function refresh(): void {
    soon = 0
    if (pages.value.length <= LIMIT) void load()
    else void run(() => count(mark))
  }
  onUnmounted(() => clearTimeout(soon))

  watch(asked, () => void (mark++, load()), { immediate: true, deep: true })
  return { items, next, counts, busy, error, load }
}
