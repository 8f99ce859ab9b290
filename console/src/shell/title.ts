/** The tab's title: how many alarms wait for a person, for those who look at another tab. */
import { watchEffect } from 'vue'
import { useI18n } from 'vue-i18n'
import { say } from '../i18n'
import { useLive } from '../live/store'

export function useTitle(): void {
  const { t } = useI18n()
  const live = useLive()
  watchEffect(() => {
    const waiting = live.waiting.length
    const name = live.site ? `${say(live.site.name)} · ${t('product')}` : t('product')
    document.title = waiting ? `(${waiting}) ${name}` : name
  })
}
