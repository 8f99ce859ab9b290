/** How much waits for a second person: asked for every ten seconds, and after each step. */
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { ApiError, get } from '../api/client'
import type { WaitingCount } from '../api/types'
import { useLive } from '../live/store'
import { useSession } from '../session'

const EVERY_MS = 10_000
const NONE: WaitingCount = { decide: 0, own: 0 }

export const useSecond = defineStore('second', () => {
  const live = useLive()
  const session = useSession()
  const count = ref<WaitingCount>(NONE)
  /** Counts up whenever something came or went, so that a list that is on screen is asked for anew. */
  const turn = ref(0)

  async function look(): Promise<void> {
    const site = live.site?.id
    if (!site || !session.user || session.user.enrolling) return void (count.value = NONE)
    try {
      const found = await get<WaitingCount>(`/api/sites/${site}/waiting/count`)
      if (found.decide !== count.value.decide || found.own !== count.value.own) turn.value += 1
      count.value = found
    } catch (error) {
      if (!(error instanceof ApiError)) throw error // the line's own sign says that the hub is away
    }
  }
  setInterval(() => void (document.hidden || look()), EVERY_MS)
  watch(() => [live.site?.id, session.user?.name], look, { immediate: true })

  return { count, turn, look }
})
