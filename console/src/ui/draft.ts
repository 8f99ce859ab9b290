/**
 * What somebody has typed outlives an expired session or a reload: it is kept in this tab, for
 * this person, until it was sent or they sign out.
 */
import { watch } from 'vue'
import { useSession } from '../session'

const PREFIX = 'gatehouse.draft.'

/** Fill `form` with what was kept under `key`, and keep it from now on. Returns how to drop it. */
export function useDraft<T extends object>(key: string, form: T): () => void {
  const session = useSession()
  const place = `${PREFIX}${session.user?.name}.${key}`
  Object.assign(form, JSON.parse(sessionStorage.getItem(place) ?? '{}'))
  // At once, not with the next drawing: a form that a live change takes away in between is drawn
  // anew from here, and would come back without the last thing that was chosen.
  const stop = watch(form, () => sessionStorage.setItem(place, JSON.stringify(form)), { flush: 'sync' })
  return () => {
    stop()
    sessionStorage.removeItem(place)
  }
}

/** Drop everything that was kept in this tab. */
export function dropDrafts(): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key)
  }
}
