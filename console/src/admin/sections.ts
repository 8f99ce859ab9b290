/** What administration has, in the order in which it is looked for. */
import type { IconName } from '../ui/GhIcon.vue'

export interface Section {
  id: string
  icon: IconName
  /** Areas of the configuration whose files stand there; or the files themselves. */
  areas?: string[]
  only?: string[]
}

export const SECTIONS: Section[] = [
  { id: 'sites', icon: 'gate', areas: ['sites'] },
  { id: 'users', icon: 'person' },
  { id: 'rights', icon: 'key', only: ['org/rights'] },
  { id: 'org', icon: 'route', only: ['org/tree'] },
  { id: 'roster', icon: 'clock', only: ['org/desks'] },
  { id: 'catalogue', icon: 'folder', areas: ['cases'] },
  { id: 'alarms', icon: 'flag', areas: ['alarms'] },
  { id: 'rules', icon: 'gauge', areas: ['rules'] },
  { id: 'modes', icon: 'warn', areas: ['modes'] },
  { id: 'patrols', icon: 'shield', areas: ['patrols'] },
  { id: 'channels', icon: 'sound', only: ['notify/channels'] },
  { id: 'models', icon: 'eye' },
  { id: 'hub', icon: 'chip', only: ['hub/hub'] },
  { id: 'audit', icon: 'history' },
]
