/** How long something has lasted, in the words of a control room. */

export interface Age {
  /** Key under `age.` in the messages. */
  unit: 'now' | 'seconds' | 'minutes' | 'hours' | 'days'
  n: number
  /** Minutes beside hours, hours beside days; 0 where it says nothing. */
  rest: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Split `ms` into its two leading units; a moment in the future counts as now. */
export function ageOf(ms: number): Age {
  if (ms < 1000) return { unit: 'now', n: 0, rest: 0 }
  if (ms < MINUTE) return { unit: 'seconds', n: Math.floor(ms / 1000), rest: 0 }
  if (ms < HOUR) return { unit: 'minutes', n: Math.floor(ms / MINUTE), rest: Math.floor((ms % MINUTE) / 1000) }
  if (ms < DAY) return { unit: 'hours', n: Math.floor(ms / HOUR), rest: Math.floor((ms % HOUR) / MINUTE) }
  return { unit: 'days', n: Math.floor(ms / DAY), rest: Math.floor((ms % DAY) / HOUR) }
}

/** `m:ss` or `h:mm:ss`: a clock that counts up or down. */
export function clockOf(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000))
  const seconds = String(total % 60).padStart(2, '0')
  const minutes = Math.floor(total / 60) % 60
  const hours = Math.floor(total / 3600)
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`
}
