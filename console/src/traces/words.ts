/** What became of a passage, in words: the device kind's own, else the console's, else the bare id. */
import { useI18n } from 'vue-i18n'
import type { Passage } from '../api/types'
import { say } from '../i18n'
import { useLive } from '../live/store'

export function useTraceWords(): {
  result: (one: Passage) => string
  reason: (one: Passage) => string
  direction: (one: Passage) => string
  method: (one: Passage) => string
} {
  const { t, te } = useI18n()
  const live = useLive()

  function choice(one: Passage, signal: string, value: string | null): string {
    if (!value) return ''
    const kind = live.state.devices[one.device]?.kind
    const spec = kind ? live.kinds[kind]?.signals.find((known) => known.id === signal) : undefined
    const name = spec?.choices?.[value]
    return name ? say(name) : value
  }

  return {
    result: (one) => (te('passages.results.' + one.result) ? t('passages.results.' + one.result) : one.result),
    reason: (one) => choice(one, 'reason', one.reason),
    direction: (one) => (one.direction && te('passages.' + one.direction) ? t('passages.' + one.direction) : (one.direction ?? '')),
    method: (one) => choice(one, 'method', one.method),
  }
}
