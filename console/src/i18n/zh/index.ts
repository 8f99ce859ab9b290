/** 中文(默认), a file for each area of the console. English has the same keys; the compiler sees to it. */
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

export const zh = { ...shell, ...wall, ...alarms, ...cases, ...analysis, ...devices, ...traces, ...people, ...system, ...simulator }

export type Messages = typeof zh
