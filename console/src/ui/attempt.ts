/** Run something that talks to the hub; keep what went wrong for the screen. */
import { ref, type Ref } from 'vue'
import { ApiError } from '../api/client'

export interface Attempt {
  busy: Ref<boolean>
  error: Ref<ApiError | null>
  /** Resolves to true when `work` went through; other errors than the hub's pass on. */
  run: (work: () => Promise<void>) => Promise<boolean>
}

export function useAttempt(): Attempt {
  const busy = ref(false)
  const error = ref<ApiError | null>(null)

  async function run(work: () => Promise<void>): Promise<boolean> {
    busy.value = true
    error.value = null
    try {
      await work()
      return true
    } catch (caught) {
      if (!(caught instanceof ApiError)) throw caught
      error.value = caught
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, error, run }
}
