/** How the picture of a site follows its stream. Pure but for the state it is handed. */
import type { Agent, Alert, Case, ChangeEvent, Command, Counters, Device, ModeSwitch, Round, Snapshot } from '../api/types'
import type { FromLine } from './messages'

export interface LiveState {
  /** Everything up to here is in the picture; null before the first snapshot. */
  cursor: number | null
  /** A position that the hub named and that has not arrived yet. */
  awaited: number | null
  /** The awaited position that was already asked for again. */
  asked: number | null
  /** Changes that came before the snapshot did. */
  early: ChangeEvent[]
  alerts: Record<string, Alert>
  cases: Record<string, Case>
  devices: Record<string, Device>
  agents: Record<string, Agent>
  commands: Record<string, Command>
  /** In force, and over since this page was opened. */
  modes: Record<string, ModeSwitch>
  /** Due or under way, and over since this page was opened. */
  rounds: Record<string, Round>
  counters: Counters | null
}

/** What has to be done after a message: ask the stream again, or start over. */
export type Effect = 'none' | 'resume' | 'snapshot'

export function emptyState(): LiveState {
  return {
    cursor: null,
    awaited: null,
    asked: null,
    early: [],
    alerts: {},
    cases: {},
    devices: {},
    agents: {},
    commands: {},
    modes: {},
    rounds: {},
    counters: null,
  }
}

/** Start over from a snapshot; what came meanwhile and is newer is applied on top. */
export function restart(state: LiveState, snapshot: Snapshot): void {
  state.cursor = snapshot.cursor
  state.awaited = state.asked = null
  state.alerts = byId(snapshot.alerts)
  state.cases = byId(snapshot.cases)
  state.devices = byId(snapshot.devices)
  state.agents = byId(snapshot.agents)
  state.modes = byId(snapshot.modes)
  state.rounds = byId(snapshot.rounds)
  state.counters = snapshot.counters
  const early = state.early
  state.early = []
  for (const event of early) applyChange(state, event)
}

/** Take one message in. */
export function apply(state: LiveState, message: FromLine): Effect {
  if (message.kind === 'change') applyChange(state, message.event)
  else if (message.kind === 'ping') return applyPing(state, message.position)
  else if (message.kind === 'reading') applyReading(state, message.event)
  else if (message.kind === 'reset') {
    state.cursor = null
    return 'snapshot'
  }
  return 'none'
}

/** Put in what an action answered, unless the stream already brought something newer. */
export function upsertAlert(state: LiveState, alert: Alert): void {
  put(state.alerts, alert)
}

export function upsertMode(state: LiveState, one: ModeSwitch): void {
  put(state.modes, one)
}

export function upsertRound(state: LiveState, one: Round): void {
  put(state.rounds, one)
}

export function upsertCase(state: LiveState, one: Case): void {
  put(state.cases, one)
}

function applyChange(state: LiveState, event: ChangeEvent): void {
  if (state.cursor === null) {
    state.early.push(event)
    return
  }
  if (event.position <= state.cursor) return
  state.cursor = event.position
  // Between the change and its telling, the thing may have gone.
  if (!event.body) return
  if (event.type === 'alert') put(state.alerts, event.body)
  else if (event.type === 'case') put(state.cases, event.body)
  else if (event.type === 'device') state.devices[event.id] = event.body
  else if (event.type === 'agent') state.agents[event.id] = event.body
  else if (event.type === 'mode') put(state.modes, event.body)
  else if (event.type === 'round') put(state.rounds, event.body)
  else state.commands[event.id] = event.body
}

/**
 * A ping names the newest position. One that is still missing at the next ping is a gap: it is
 * asked for once; when the hub then still has nothing for us, it was never ours to see.
 */
function applyPing(state: LiveState, position: number): Effect {
  if (state.cursor === null || position <= state.cursor) {
    state.awaited = state.asked = null
    return 'none'
  }
  if (state.awaited === null || state.cursor >= state.awaited) {
    state.awaited = position
    return 'none'
  }
  if (state.asked === state.awaited) {
    state.cursor = state.awaited
    state.awaited = state.asked = null
    return 'none'
  }
  state.asked = state.awaited
  return 'resume'
}

function applyReading(state: LiveState, event: Extract<FromLine, { kind: 'reading' }>['event']): void {
  const device = state.devices[event.device]
  if (!device) return
  device.readings = { ...device.readings, ...event.signals }
  device.last_seen = Math.max(device.last_seen ?? 0, event.received_at)
}

function put<T extends { id: string; version: number }>(into: Record<string, T>, one: T): void {
  const known = into[one.id]
  if (!known || known.version <= one.version) into[one.id] = one
}

function byId<T extends { id: string }>(items: T[]): Record<string, T> {
  return Object.fromEntries(items.map((item) => [item.id, item]))
}
