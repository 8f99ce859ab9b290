import { expect, test } from 'vitest'
import type { Action, CaseFlow } from '../src/api/types'
import { nextStep } from '../src/cases/nextStep'

const name = { zh: '', en: '' }
const states = ['discovered', 'accepted', 'dispatched', 'handling', 'rejected'].map((id) => ({ id, name, open: true }))
const STEPS: Record<string, [string, string]> = {
  comment: ['accepted', 'accepted'], 'send-back': ['accepted', 'discovered'], reject: ['accepted', 'rejected'],
  take: ['accepted', 'handling'], dispatch: ['accepted', 'dispatched'],
}
const flow: CaseFlow = {
  start: 'discovered', states, resolutions: [],
  actions: Object.entries(STEPS).map(([id, [from_state, to_state]]) => ({ id, name, role: 'guard' as const, needs: [], takes: [], bulk: false, steps: [{ from_state, to_state }] })),
}
const action = (id: string, allowed = true): Action => ({ id, name, allowed, why: null, needs: [], takes: [] })

test('the nearest state ahead is the next step, not a comment, a step back or an early end', () => {
  expect(nextStep(flow, 'accepted', Object.keys(STEPS).map((id) => action(id)))).toBe('dispatch')
})

test('what is not allowed is not offered as the next step', () => {
  expect(nextStep(flow, 'accepted', [action('dispatch', false), action('take')])).toBe('take')
})

test('beside or at the end of the line there is none', () => {
  expect(nextStep(flow, 'rejected', [action('comment')])).toBeUndefined()
  expect(nextStep(flow, 'handling', [action('comment')])).toBeUndefined()
})
