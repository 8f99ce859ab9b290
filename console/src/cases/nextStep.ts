/** Which allowed action carries a case one step further along its main line. */
import type { Action, CaseFlow } from '../api/types'

/** States that end a case early, beside the main line. */
export const OFF_LINE = ['rejected', 'merged']

/** Never what is pressed without a thought. */
const SHORT_CUT = 'close-directly'

/** The id of the allowed action with the nearest state ahead; undefined at the end of the line. */
export function nextStep(flow: CaseFlow, state: string, actions: readonly Action[]): string | undefined {
  const line = flow.states.map((one) => one.id).filter((id) => !OFF_LINE.includes(id))
  const here = line.indexOf(state)
  const reaches = (action: Action) => {
    const steps = flow.actions.find((one) => one.id === action.id)?.steps ?? []
    return line.indexOf(steps.find((step) => step.from_state === state)?.to_state ?? '')
  }
  return actions
    .filter((action) => action.allowed && action.id !== SHORT_CUT && reaches(action) > here && here >= 0)
    .sort((a, b) => reaches(a) - reaches(b))[0]?.id
}
