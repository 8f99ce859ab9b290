import { describe, expect, it } from 'vitest'
import { isEbike, sessionOf } from '../src/devices/elevator'
import { alert, device } from './make'

describe('an e-bike session', () => {
  it('is told by the alarm and the car', () => {
    const detail = { session: 'riding', outcome: null, floor: null, held_s: 12.4, score: 0.83, model: 'm 1' }
    const car = device({ readings: { held: { value: false, at: 1 }, floor: { value: 7, at: 1 } } })
    expect(sessionOf(alert({ detail }), car)).toEqual({
      phase: 'riding', outcome: null, floor: null, held: false, heldS: 12.4, score: 0.83, carFloor: 7, model: 'm 1',
    })
  })

  it('takes the session for the door where the car does not tell', () => {
    expect(sessionOf(alert({ detail: { session: 'confirmed' } }), device({})).held).toBe(true)
    expect(sessionOf(alert({ detail: { session: 'let-go' } }), device({})).held).toBe(false)
  })

  it('shows nothing that it does not know', () => {
    const session = sessionOf(alert({ detail: { session: 'odd', outcome: 'odd', score: 'x' } }), device({}))
    expect([session.phase, session.outcome, session.score]).toEqual(['idle', null, null])
    expect(isEbike(alert({ condition: 'door-forced' }))).toBe(false)
  })
})
