import { expect, test } from 'vitest'
import type { Kind } from '../src/api/types'
import { chartSignal } from '../src/domain/figures'
import { choiceOf, hasArm, kindIcon } from '../src/domain/kinds'
import { device } from './make'

const text = (en: string) => ({ zh: en, en })

function kind(given: Partial<Kind> = {}): Kind {
  const arm = { id: 'arm', name: text('Arm'), type: 'choice' as const, unit: '', choices: { open: text('Up') }, sensitive: false, mask: 'tail' as const, urgent_change: null, low: null, high: null }
  const confidence = { ...arm, id: 'confidence', type: 'number' as const, unit: '%', choices: {} }
  return { id: 'barrier', name: text('Barrier'), icon: 'barrier', lane: 'event', signals: [arm, confidence], actions: [], rules: [], passages: true, subject: 'plate', silent_after_s: 90, ...given } as Kind
}

test('a kind is drawn with its own icon, and an unknown one with a chip', () => {
  expect(kindIcon(kind())).toBe('barrier')
  expect(kindIcon(kind({ icon: 'no-such-icon' }))).toBe('chip')
  expect(kindIcon(undefined)).toBe('chip')
})

test('an arm is told by the name of its position', () => {
  const up = device({ kind: 'barrier', readings: { arm: { value: 'open', at: 1 } } })
  expect(hasArm(kind())).toBe(true)
  expect(choiceOf(kind(), up, 'arm')).toEqual(text('Up'))
  expect(choiceOf(kind(), device(), 'arm')).toBeNull()
  expect(hasArm(kind({ signals: [] }))).toBe(false)
})

test('numbers that are no telemetry are not drawn as a chart', () => {
  expect(chartSignal(kind(), device())).toBeNull()
  expect(chartSignal(kind({ lane: 'telemetry' }), device())).toBe('confidence')
})
