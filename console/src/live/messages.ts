/** What is said between the one stream of a browser and its tabs. */
import type { ChangeEvent, ReadingEvent } from '../api/types'

export type Change = { kind: 'change'; event: ChangeEvent }
export type Reading = { kind: 'reading'; event: ReadingEvent }
export type Ping = { kind: 'ping'; now: number; position: number }
export type Reset = { kind: 'reset' }
/** `refused`: the hub answered, but not with a stream; the session may have ended. */
export type LineState = { kind: 'line'; state: 'open' | 'connecting' | 'refused' }

export type FromLine = Change | Reading | Ping | Reset | LineState

export type ToLine =
  | { do: 'join' }
  | { do: 'start'; site: string; after: number }
  | { do: 'resume'; after: number }
  | { do: 'stop' }
  | { do: 'leave' }
