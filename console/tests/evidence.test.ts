import { describe, expect, it } from 'vitest'
import type { Evidence, Kind } from '../src/api/types'
import { isCamera, needsLook, pieces, thumbnailOf } from '../src/cameras/evidence'

function piece(more: Partial<Evidence>): Evidence {
  return { id: 'a', site: 's', device: 'd', device_name: { zh: '', en: '' }, by: null, kind: 'clip', state: 'stored', alert: null, of: null, from_at: 0, to_at: 0, sha256: null, size: null, content_type: null, failed: null, created_at: 0, stored_at: null, kept_until: null, ...more }
}

describe('evidence', () => {
  it('puts clips before stills, the newest first, and leaves out what is gone', () => {
    const shown = pieces([piece({ id: 's', kind: 'still', from_at: 9 }), piece({ id: 'old', from_at: 1 }), piece({ id: 'new', from_at: 5 }), piece({ id: 'gone', state: 'removed' })])
    expect(shown.map((one) => one.id)).toEqual(['new', 'old', 's'])
  })

  it('shows a thumbnail with its clip and its still, and never by itself', () => {
    const clip = piece({ id: 'clip' })
    const still = piece({ id: 'still', kind: 'still', of: 'clip' })
    const small = piece({ id: 'small', kind: 'thumbnail', of: 'clip' })
    const items = [clip, still, small, piece({ id: 'other' })]
    expect(pieces(items).map((one) => one.kind)).not.toContain('thumbnail')
    expect(items.map((one) => thumbnailOf(one, items)?.id)).toEqual(['small', 'small', 'small', undefined])
    expect(thumbnailOf(clip, [clip, { ...small, state: 'coming' }])).toBeUndefined()
  })

  it('asks again while something is on its way, or the alarm is new', () => {
    expect(needsLook([piece({ state: 'coming' })], undefined, 0)).toBe(true)
    expect(needsLook([piece({})], undefined, 0)).toBe(false)
    expect(needsLook([], 1000, 20_000)).toBe(true)
    expect(needsLook([], 1000, 60_000)).toBe(false)
  })

  it('knows a camera by what it can be asked for', () => {
    const kind = { actions: [{ id: 'live' }] } as unknown as Kind
    expect(isCamera(kind)).toBe(true)
    expect(isCamera(undefined)).toBe(false)
  })
})
