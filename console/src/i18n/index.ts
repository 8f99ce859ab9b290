/** Languages: Chinese unless the browser or the person says otherwise. */
import { createI18n } from 'vue-i18n'
import { computed, watch } from 'vue'
import type { Text } from '../api/types'
import { en } from './en'
import { zh } from './zh'

export type Locale = 'zh' | 'en'

const KEY = 'gatehouse.language'

function initial(): Locale {
  const kept = localStorage.getItem(KEY)
  if (kept === 'zh' || kept === 'en') return kept
  return navigator.language.startsWith('en') ? 'en' : 'zh'
}

export const i18n = createI18n({
  legacy: false,
  locale: initial(),
  fallbackLocale: 'en',
  messages: { zh, en },
})

export const locale = computed<Locale>({
  get: () => i18n.global.locale.value,
  set: (value) => (i18n.global.locale.value = value),
})

watch(
  locale,
  (value) => {
    localStorage.setItem(KEY, value)
    document.documentElement.lang = value === 'zh' ? 'zh-CN' : 'en'
  },
  { immediate: true },
)

/** The hub's texts come in both languages; pick the one on screen. */
export function say(text: Text | null | undefined): string {
  return text ? text[locale.value] : ''
}

/** Names in a row, as each language puts them. */
export function listed(words: string[]): string {
  return words.join(locale.value === 'zh' ? '、' : ', ')
}
