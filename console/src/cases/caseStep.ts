/** One step on a case, on the version that is on the screen; what went wrong is kept for it. */
import { post } from '../api/client'
import type { Case, CaseActionRequest } from '../api/types'
import { useLive } from '../live/store'
import { useAttempt, type Attempt } from '../ui/attempt'

/** Actions that have a place of their own on the page, beside the thing that they are about. */
export const IN_PLACE = ['tick', 'untick', 'report-part', 'call-in', 'link', 'unlink', 'merge', 'unmerge']

/** `changed` is called when the case is another one now, also because somebody else was faster. */
export function useCaseStep(changed: () => void): Omit<Attempt, 'run'> & {
  step: (item: Case, action: string, given?: CaseActionRequest) => Promise<boolean>
} {
  const live = useLive()
  const { busy, error, run } = useAttempt()

  async function step(item: Case, action: string, given: CaseActionRequest = {}): Promise<boolean> {
    const path = `/api/sites/${item.site}/cases/${item.id}/actions/${action}`
    const done = await run(async () => live.putCase(await post<Case>(path, { ...given, version: item.version })))
    if (done || error.value?.status === 409) changed()
    return done
  }
  return { busy, error, step }
}

export function offer(item: Case, action: string) {
  return item.actions.find((one) => one.id === action)
}
