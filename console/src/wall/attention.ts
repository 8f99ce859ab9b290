/** Where somebody's eyes and hands are: which alarm the panel shows, and when a hand last moved. */
import { ref } from 'vue'
import type { Alert } from '../api/types'
import { isEbike } from '../devices/elevator'
import { fallOf } from '../devices/fall'
import { isLoud } from '../domain/order'

/** Nobody is at work on the page after this long without a hand on it. */
const IDLE_MS = 15_000
/** A key pressed just as the panel changed by itself was meant for what stood there before. */
const STEADY_MS = 1_000

/** The alarm in the wall's panel; null on every other view. */
export const shown = ref<string | null>(null)
let touchedAt = 0
let swappedAt = 0

for (const hand of ['pointerdown', 'keydown', 'wheel', 'touchmove']) addEventListener(hand, () => (touchedAt = Date.now()), { passive: true, capture: true })

export function idle(): boolean {
  return Date.now() - touchedAt > IDLE_MS
}
export function swapped(): void {
  swappedAt = Date.now()
}
export function steady(): boolean {
  return Date.now() - swappedAt > STEADY_MS
}

/** What a camera saw and what passes in seconds: it opens by itself, with its picture. */
export function opensItself(alert: Alert): boolean {
  return isLoud(alert) && (isEbike(alert) || fallOf(alert) !== null)
}

/**
 * The alarm that somebody ought to be called to. The wall's list shows them all: there, only what
 * opens by itself elsewhere, and came after what somebody holds open in the panel.
 */
export function callFor(open: readonly Alert[], put: ReadonlySet<string>, onWall: boolean): Alert | null {
  const since = open.find((alert) => alert.id === shown.value)?.at ?? 0
  const wanted = (alert: Alert) =>
    onWall ? opensItself(alert) && alert.state === 'unacknowledged' && alert.at > since : isLoud(alert) && alert.priority <= 'P1'
  return open.find((alert) => wanted(alert) && alert.id !== shown.value && !put.has(alert.id)) ?? null
}
