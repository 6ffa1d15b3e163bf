import type { IncomingMessage } from 'node:http'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { checkAccess } from '../http/guard.ts'

/** Open feeds are looked at again so often; with what the doorkeeper remembers, a revocation counts within five seconds. */
const LOOK_EVERY_MILLISECONDS = 3_000

export interface FeedWatch {
  /** Ends a feed when whoever reads it may no longer. @returns what stops the watch over it. */
  add(request: IncomingMessage, cityKey: string, end: () => void): () => void
}

/** Watches over open feeds: one statement for all of them, none while there are none. */
export function createFeedWatch(context: Pick<AppContext, 'doorkeeper' | 'log'>, lookEveryMilliseconds = LOOK_EVERY_MILLISECONDS): FeedWatch {
  const feeds = new Map<IncomingMessage, { cityKey: string; end: () => void }>()
  let timer: NodeJS.Timeout | undefined

  async function look(): Promise<void> {
    const requests = [...feeds.keys()]
    const principals = await context.doorkeeper.identifyAgain(requests)
    requests.forEach((request, index) => {
      const feed = feeds.get(request)
      const principal = principals[index]
      if (!feed) return
      try {
        if (!principal) throw new AppError('unauthenticated', 'The session has ended.')
        checkAccess(principal, 'city.read', feed.cityKey)
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        feeds.delete(request)
        feed.end()
      }
    })
  }

  function schedule(): void {
    timer = setTimeout(() => {
      look()
        .catch((error: unknown) => context.log.warn({ err: error }, 'the readers of the live feed could not be looked at'))
        .finally(() => (feeds.size > 0 ? schedule() : (timer = undefined)))
    }, lookEveryMilliseconds).unref()
  }

  return {
    add(request, cityKey, end) {
      feeds.set(request, { cityKey, end })
      if (!timer) schedule()
      return () => void feeds.delete(request)
    },
  }
}
