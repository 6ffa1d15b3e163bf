import { expect, test } from 'vitest'
import { stateOf } from '../../../client/accounts/account-state.ts'

const NOW = Date.parse('2026-11-27T08:00:00Z')
const plain = { endedAt: null, locked: null, lockedUntil: null, mustChangePassword: false }
const locked = { at: '2026-11-27T07:00:00Z', because: '离岗' }

test('an account is said to stand as its gravest reason has it', () => {
  expect(stateOf(plain, NOW)).toBe('active')
  expect(stateOf({ ...plain, mustChangePassword: true }, NOW)).toBe('mustChange')
  expect(stateOf({ ...plain, mustChangePassword: true, lockedUntil: '2026-11-27T08:05:00Z' }, NOW)).toBe('waiting')
  expect(stateOf({ ...plain, lockedUntil: '2026-11-27T07:55:00Z' }, NOW)).toBe('active')
  expect(stateOf({ ...plain, locked, lockedUntil: '2026-11-27T08:05:00Z' }, NOW)).toBe('locked')
  expect(stateOf({ ...plain, locked, endedAt: '2026-11-27T07:30:00Z' }, NOW)).toBe('ended')
})
