/** The estate drawn from its own registry: buildings to scale, devices on their floors. */
import type { Device, Site } from '../api/types'

export interface Tower {
  id: string
  label: { zh: string; en: string } | null
  x: number
  y: number
  width: number
  height: number
  windows: { x: number; y: number; lit: boolean }[]
}

export interface Spot {
  device: Device
  x: number
  y: number
}

export interface Sky {
  width: number
  /** Where the picture begins: a little above the tallest roof. */
  top: number
  towers: Tower[]
  spots: Spot[]
}

export const GROUND = 150
const FLOOR = 4
const WIDE = 46
const GAP = 26
const MARGIN = 48
const HEADROOM = 16

/** What the login shows before a site is known. */
const NOWHERE = [18, 26, 11, 33, 26, 6, 22].map((floors, n) => ({ id: `n${n}`, name: null, floors }))

export function drawSky(site: Site | null, devices: readonly Device[]): Sky {
  const buildings = site?.buildings.length ? site.buildings : NOWHERE
  const towers = buildings.map((building, n) => tower(building, MARGIN + n * (WIDE + GAP)))
  const width = MARGIN * 2 + buildings.length * (WIDE + GAP) - GAP
  const outside = devices.filter((device) => !towers.some((one) => one.id === device.building))
  const spots = [
    ...towers.flatMap((one) => inside(one, devices.filter((device) => device.building === one.id))),
    ...outside.map((device, n) => ({
      device,
      x: n % 2 ? width - MARGIN / 2 - (n >> 1) * 12 : MARGIN / 2 + (n >> 1) * 12,
      y: GROUND - 5,
    })),
  ]
  return { width, top: Math.min(...towers.map((one) => one.y)) - HEADROOM, towers, spots }
}

function tower(building: { id: string; name: Tower['label']; floors: number }, x: number): Tower {
  const floors = Math.min(34, Math.max(3, building.floors))
  const height = floors * FLOOR
  const y = GROUND - height
  const windows = []
  for (let floor = 1; floor < floors - 1; floor++) {
    for (let column = 0; column < 5; column++) {
      const seed = (floor * 31 + column * 17 + x * 7) % 11
      if (seed > 6) continue
      windows.push({ x: x + 5.5 + column * 7.6, y: y + floor * FLOOR, lit: seed < 2 })
    }
  }
  return { id: building.id, label: building.name, x, y, width: WIDE, height, windows }
}

/** Devices of one floor stand side by side, those in the basement under the ground line. */
function inside(one: Tower, devices: readonly Device[]): Spot[] {
  const taken = new Map<number, number>()
  let nthBelow = 0
  return devices.map((device) => {
    const floor = device.floor ?? 1
    if (floor < 1) return { device, x: one.x + one.width / 2 + nthBelow++ * 12, y: GROUND + 6 }
    const nth = taken.get(floor) ?? 0
    taken.set(floor, nth + 1)
    const top = one.y + FLOOR
    const y = Math.max(top, GROUND - floor * FLOOR + FLOOR / 2)
    return { device, x: one.x + one.width / 2 + (nth % 2 ? 1 : -1) * Math.ceil(nth / 2) * 12, y: Math.min(y, GROUND - 5) }
  })
}
