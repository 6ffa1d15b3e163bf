import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aDataFolder } from '../../helpers/data-folder.ts'
import { compareLedger } from '../../helpers/ledger.ts'
import { startLedgerWriter } from '../../helpers/ledger-process.ts'

const KILLS = 20

/** A small generator with a known seed, so that a failing run can be played again. */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

describe('kill -9 on the embedded engine', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await aDataFolder()
  }, 120_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test(
    `loses no acknowledged row in ${KILLS} kills under write load, and leaves none written by half`,
    async () => {
      const seed = 20_261_123
      const next = numbersFrom(seed)
      const acknowledged: number[] = []
      let inFlight = 0
      for (let kill = 0; kill <= KILLS; kill += 1) {
        const writer = await startLedgerWriter(folder)
        const { lost, torn, unacknowledged } = compareLedger(acknowledged, writer.rows)
        expect({ kill, seed, lost, torn }).toEqual({ kill, seed, lost: [], torn: [] })
        // At most the one row that was being written at each kill may be there without anybody having been told.
        expect(unacknowledged.length).toBeLessThanOrEqual(inFlight)
        acknowledged.push(...unacknowledged)
        inFlight = 1
        await writer.hasAcknowledged(1 + Math.floor(next() * 60))
        await writer.kill()
        acknowledged.push(...writer.acknowledged)
      }
      expect(acknowledged.length).toBeGreaterThan(KILLS * 5)
    },
    300_000,
  )

  test(
    'the harness itself notices a row that is acknowledged before it is committed',
    async () => {
      const own = await aDataFolder()
      try {
        const writer = await startLedgerWriter(own, 'early')
        await writer.hasAcknowledged(5)
        await writer.kill()
        const after = await startLedgerWriter(own)
        await after.kill()
        expect(compareLedger(writer.acknowledged, after.rows).lost).toEqual([5])
      } finally {
        await rm(own, { recursive: true, force: true })
      }
    },
    120_000,
  )
})
