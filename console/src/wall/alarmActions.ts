/** What a person does to an alarm, through the buttons or the keyboard alike. */
import { watch } from 'vue'
import { useRouter } from 'vue-router'
import { get, post } from '../api/client'
import type { Alert } from '../api/types'
import { useLive } from '../live/store'
import { useAttempt } from '../ui/attempt'

export function useAlarmActions(alert: () => Alert) {
  const live = useLive()
  const router = useRouter()
  const { busy, error, run } = useAttempt()

  const path = () => `/api/sites/${alert().site}/alerts/${alert().id}`
  const allowed = (id: string) => alert().actions.some((action) => action.id === id && action.allowed)

  // Once the hub is back, that it was away is no longer news.
  watch(
    () => live.live,
    (back) => {
      if (back && error.value?.code === 'unreachable') error.value = null
    },
  )

  async function act(action: string, given: object = {}): Promise<boolean> {
    if (busy.value) return false
    const done = await run(async () => {
      const version = alert().version
      live.putAlert(await post<Alert>(`${path()}/actions/${action}`, { version, ...given }))
    })
    if (!done && error.value?.status === 409) live.putAlert(await get<Alert>(path()))
    return done
  }

  async function acknowledge(): Promise<void> {
    if (allowed('acknowledge')) await act('acknowledge')
  }

  /** Open a case and go there; an alarm that has one leads to it. */
  async function openCase(): Promise<void> {
    if (!alert().case && allowed('open-case')) await act('open-case')
    const id = alert().case
    if (id) await router.push({ name: 'case', params: { id } })
  }

  return { busy, error, act, acknowledge, openCase }
}
