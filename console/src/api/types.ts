/** The hub's models under short names; their shapes come from its OpenAPI document alone. */
import type { components } from './schema'

type Schemas = components['schemas']

export type Text = Schemas['Text']
export type Action = Schemas['Action']
export type DeviceAction = Schemas['DeviceAction']
export type Alert = Schemas['Alert']
export type AlarmFigures = Schemas['AlarmFigures']
export type DeskFigures = Schemas['DeskFigures']
export type Handover = Schemas['Handover']
export type Hold = Schemas['Hold']
export type ConditionInfo = Schemas['ConditionInfo']
export type Case = Schemas['Case']
export type CaseWithHistory = Schemas['CaseWithHistory']
export type CaseFlow = Schemas['CaseFlow']
export type CaseActionRequest = Partial<Schemas['CaseActionRequest']>
export type CategoryInfo = Schemas['CategoryInfo']
export type DepartmentInfo = Schemas['DepartmentInfo']
export type Mode = Schemas['Mode']
export type ModeSwitch = Schemas['ModeSwitch']
export type Command = Schemas['Command']
export type CommandRequest = Schemas['CommandRequest']
export type Device = Schemas['Device']
export type Limits = Schemas['Limits']
export type SignalReading = Schemas['SignalReading']
export type Telemetry = Schemas['Telemetry']
export type Agent = Schemas['Agent']
export type Counters = Schemas['Counters']
export type DeadLetter = Schemas['DeadLetter']
export type AuditEntry = Schemas['AuditEntry']
export type ChainCheck = Schemas['ChainCheck']
export type Passage = Schemas['Passage']
export type Evidence = Schemas['Evidence']
export type Purpose = Schemas['Purpose']
export type Kind = Schemas['Kind']
export type Site = Schemas['Site']
export type Snapshot = Schemas['Snapshot']
export type User = Schemas['User']
export type UserAnswer = Schemas['UserAnswer']
export type Machine = Schemas['Machine']
export type MachineAnswer = Schemas['MachineAnswer']
export type Person = Schemas['Person']
export type Login = Schemas['Login']
export type Problem = Schemas['Problem']
export type ReadingEvent = Schemas['ReadingEvent']
export type ChangeEvent =
  | Schemas['AlertEvent']
  | Schemas['CaseEvent']
  | Schemas['DeviceEvent']
  | Schemas['AgentEvent']
  | Schemas['CommandEvent']
  | Schemas['ModeEvent']

export type Priority = Alert['priority']

/** A page of a list; `next` is given back to get the page that follows. */
export interface Page<T> {
  items: T[]
  next: string | null
}
