/** The way of a case whose alarm was for nothing: taken, reported as such, and closed by who may. */
import type { Case } from '../api/types'

const WAY = ['take', 'start', 'report', 'close']

/** The next action on that way that this person may do; null when there is none. */
export function nextToward(item: Pick<Case, 'actions'>): string | null {
  return WAY.find((id) => item.actions.some((action) => action.id === id && action.allowed)) ?? null
}
