import { describe, expect, it } from 'vitest'
import { localText, momentOf } from '../src/traces/moments'

describe('moments in a field', () => {
  it.each([Date.UTC(2026, 0, 31, 8, 5), Date.UTC(2024, 1, 29, 23, 59)])('comes back as it went in', (at) => {
    expect(localText(at)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/)
    expect(momentOf(localText(at))).toBe(at)
  })

  it.each(['', 'T', '2026-13-01T00:00'])('is none when it is unfinished: %j', (text) => {
    expect(momentOf(text)).toBeNull()
  })
})
