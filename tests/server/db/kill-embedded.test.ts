import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aDataFolder } from '../../helpers/data-folder.ts'
import { compareLedger } from '../../helpers/ledger.ts'
import { startLedgerWriter } from '../../helpers/ledger-process.ts'
import { killEmbedded } from '../incidents/life/killed-embedded.ts'

const KILLS = 20

describe('kill -9 on the embedded engine', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await aDataFolder()
  }, 120_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test(
    `of what people at work on cases were told, nothing is lost or done by half in ${KILLS} kills, of the program and of the engine alone`,
    async () => {
      const { told } = await killEmbedded(folder, { kills: KILLS, between: 5, workers: 4, seed: 20_261_123, targets: ['engine', 'engine', 'program', 'engine'] })
      expect(told.steps).toBeGreaterThan(KILLS * 2)
      expect(told.repeated).toBeGreaterThan(0)
    },
    1_200_000,
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
