/** English. */
import type { Messages } from '../zh'
import { shell } from './shell'
import { wall } from './wall'
import { alarms } from './alarms'
import { cases } from './cases'
import { analysis } from './analysis'
import { devices } from './devices'
import { traces } from './traces'
import { people } from './people'
import { system } from './system'
import { simulator } from './simulator'

export const en: Messages = { ...shell, ...wall, ...alarms, ...cases, ...analysis, ...devices, ...traces, ...people, ...system, ...simulator }
