/** What stands on the plan and how it fares, from the live picture of the site. Pure. */
import type { Alert, Case, Device, Kind, SitePlan } from '../api/types'
import { compareAlerts, isAside, isLoud } from '../domain/order'
import type { Spot } from './shapes'

/** trouble: 0 none, 1 not yet heard of, 2 silent or faulty. */
export interface Thing {
  id: string
  spot: Spot
  glyph: Glyph
  state: Device['state']
  trouble: 0 | 1 | 2
  placed: boolean
}

export type Glyph = 'door' | 'gauge' | 'barrier' | 'camera' | 'chip' | 'hub'

/** Alarms at one place, the worst first. */
export interface Trouble {
  id: string
  spot: Spot
  alerts: Alert[]
  loud: boolean
}

export interface CaseSpot {
  id: string
  spot: Spot
  cases: Case[]
}

const GLYPHS: readonly string[] = ['door', 'gauge', 'barrier', 'camera']

export function thingsOf(plan: SitePlan, devices: Iterable<Device>, agents: Iterable<{ id: string; state: string }>, kinds: Record<string, Kind>): Thing[] {
  const placed = new Set(plan.placed)
  const found: Thing[] = []
  for (const device of devices) {
    const spot = plan.places[device.id]
    if (!spot) continue
    const icon = kinds[device.kind]?.icon ?? ''
    const trouble = device.state === 'ok' ? 0 : device.state === 'unknown' ? 1 : 2
    found.push({ id: device.id, spot, glyph: (GLYPHS.includes(icon) ? icon : 'chip') as Glyph, state: device.state, trouble, placed: placed.has(device.id) })
  }
  for (const agent of agents) {
    const spot = plan.places[agent.id]
    if (!spot || !placed.has(agent.id)) continue
    const state = agent.state === 'online' ? 'ok' : agent.state === 'offline' ? 'silent' : 'unknown'
    found.push({ id: agent.id, spot, glyph: 'hub', state, trouble: state === 'ok' ? 0 : state === 'silent' ? 2 : 1, placed: true })
  }
  return found
}

/** Open alarms by place, the quietest place first, so that the worst is drawn on top. */
export function troublesOf(alerts: readonly Alert[], spotOf: (id: string) => Spot | null): Trouble[] {
  const found: Record<string, Trouble> = {}
  for (const alert of [...alerts].sort(compareAlerts)) {
    const spot = spotOf(alert.device)
    if (!spot) continue
    const one = (found[alert.device] ??= { id: alert.device, spot, alerts: [], loud: false })
    one.alerts.push(alert)
    one.loud ||= isLoud(alert) && !isAside(alert)
  }
  return Object.values(found).sort((a, b) => compareAlerts(b.alerts[0]!, a.alerts[0]!))
}

export function caseSpots(cases: Iterable<Case>, spotOf: (id: string) => Spot | null): CaseSpot[] {
  const found: Record<string, CaseSpot> = {}
  for (const one of cases) {
    if (one.closed_at !== null || !one.device) continue
    const spot = spotOf(one.device)
    if (spot) (found[one.device] ??= { id: one.device, spot, cases: [] }).cases.push(one)
  }
  return Object.values(found)
}
