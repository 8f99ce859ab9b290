/** The look that somebody has declared last: good for all access traces of its site until it ends. */
import { ref } from 'vue'
import type { Look } from '../api/types'

const SPARE_MS = 60_000
const last = ref<{ site: string; user: string; look: Look } | null>(null)

/** Keep it for the next place that asks. */
export function keepLook(site: string, user: string, look: Look): void {
  last.value = { site, user, look }
}

/** The same person's look at this site that is good for a while yet. now: hub clock, ms. */
export function lookInHand(site: string, user: string, now: number): Look | null {
  const kept = last.value
  return kept && kept.site === site && kept.user === user && kept.look.until - now > SPARE_MS ? kept.look : null
}
