import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { SYSTEM } from '../../../server/access/principal.ts'
import { createAnchoring } from '../../../server/audit/anchor.ts'
import { hashEntry, recordAudit } from '../../../server/audit/audit.ts'
import { listEntriesInOrder } from '../../../server/audit/chain-queries.ts'
import { closeDays } from '../../../server/audit/roots.ts'
import { verifyAudit } from '../../../server/audit/verify.ts'
import type { Queryable } from '../../../server/db/db.ts'
import { sql } from '../../../server/db/sql.ts'
import { openTestDb } from '../../helpers/db.ts'

const db = openTestDb()
const folder = mkdtempSync(path.join(os.tmpdir(), 'xiucheng-audit-'))
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await db.close()
})

/** Days long before anything else in this database, each test its own. */
let month = 0
const days = () => {
  month++
  const year = 1901 + Math.floor(month / 12)
  const prefix = `${year}-${String((month % 12) + 1).padStart(2, '0')}`
  return { first: `${prefix}-01`, second: `${prefix}-02`, span: { from: `${prefix}-01`, to: `${prefix}-28` }, empty: path.join(folder, `none-${month}`) }
}

async function write(day: string, domain: string, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await db.transaction((tx) => recordAudit(tx, { ...SYSTEM, name: '张 "三"\n' }, null, { domain, action: 'transitionIncident', objectKind: 'incident', objectId: `case-${index}`, details: { from: 'a', to: 'b', amount: index / 3, 中文: ['一', null] } }, new Date(`${day}T08:00:${String(index).padStart(2, '0')}.123Z`)))
  }
}

/** What a superuser can do: switch the guards off and rewrite. */
async function tamper(work: (tx: Queryable) => Promise<void>): Promise<void> {
  const tables = [sql`audit_entries`, sql`audit_heads`, sql`audit_roots`]
  await db.transaction(async (tx) => {
    for (const table of tables) await tx.query(sql`alter table ${table} disable trigger user`)
    await work(tx)
    for (const table of tables) await tx.query(sql`alter table ${table} enable trigger user`)
  })
}

test('entries written by many at once make one chain without holes; what was written verifies', async () => {
  const { first, span, empty } = days()
  await Promise.all(Array.from({ length: 8 }, () => write(first, 'incidents/03', 5)))
  await write(first, 'accounts', 2)
  const report = await verifyAudit(db, empty, span)
  expect(report).toMatchObject({ isWhole: true, broken: null, chains: 2, entries: 42 })
})

test('an ordinary statement cannot change the log, whoever sends it', async () => {
  const { first } = days()
  await write(first, 'exports', 1)
  await expect(db.query(sql`update audit_entries set actor = 'somebody else' where day = ${first}::date`)).rejects.toThrow(/append-only/)
  await expect(db.query(sql`delete from audit_entries where day = ${first}::date`)).rejects.toThrow(/append-only/)
  await expect(db.query(sql`delete from audit_heads where day = ${first}::date`)).rejects.toThrow(/append-only/)
  await expect(db.exec('truncate audit_entries')).rejects.toThrow(/append-only/)
  await expect(db.exec('truncate audit_roots')).rejects.toThrow(/append-only/)
})

describe('what a superuser changes is found, at its place', () => {
  test('any column of any entry', async () => {
    const { first, span, empty } = days()
    await write(first, 'reference', 6)
    const changes = [
      sql`actor = 'somebody else'`, sql`actor_roles = 'leader'`, sql`at = at + interval '1 microsecond'`, sql`details = details || '{"to":"c"}'`, sql`outcome = 'refused'`, sql`object_id = 'case-99'`,
      sql`action = 'other'`, sql`address = '10.0.0.1'`, sql`hash = 'f' || substr(hash, 2)`, sql`previous_hash = 'f' || substr(previous_hash, 2)`,
    ]
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.nat(changes.length - 1), async (sequence, change) => {
        const before = await db.query<{ row: string }>(sql`select row_to_json(e)::text as row from audit_entries e where domain = 'reference' and day = ${first}::date and sequence = ${sequence}`)
        await tamper(async (tx) => void (await tx.query(sql`update audit_entries set ${changes[change]!} where domain = 'reference' and day = ${first}::date and sequence = ${sequence}`)))
        const { broken } = await verifyAudit(db, empty, span)
        await tamper(async (tx) => {
          await tx.query(sql`delete from audit_entries where domain = 'reference' and day = ${first}::date and sequence = ${sequence}`)
          await tx.query(sql`insert into audit_entries select * from json_populate_record(null::audit_entries, ${before[0]!.row}::json)`)
        })
        expect(broken).toMatchObject({ domain: 'reference', day: first, sequence })
        expect((await verifyAudit(db, empty, span)).isWhole).toBe(true)
      }),
      { numRuns: 25 },
    )
  })

  test('an entry taken out of the middle, and two that change places', async () => {
    const { first, second, span, empty } = days()
    await write(first, 'imports', 5)
    await write(second, 'imports', 3)
    await tamper(async (tx) => void (await tx.query(sql`delete from audit_entries where domain = 'imports' and day = ${first}::date and sequence = 3`)))
    expect((await verifyAudit(db, empty, span)).broken).toMatchObject({ domain: 'imports', day: first, sequence: 3, why: expect.stringMatching(/missing/) as string })
    const other = { from: second, to: second }
    await tamper(async (tx) => void (await tx.query(sql`update audit_entries e set action = o.action, object_id = o.object_id, details = o.details from audit_entries o
      where e.domain = 'imports' and e.day = ${second}::date and o.domain = e.domain and o.day = e.day and (e.sequence, o.sequence) in ((1, 2), (2, 1))`)))
    expect((await verifyAudit(db, empty, other)).broken).toMatchObject({ sequence: 1, why: expect.stringMatching(/content/) as string })
  })

  test('an end that was cut off, by the noted end', async () => {
    const { first, span, empty } = days()
    await write(first, 'coverage', 4)
    await tamper(async (tx) => void (await tx.query(sql`delete from audit_entries where domain = 'coverage' and day = ${first}::date and sequence = 4`)))
    expect((await verifyAudit(db, empty, span)).broken).toMatchObject({ domain: 'coverage', day: first, sequence: 4, why: expect.stringMatching(/cut/) as string })
  })

  test('an end that was cut off with the noted end set back, by the root of the day', async () => {
    const { first, second, span, empty } = days()
    await write(first, 'coverage', 4)
    await write(second, 'coverage', 1)
    await closeDays(db, second, new Date())
    await tamper(async (tx) => {
      await tx.query(sql`delete from audit_entries where domain = 'coverage' and day = ${first}::date and sequence = 4`)
      await tx.query(sql`update audit_heads h set last_sequence = 3, last_hash = e.hash from audit_entries e where h.domain = 'coverage' and h.day = ${first}::date and e.domain = h.domain and e.day = h.day and e.sequence = 3`)
    })
    expect((await verifyAudit(db, empty, span)).broken).toMatchObject({ domain: null, day: first, why: expect.stringMatching(/root/) as string })
  })

  test('a chain written anew with its hashes, its noted end and its root, by the anchor outside the database', async () => {
    const { first, second, span } = days()
    const outside = path.join(folder, `anchor-${month}`)
    await write(first, 'dispatch', 4)
    // Anchored as of a moment of that same day, when it was still open.
    await createAnchoring(db, outside).note(new Date(`${first}T12:00:00Z`))
    expect(await verifyAudit(db, outside, span)).toMatchObject({ isWhole: true, anchored: 1 })
    await write(second, 'dispatch', 1)
    const place = { domain: 'dispatch', day: first }
    await tamper(async (tx) => {
      let previousHash = ''
      for (const entry of (await listEntriesInOrder(tx, { from: first, to: first }, null, 100)).filter((row) => row.domain === 'dispatch')) {
        const { hash: _hash, ...rest } = entry
        const forged = { ...rest, at: `${entry.at.slice(0, -3)}Z`, actor: entry.sequence === 2 ? '替罪羊' : entry.actor, previousHash }
        previousHash = hashEntry(forged)
        await tx.query(sql`update audit_entries set actor = ${forged.actor}, previous_hash = ${forged.previousHash}, hash = ${previousHash} where domain = ${place.domain} and day = ${place.day}::date and sequence = ${entry.sequence}`)
      }
      await tx.query(sql`update audit_heads set last_hash = ${previousHash} where domain = ${place.domain} and day = ${place.day}::date`)
    })
    expect((await verifyAudit(db, path.join(folder, 'nowhere'), span)).isWhole).toBe(true)
    expect((await verifyAudit(db, outside, span)).broken).toMatchObject({ domain: 'dispatch', day: first, sequence: 4, why: expect.stringMatching(/anchored/) as string })
  })
})

test('a closed day takes no more entries: a late one goes into the first open day, and everything verifies', async () => {
  const { first, second, span, empty } = days()
  await write(first, 'evaluation', 2)
  const roots = await closeDays(db, second, new Date())
  expect(roots.at(-1)).toMatchObject({ day: first, chains: 1, entries: 2 })
  expect(await closeDays(db, second, new Date())).toEqual([])
  await write(first, 'evaluation', 1)
  const rows = await db.query<{ day: string; sequence: number }>(sql`select day, sequence from audit_entries where domain = 'evaluation' and day >= ${first}::date and day <= ${span.to}::date order by day, sequence`)
  expect(rows).toEqual([{ day: first, sequence: 1 }, { day: first, sequence: 2 }, { day: second, sequence: 1 }])
  expect(await verifyAudit(db, empty, span)).toMatchObject({ isWhole: true, roots: 1, entries: 3 })
})
