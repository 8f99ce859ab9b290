/** A list that is read page by page. */
import { ref, shallowRef } from 'vue'
import { get } from '../api/client'
import type { Page } from '../api/types'
import { useAttempt } from '../ui/attempt'

const LIMIT = 50

export function usePages<T>(path: () => string, limit = LIMIT, query: () => Record<string, string | number | undefined> = () => ({})) {
  const items = shallowRef<T[]>([])
  const next = ref<string | null>(null)
  const { busy, error, run } = useAttempt()

  async function load(more = false): Promise<void> {
    await run(async () => {
      const page = await get<Page<T>>(path(), { ...query(), limit, before: more ? next.value : undefined })
      items.value = more ? [...items.value, ...page.items] : page.items
      next.value = page.next
    })
  }
  return { items, next, busy, error, load }
}
