import { LIVE_CHANNEL } from '../contract/live.ts'
import type { Db } from '../db/db.ts'

/** Every NOTIFY takes one lock of the whole server at commit, so that many of them cost more than the writes they tell of. */
const SHORTEST_PAUSE_MILLISECONDS = 100

interface Bell {
  timer: NodeJS.Timeout | undefined
  rungAt: number
}

const bells = new WeakMap<Db, Bell>()

/**
 * Rings the doorbell of the live feed after a commit: at once when it was quiet, else once for all at the end of 100 ms.
 * A lost ring costs the reader no event, only the wait until its next look: so a failure goes to `onError` and no further.
 */
export function ringLive(db: Db, onError: (error: unknown) => void): void {
  const bell = bells.get(db) ?? { timer: undefined, rungAt: -Infinity }
  bells.set(db, bell)
  if (bell.timer) return
  const wait = bell.rungAt + SHORTEST_PAUSE_MILLISECONDS - performance.now()
  const ring = () => {
    bell.timer = undefined
    bell.rungAt = performance.now()
    db.notify(LIVE_CHANNEL).catch(onError)
  }
  if (wait <= 0) ring()
  else bell.timer = setTimeout(ring, wait).unref()
}
