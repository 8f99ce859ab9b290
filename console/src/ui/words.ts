/** Times and ages in the reader's language. */
import { i18n, locale } from '../i18n'
import { ageOf } from '../domain/age'

const { t } = i18n.global

/** "1 分 14 秒", "1 h 5 min"; one unit only when `short`. */
export function ageText(ms: number, short = false): string {
  const { unit, n, rest } = ageOf(ms)
  if (rest && !short && unit !== 'now' && unit !== 'seconds') return t(`age.${unit}Rest`, { n, rest })
  return t(`age.${unit}`, { n })
}

export function agoText(ms: number): string {
  return ms < 1000 ? t('age.now') : t('age.ago', { age: ageText(ms, true) })
}

function tag(): string {
  return locale.value === 'zh' ? 'zh-CN' : 'en-GB'
}

/** The time of day; with the date when it was not today. */
export function momentText(at: number | null | undefined): string {
  if (at == null) return '–'
  const when = new Date(at)
  const time = when.toLocaleTimeString(tag(), { hour12: false })
  if (when.toDateString() === new Date().toDateString()) return time
  return `${when.toLocaleDateString(tag(), { month: 'short', day: 'numeric' })} ${time}`
}

/** A day, with its year. */
export function dayText(at: number): string {
  return new Date(at).toLocaleDateString(tag(), { year: 'numeric', month: 'short', day: 'numeric' })
}

export function countText(n: number): string {
  return n.toLocaleString(tag())
}
