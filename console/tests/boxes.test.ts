import { describe, expect, it } from 'vitest'
import { boxesOf } from '../src/cameras/boxes'
import { nextToward } from '../src/wall/falseAlarm'
import { device } from './make'

const seen = (text: string, at = 1000) => device({ readings: { ebike_boxes: { value: text, at }, alarm_from: { value: 0.768, at } } })

describe('what the detector saw', () => {
  it('is drawn where it was seen, the sure ones apart', () => {
    const [first, second] = boxesOf(seen('900,100,200,500,800;700,0,0,250,250'), 2000)
    expect(first).toEqual({ score: 0.9, x: 0.1, y: 0.2, width: 0.4, height: expect.closeTo(0.6), sure: true })
    expect(second).toMatchObject({ score: 0.7, sure: false })
  })

  it('goes when it is old, and is nothing when it cannot be read', () => {
    expect(boxesOf(seen('900,100,200,500,800'), 4001)).toEqual([])
    expect(boxesOf(seen(''), 1000)).toEqual([])
    expect(boxesOf(seen('900,1,2;x,1,2,3,4'), 1000)).toEqual([])
    expect(boxesOf(device({}), 1000)).toEqual([])
  })
})

describe('a false alarm', () => {
  const action = (id: string, allowed: boolean) => ({ id, name: { zh: '', en: '' }, allowed, why: null, needs: [], takes: [] })
  const may = (...ids: string[]) => ({ actions: [...ids.map((id) => action(id, true)), action('take', ids.includes('take'))] })

  it('goes its way as far as this person may', () => {
    expect(nextToward(may('accept', 'take', 'comment'))).toBe('take')
    expect(nextToward(may('report', 'close-directly'))).toBe('report')
    expect(nextToward(may('close'))).toBe('close')
    expect(nextToward(may('comment', 'assess'))).toBe(null)
  })
})
