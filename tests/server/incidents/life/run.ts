/** Many plays at once, each lane with a server whose clock is its own. */
import fc from 'fast-check'
import type { Principal } from '../../../../server/access/principal.ts'
import type { Db } from '../../../../server/db/db.ts'
import { aContext, openTestApi } from '../../../helpers/api.ts'
import type { TestCity } from '../../../helpers/db.ts'
import { checkChains } from './check.ts'
import type { Stage } from './desk.ts'
import { play } from './play.ts'
import { aScheme, type CaseScheme } from './reference.ts'
import { script } from './script.ts'
import { newTally, type Tally } from './tally.ts'

async function openStage(db: Db, scheme: CaseScheme): Promise<Stage> {
  const clock = { at: Date.now() }
  const principals = new Map<string, Principal>()
  const context = aContext(db, { clock: () => new Date(clock.at) })
  const api = await openTestApi({ ...context, identify: async (request) => principals.get(String(request.headers['x-test-person'])) ?? context.identify(request) })
  return { db, api, clock, principals, scheme }
}

export interface Wanted {
  sequences: number
  lanes: number
  seed: number
  /** No further sequence begins after this instant. */
  until?: number
  onSequence?: (tally: Tally) => void
}

/**
 * Plays so many sequences of random commands by random people and checks every answer and every table; at the end the log's chains.
 * @throws with seed, path and story of the first sequence that goes otherwise than the books say.
 */
export async function playMany(db: Db, { sequences, lanes, seed, until = Infinity, onSequence }: Wanted): Promise<{ tally: Tally; links: number }> {
  const scheme = await aScheme(db)
  const tally = newTally()
  const cities: TestCity[] = []
  const lane = async (index: number): Promise<void> => {
    const stage = await openStage(db, scheme)
    try {
      await fc.assert(
        fc.asyncProperty(script, async (one) => {
          if (Date.now() > until) return
          const played = await play(stage, one)
          cities.push(played.city)
          tally.add(played.tally)
          onSequence?.(tally)
        }),
        { numRuns: Math.ceil((sequences - index) / lanes), seed: seed + index, endOnFailure: true },
      )
    } finally {
      await stage.api.close()
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, sequences) }, (_, index) => lane(index)))
  return { tally, links: await checkChains(db, cities) }
}
