import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EmbeddedDb, openEmbedded } from '../../../server/db/embedded.ts'
import { sql } from '../../../server/db/sql.ts'
import { aDataFolder } from '../../helpers/data-folder.ts'

const ENDLESS = sql`select count(*) from generate_series(1, 100000000000)`

describe('the embedded engine', () => {
  let folder = ''
  let db: EmbeddedDb
  const reported: string[] = []
  const open = (options: { durable?: boolean; statementTimeoutMs?: number } = {}) => openEmbedded({ dataDirectory: folder, onError: (error) => reported.push(error.message), ...options })

  beforeAll(async () => {
    folder = await aDataFolder()
    db = await open()
    await db.exec('create table kept (n integer primary key)')
  }, 180_000)
  afterAll(async () => {
    await db.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('a commit reaches the disk before it is acknowledged: at least one fsync for each', async () => {
    for (let n = 0; n < 20; n += 1) {
      const before = db.embedded.fsyncs
      await db.query(sql`insert into kept (n) values (${n})`)
      expect(db.embedded.fsyncs).toBeGreaterThan(before)
    }
  })

  test('reading causes no fsync, so that the count above tells of commits', async () => {
    await db.query(sql`select count(*) from kept`)
    const before = db.embedded.fsyncs
    for (let n = 0; n < 20; n += 1) await db.query(sql`select count(*) from kept`)
    expect(db.embedded.fsyncs).toBe(before)
  })

  test('a second opener is refused with the holder named, and the first loses nothing', async () => {
    const begun = performance.now()
    await expect(open()).rejects.toThrow(new RegExp(`in use by process ${process.pid}`))
    expect(performance.now() - begun).toBeLessThan(2000)
    await db.query(sql`insert into kept (n) values (100)`)
    expect(await db.query(sql`select n from kept where n = 100`)).toHaveLength(1)
  })

  test('the event loop stays free while a statement runs', async () => {
    let ticks = 0
    const ticking = setInterval(() => (ticks += 1), 20)
    await db.query(sql`select count(*) from generate_series(1, 3000000)`)
    clearInterval(ticking)
    expect(ticks).toBeGreaterThan(3)
  })

  test('a statement that passes its time limit is ended (57014), others hear that the database is starting (57P03), and committed rows are intact after it opened again', async () => {
    const before = db.embedded.restarts
    const endless = db.query(ENDLESS, { timeoutMs: 300 })
    await expect(endless).rejects.toMatchObject({ code: '57014' })
    await expect(db.query(sql`select 1`)).rejects.toMatchObject({ code: '57P03' })
    await db.embedded.restart('already under way')
    expect(db.embedded.restarts).toBe(before + 1)
    const [row] = await db.query<{ n: number }>(sql`select count(*) as n from kept`)
    expect(row?.n).toBe(21)
  })

  test('a transaction whose statement is killed leaves nothing of itself', async () => {
    const work = db.transaction(
      async (tx) => {
        await tx.query(sql`insert into kept (n) values (200)`)
        await tx.query(ENDLESS)
      },
      { timeoutMs: 300 },
    )
    await expect(work).rejects.toMatchObject({ code: '57014' })
    await db.embedded.restart('already under way')
    expect(await db.query(sql`select n from kept where n = 200`)).toEqual([])
  })

  test('an instance that a statement has ruined (endless plpgsql recursion) is noticed and opened again', async () => {
    await db.exec('create or replace function recurse(n integer) returns integer language plpgsql as $$ begin return recurse(n + 1); end $$')
    await expect(db.query(sql`select recurse(1)`, { timeoutMs: 3000 })).rejects.toMatchObject({ code: expect.any(String) })
    await expect.poll(() => db.query(sql`select 1 as one`).catch(() => []), { timeout: 60_000 }).toEqual([{ one: 1 }])
  })

  test('closing waits for the statement in flight, and says in the manifest that it was clean', async () => {
    const running = db.query<{ n: number }>(sql`select count(*) as n from generate_series(1, 2000000)`)
    await Promise.all([db.close(), expect(running).resolves.toEqual([{ n: 2_000_000 }])])
    await expect(db.query(sql`select 1`)).rejects.toThrow()
    reported.length = 0
    db = await open()
    expect(reported).toEqual([])
    const [row] = await db.query<{ n: number }>(sql`select count(*) as n from kept`)
    expect(row?.n).toBe(21)
  }, 60_000)

  test('doorbells ring inside the process', async () => {
    const heard: string[] = []
    const stop = await db.listen('test_bell', (payload) => heard.push(payload))
    await db.notify('test_bell', 'ding')
    await stop()
    await db.notify('test_bell', 'dong')
    expect(heard).toEqual(['ding'])
  })

  test('without the file-system hook the first test would fail: nothing is synced then', async () => {
    await db.close()
    db = await open({ durable: false })
    await db.query(sql`insert into kept (n) values (300)`)
    expect(db.embedded.fsyncs).toBe(0)
  }, 60_000)
})
