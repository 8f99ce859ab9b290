/** What a device's kind means for how it is drawn. */
import type { Device, Kind } from '../api/types'
import type { IconName } from '../ui/GhIcon.vue'

const ICONS: Record<string, IconName> = { door: 'door', gauge: 'gauge', barrier: 'barrier', camera: 'camera' }

/** The icon that the kind asks for; one that the console does not have is a chip. */
export function kindIcon(kind: Kind | undefined): IconName {
  return ICONS[kind?.icon ?? ''] ?? 'chip'
}

/** A barrier has an arm where a door has a contact. */
export function hasArm(kind: Kind | undefined): boolean {
  return Boolean(kind?.signals.some((signal) => signal.id === 'arm'))
}

/** The name of a choice signal's last value, in both languages; null when there is none. */
export function choiceOf(kind: Kind | undefined, device: Device, signal: string) {
  const value = device.readings[signal]?.value
  if (value == null) return null
  return kind?.signals.find((one) => one.id === signal)?.choices?.[String(value)] ?? null
}
