/** What a line of a case's history says beside its action and its note. */
import type { CaseFlow, CaseWithHistory, Text } from '../api/types'
import { i18n, say } from '../i18n'

type Step = CaseWithHistory['history'][number]

const { t } = i18n.global

function names(value: unknown): string {
  return ((value ?? []) as Text[]).map(say).join(' · ')
}

export function stepWords(step: Step, flow: CaseFlow): string[] {
  const { detail } = step
  const told: string[] = []
  const way = flow.resolutions.find((one) => one.id === detail.resolution)
  if (detail.words) told.push(say(detail.words as Text))
  if (way) told.push(say(way.name))
  const whom = [say(detail.department_name as Text | undefined), detail.assignee as string | undefined].filter(Boolean).join(' · ')
  if (whom) told.push(step.action === 'dispute' || step.action === 'report-part' ? whom : t('cases.said.to', { whom }))
  if (detail.helpers_names) told.push(t('cases.said.helpers', { names: names(detail.helpers_names) }))
  if (detail.watcher_name) told.push(t('cases.said.watcher', { name: say(detail.watcher_name as Text) }))
  if (detail.missing_names) told.push(t('cases.said.without', { names: names(detail.missing_names), why: String(detail.without ?? '') }))
  if (detail.point_name) told.push(t('patrols.from', { round: say(detail.round_name as Text), point: say(detail.point_name as Text) }))
  if (detail.number) told.push(t('cases.number', { n: String(detail.number) }))
  return told
}
