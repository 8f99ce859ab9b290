/** What a mode changes, in a line each. */
import type { Mode } from '../api/types'
import { listed, say } from '../i18n'

type Say = (key: string, values?: Record<string, unknown>) => string

export function changesOf(mode: Mode, t: Say): string[] {
  const alarms = mode.alarms.map((one) => t('modes.alarmChange', { name: say(one.name), usual: one.usual, now: one.priority }))
  return [...alarms, ...mode.cases.map((one) => caseLine(one, t))]
}

function caseLine(one: Mode['cases'][number], t: Say): string {
  const about = one.about.length ? listed(one.about.map(say)) : t('modes.allCases')
  const parts = [
    one.priority && t('modes.atLeast', { priority: one.priority }),
    one.time < 1 && t('modes.time', { percent: Math.round(one.time * 100) }),
    one.always && t('modes.always'),
    one.level && t('modes.startsAt', { name: say(one.level) }),
    one.lead && t('modes.sentTo', { name: say(one.lead) }),
    one.call.length > 0 && t('modes.calls', { names: listed(one.call.map(say)) }),
  ]
  return `${about}: ${parts.filter(Boolean).join(' · ')}`
}
