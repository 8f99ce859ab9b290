/** Where somebody was, in order, as stops on the plan. */
import type { SitePlan } from '../api/types'
import type { Spot } from './shapes'

/** One place of a way. device: where it was noticed; at: when, ms. */
export interface Step {
  device: string
  at: number
}

/** A place with the numbers of all visits to it, from 1. */
export interface Stop {
  device: string
  spot: Spot
  numbers: number[]
}

export interface Way {
  stops: Stop[]
  /** From each place to the next, as path data. */
  legs: string[]
  /** Steps whose device has no place on the plan. */
  lost: number
}

/** The way through the steps, oldest first; to stay at one place is one visit. */
export function wayOf(plan: SitePlan, steps: readonly Step[]): Way {
  const visits: { device: string; spot: Spot }[] = []
  let lost = 0
  for (const step of [...steps].sort((a, b) => a.at - b.at)) {
    const spot = plan.places[step.device]
    if (!spot) lost += 1
    else if (visits.at(-1)?.device !== step.device) visits.push({ device: step.device, spot })
  }
  const stops: Record<string, Stop> = {}
  visits.forEach(({ device, spot }, n) => (stops[device] ??= { device, spot, numbers: [] }).numbers.push(n + 1))
  return { stops: Object.values(stops), legs: visits.slice(1).map((one, n) => leg(visits[n]!.spot, one.spot, n)), lost }
}

/** A bow from one place to another, so that the way there and the way back do not lie on each other; in two halves, with a sign in the middle. */
function leg([ax, ay]: Spot, [bx, by]: Spot, n: number): string {
  const bend = 0.12 + 0.04 * (n % 3)
  const [mx, my] = [(ax + bx) / 2 - (by - ay) * bend, (ay + by) / 2 + (bx - ax) * bend]
  const half = `${spot((ax + mx) / 2, (ay + my) / 2)} ${spot((ax + 2 * mx + bx) / 4, (ay + 2 * my + by) / 4)}`
  return `M${spot(ax, ay)}Q${half}Q${spot((mx + bx) / 2, (my + by) / 2)} ${spot(bx, by)}`
}

function spot(x: number, y: number): string {
  return `${x.toFixed(2)} ${y.toFixed(2)}`
}
