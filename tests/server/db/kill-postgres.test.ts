import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Db } from '../../../server/db/db.ts'
import { openPostgres } from '../../../server/db/postgres.ts'
import { sql } from '../../../server/db/sql.ts'
import { compareLedger, makeLedgerTable, readLedger, writeLedgerRow } from '../../helpers/ledger.ts'
import { anOwnPostgres, findPostgresBinaries, type OwnPostgres } from '../../helpers/own-postgres.ts'

const KILLS = 20
const WRITERS = 4
const binaries = existsSync('/proc') ? findPostgresBinaries() : undefined

describe.skipIf(!binaries)(`kill -9 on PostgreSQL${binaries ? '' : ' (skipped: this machine has no PostgreSQL server binaries)'}`, () => {
  let server: OwnPostgres
  let db: Db
  const reported: Error[] = []

  beforeAll(async () => {
    server = await anOwnPostgres(binaries ?? '')
    db = openPostgres({ connectionString: server.url, onError: (error) => reported.push(error) })
    await makeLedgerTable(db)
  }, 120_000)
  afterAll(async () => {
    await db.close()
    await server.remove()
  })

  test(
    `loses no acknowledged row in ${KILLS} kills of backends and of the whole server, the pool comes back by itself, and so does the doorbell`,
    async () => {
      const acknowledged: number[] = []
      let uncertain = 0
      let next = 1
      let stopped = false
      let heard = 0
      await db.listen('test_bell', () => (heard += 1))

      const writer = async () => {
        while (!stopped) {
          const n = next++
          try {
            await writeLedgerRow(db, n)
            acknowledged.push(n)
          } catch (error) {
            // What it failed with must be one of the codes that mean: try again.
            expect(String((error as { code?: string }).code)).toMatch(/^(08006|57P0[123]|53300)$/)
            uncertain += 1
            await new Promise((resolve) => setTimeout(resolve, 50))
          }
        }
      }
      const writers = Array.from({ length: WRITERS }, writer)
      const moreThan = (count: number) => expect.poll(() => acknowledged.length, { timeout: 60_000, interval: 20 }).toBeGreaterThan(count)
      try {
        for (let kill = 0; kill < KILLS; kill += 1) {
          await moreThan(acknowledged.length + 20)
          if (kill % 4 === 3) {
            await server.killServer()
            await server.start()
          } else {
            const [backend] = await db.query<{ pid: number }>(sql`select pid from pg_stat_activity where application_name = 'xiucheng' and pid <> pg_backend_pid() limit 1`)
            if (backend) server.killBackend(backend.pid)
          }
        }
        await moreThan(acknowledged.length + 20)
      } finally {
        stopped = true
        await Promise.all(writers)
      }
      const { lost, torn, unacknowledged } = compareLedger(acknowledged, await readLedger(db))
      expect({ lost, torn }).toEqual({ lost: [], torn: [] })
      expect(unacknowledged.length).toBeLessThanOrEqual(uncertain)
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
    240_000,
  )
})
