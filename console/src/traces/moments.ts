/** A moment as a field for date and time writes it, in the reader's own time zone. */

const two = (n: number): string => String(n).padStart(2, '0')

/** `2026-01-31T08:05`, of a moment in ms. */
export function localText(at: number): string {
  const when = new Date(at)
  const day = [when.getFullYear(), two(when.getMonth() + 1), two(when.getDate())].join('-')
  return `${day}T${two(when.getHours())}:${two(when.getMinutes())}`
}

/** The moment, ms, that such a text names; null for an empty or unfinished one. */
export function momentOf(text: string): number | null {
  const at = text ? new Date(text).getTime() : NaN
  return Number.isNaN(at) ? null : at
}
