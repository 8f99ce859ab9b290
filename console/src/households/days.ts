/** Days as a form holds them (`2026-11-22`), and the moments that the hub keeps; a last day counts whole. */

const pad = (n: number): string => String(n).padStart(2, '0')

function dayOf(at: number): string {
  const day = new Date(at)
  return `${day.getFullYear()}-${pad(day.getMonth() + 1)}-${pad(day.getDate())}`
}

/** The first day, of a beginning. */
export function firstDay(at: number | null): string {
  return at === null ? '' : dayOf(at)
}

/** The last day, of an end that is the first moment after it. */
export function lastDay(at: number | null): string {
  return at === null ? '' : dayOf(at - 1)
}

export function beginOf(day: string): number | null {
  return day ? new Date(`${day}T00:00`).getTime() : null
}

export function endOf(day: string): number | null {
  if (!day) return null
  const next = new Date(`${day}T00:00`)
  next.setDate(next.getDate() + 1)
  return next.getTime()
}
