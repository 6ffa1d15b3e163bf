/**
 * Waits that grow with failed attempts: some are free, then each further one doubles the wait up to a ceiling. Forgotten when nothing
 * happened for a while. In memory and bounded; what must survive a restart is kept with the account.
 */
export interface AttemptLimits {
  free: number
  firstWaitMilliseconds: number
  longestWaitMilliseconds: number
}

export const ACCOUNT_LIMITS: AttemptLimits = { free: 5, firstWaitMilliseconds: 10_000, longestWaitMilliseconds: 15 * 60_000 }
/** An address may be a whole office behind one router: more is free, and nobody behind it waits for longer than a minute. */
export const ADDRESS_LIMITS: AttemptLimits = { free: 30, firstWaitMilliseconds: 1_000, longestWaitMilliseconds: 60_000 }

const FORGET_AFTER_MILLISECONDS = 60 * 60_000
const LARGEST = 20_000

/** Milliseconds to wait after so many failures in a row. */
export function waitAfter(failures: number, limits: AttemptLimits): number {
  if (failures < limits.free) return 0
  return Math.min(limits.longestWaitMilliseconds, limits.firstWaitMilliseconds * 2 ** Math.min(30, failures - limits.free))
}

export interface Attempts {
  /** Takes an attempt, counted as failed until `clear`. @returns milliseconds still to wait; 0 when it may be made. */
  take(key: string, at: number): number
  clear(key: string): void
}

export function createAttempts(limits: AttemptLimits, largest = LARGEST): Attempts {
  const seen = new Map<string, { failures: number; lastAt: number; openAt: number }>()
  return {
    take(key, at) {
      const before = seen.get(key)
      if (before && before.openAt > at) return before.openAt - at
      const failures = (before && at - before.lastAt < FORGET_AFTER_MILLISECONDS ? before.failures : 0) + 1
      // Set anew, so that the map's first key is always the one that rested longest.
      seen.delete(key)
      seen.set(key, { failures, lastAt: at, openAt: at + waitAfter(failures, limits) })
      if (seen.size > largest) seen.delete(seen.keys().next().value ?? key)
      return 0
    },
    clear: (key) => void seen.delete(key),
  }
}
