/** How an account stands, in one word, for lists and its own page. Pure. */
import type { Account } from '../../server/contract/people.ts'

export type AccountState = 'active' | 'locked' | 'waiting' | 'ended' | 'mustChange'

/** The gravest that holds: ended before locked before slowed before a password that has to be changed. */
export function stateOf(account: Pick<Account, 'endedAt' | 'locked' | 'lockedUntil' | 'mustChangePassword'>, now: number): AccountState {
  if (account.endedAt !== null) return 'ended'
  if (account.locked !== null) return 'locked'
  if (account.lockedUntil !== null && Date.parse(account.lockedUntil) > now) return 'waiting'
  return account.mustChangePassword ? 'mustChange' : 'active'
}
