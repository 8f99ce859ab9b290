import { describe, expect, it } from 'vitest'
import { fitted } from '../src/ui/photo'

describe('the size that a photo is sent in', () => {
  it('keeps the shape, makes large ones smaller and small ones never larger', () => {
    expect(fitted(4000, 3000, 1920)).toEqual([1920, 1440])
    expect(fitted(3000, 4000, 1920)).toEqual([1440, 1920])
    expect(fitted(640, 480, 1920)).toEqual([640, 480])
    expect(fitted(20_000, 1, 1920)).toEqual([1920, 1])
  })
})
