import { describe, expect, it } from 'vitest'
import { fallOf, placeAt } from '../src/devices/fall'

const detail = { verdict: 'confirmed', floor: 11, floor_low: 10, floor_high: 12, column: 6, score: 0.9, seconds: 2.4, images: 1, roof: false, track: [[0, 0.4, 0.2], [1, 0.42, 0.6], 'x'] }

describe('what fell', () => {
  it('is told with its floor, its range and its way', () => {
    const fall = fallOf({ condition: 'falling-object', detail })
    expect(fall).toMatchObject({ confirmed: true, drifting: false, floor: { value: 11, low: 10, high: 12 }, column: { value: 6, low: 6, high: 6 }, images: 1 })
    expect(fall?.track).toHaveLength(2)
  })

  it('has no floor without calibration, and is nothing for another alarm', () => {
    expect(fallOf({ condition: 'drifting-object', detail: { verdict: 'suspected', floor: null } })).toMatchObject({ confirmed: false, drifting: true, floor: null, track: [] })
    expect(fallOf({ condition: 'door-forced', detail })).toBeNull()
  })

  it('is where it was at every moment of its way, and nowhere else', () => {
    const track = fallOf({ condition: 'falling-object', detail })!.track
    expect(placeAt(track, 0.5)).toEqual([expect.closeTo(0.41), expect.closeTo(0.4)])
    expect(placeAt(track, -1)).toBeNull()
    expect(placeAt(track, 2)).toBeNull()
  })
})
