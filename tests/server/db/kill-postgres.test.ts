import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Db } from '../../../server/db/db.ts'
import { openPostgres } from '../../../server/db/postgres.ts'
import { prepareDatabase } from '../../../server/db/prepare.ts'
import { anOwnPostgres, findPostgresBinaries, type OwnPostgres } from '../../helpers/own-postgres.ts'
import { killPostgres } from '../incidents/life/killed-postgres.ts'

const KILLS = 20
const binaries = existsSync('/proc') ? findPostgresBinaries() : undefined

describe.skipIf(!binaries)(`kill -9 on PostgreSQL${binaries ? '' : ' (skipped: this machine has no PostgreSQL server binaries)'}`, () => {
  let server: OwnPostgres
  let db: Db
  let folder = ''

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'xiucheng-killed-'))
    server = await anOwnPostgres(binaries ?? '')
    // Connections that are cut are what this test does.
    db = openPostgres({ connectionString: server.url, onError: () => {} })
    await prepareDatabase(db)
  }, 180_000)
  afterAll(async () => {
    await db.close()
    await server.remove()
    await rm(folder, { recursive: true, force: true })
  })

  test(
    `of what people at work on cases were told, nothing is lost or done by half in ${KILLS} kills of backends, of the whole server and of the program; pool and doorbell come back by themselves`,
    async () => {
      let heard = 0
      await db.listen('test_bell', () => (heard += 1))
      const { told } = await killPostgres(server, db, folder, { kills: KILLS, between: 8, workers: 4, seed: 20_261_123, targets: ['backend', 'backend', 'program', 'backend', 'server'] })
      expect(told.steps).toBeGreaterThan(KILLS * 2)
      expect(told.repeated).toBeGreaterThan(0)
      const before = heard
      await expect
        .poll(
          async () => {
            await db.notify('test_bell')
            return heard
          },
          { timeout: 15_000, interval: 200 },
        )
        .toBeGreaterThan(before)
    },
    600_000,
  )
})
