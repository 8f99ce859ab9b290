/** 中文(默认), a file for each area of the console. English has the same keys; the compiler sees to it. */
import { shell } from './shell'
import { wall } from './wall'
import { alarms } from './alarms'
import { cases } from './cases'
import { later } from './later'
import { analysis } from './analysis'
import { figures } from './figures'
import { devices } from './devices'
import { plan } from './plan'
import { traces } from './traces'
import { people } from './people'
import { residents } from './residents'
import { second } from './second'
import { system } from './system'
import { simulator } from './simulator'
import { admin } from './admin'

export const zh = {
  ...shell,
  ...wall,
  ...alarms,
  ...cases,
  ...later,
  ...analysis,
  ...figures,
  ...devices,
  ...plan,
  ...traces,
  ...people,
  ...residents,
  ...second,
  ...system,
  ...admin,
  ...simulator,
}

export type Messages = typeof zh
