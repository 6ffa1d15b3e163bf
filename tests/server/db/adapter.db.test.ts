import { afterAll, describe, expect, test } from 'vitest'
import { sql } from '../../../server/db/sql.ts'
import { openTestDb } from '../../helpers/db.ts'

const db = openTestDb()
afterAll(() => db.close())

describe('both engines answer alike', () => {
  test('64-bit integers and numerics are numbers, dates are text, timestamps are instants, JSON is parsed, bytes are bytes', async () => {
    const [row] = await db.query(sql`select 9007199254740991::int8 as big, 1.25::numeric as amount, date '2026-02-28' as day, timestamptz '2026-01-02 03:04:05+08' as instant,
      '{"a":[1,null]}'::jsonb as json, decode('00ff10', 'hex') as bytes, array[1,2]::int[] as list, null::text as nothing, 'true'::boolean as yes, 1.5::float8 as ratio`)
    expect(row).toEqual({
      big: 9_007_199_254_740_991,
      amount: 1.25,
      day: '2026-02-28',
      instant: new Date('2026-01-01T19:04:05Z'),
      json: { a: [1, null] },
      bytes: Buffer.from([0, 255, 16]),
      list: [1, 2],
      nothing: null,
      yes: true,
      ratio: 1.5,
    })
  })

  test('times inside JSON are in UTC, whatever the server’s own clock zone', async () => {
    const [row] = await db.query<{ at: string }>(sql`select to_json(timestamptz '2026-01-02 03:04:05+08') as at`)
    expect(row?.at).toBe('2026-01-01T19:04:05+00:00')
  })

  test('errors carry the SQLSTATE and the name of the constraint', async () => {
    await db.exec('create table if not exists adapter_test (n integer constraint adapter_test_pkey primary key)')
    await db.query(sql`delete from adapter_test`)
    await db.query(sql`insert into adapter_test values (1)`)
    await expect(db.query(sql`insert into adapter_test values (1)`)).rejects.toMatchObject({ code: '23505', constraint: 'adapter_test_pkey' })
    await expect(db.query(sql`select nothing_here`)).rejects.toMatchObject({ code: '42703' })
  })

  test('a statement larger than a packet arrives whole', async () => {
    const [row] = await db.query<{ n: number }>(sql`select length(${'绣'.repeat(1_000_000)}) as n`)
    expect(row?.n).toBe(1_000_000)
  })
})

describe('transactions', () => {
  test('keep everything or nothing', async () => {
    await db.exec('create table if not exists adapter_test (n integer constraint adapter_test_pkey primary key)')
    await db.query(sql`delete from adapter_test`)
    await expect(
      db.transaction(async (tx) => {
        await tx.query(sql`insert into adapter_test values (1)`)
        throw new Error('on second thoughts')
      }),
    ).rejects.toThrow('on second thoughts')
    expect(await db.query(sql`select n from adapter_test`)).toEqual([])
    expect(
      await db.transaction(async (tx) => {
        await tx.query(sql`insert into adapter_test values (2)`)
        return 'kept'
      }),
    ).toBe('kept')
    expect(await db.query(sql`select n from adapter_test`)).toEqual([{ n: 2 }])
  })

  test('refuse the outer connection inside, which on one connection would wait for itself', async () => {
    await expect(db.transaction(() => db.query(sql`select 1`))).rejects.toThrow(/use the tx/)
    expect(await db.query(sql`select 1 as one`)).toEqual([{ one: 1 }])
  })

  test('refuse a statement sent through them after they have ended', async () => {
    const tx = await db.transaction(async (given) => given)
    await expect(tx.query(sql`select 1`)).rejects.toThrow(/has ended/)
  })

  test('fail at the end when a statement had failed and its error was swallowed, since nothing was kept', async () => {
    const work = db.transaction(async (tx) => {
      await tx.query(sql`insert into adapter_test values (9)`)
      await tx.query(sql`select 1 / 0`).catch(() => [])
    })
    await expect(work).rejects.toMatchObject({ code: '25P02' })
    expect(await db.query(sql`select n from adapter_test where n = 9`)).toEqual([])
  })

  test('take statements sent side by side in turn', async () => {
    const rows = await db.transaction((tx) => Promise.all([1, 2, 3].map((n) => tx.query<{ n: number }>(sql`select ${n}::int as n`))))
    expect(rows.flat()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  })

  test('that are aborted roll back and leave the connection usable', async () => {
    await db.query(sql`delete from adapter_test`)
    const stop = new AbortController()
    const work = db.transaction(
      async (tx) => {
        await tx.query(sql`insert into adapter_test values (7)`)
        stop.abort(new Error('the caller went away'))
        await tx.query(sql`insert into adapter_test values (8)`)
      },
      { signal: stop.signal },
    )
    await expect(work).rejects.toThrow('the caller went away')
    expect(await db.query(sql`select n from adapter_test`)).toEqual([])
  })
})

describe('aborting', () => {
  test('before a statement begins keeps it from being sent', async () => {
    await db.query(sql`delete from adapter_test`)
    const stop = AbortSignal.abort(new Error('too late'))
    await expect(db.query(sql`insert into adapter_test values (1)`, { signal: stop })).rejects.toThrow('too late')
    expect(await db.query(sql`select n from adapter_test`)).toEqual([])
  })

  test('a running statement answers the caller at once, and the next one is served', async () => {
    const stop = new AbortController()
    const begun = performance.now()
    const running = db.query(sql`select count(*) from generate_series(1, 4000000)`, { signal: stop.signal })
    setTimeout(() => stop.abort(new Error('the reader left')), 30)
    await expect(running).rejects.toThrow('the reader left')
    expect(performance.now() - begun).toBeLessThan(1500)
    expect(await db.query(sql`select 2 as two`)).toEqual([{ two: 2 }])
  })

  test('while waiting for a connection gives the turn to the next', async () => {
    const stop = new AbortController()
    const others = Array.from({ length: 6 }, () => db.query(sql`select count(*) from generate_series(1, 200000)`))
    const waiting = db.query(sql`select 1`, { signal: stop.signal })
    stop.abort(new Error('no longer'))
    await expect(waiting).rejects.toThrow('no longer')
    await Promise.all(others)
    expect(await db.query(sql`select 3 as three`)).toEqual([{ three: 3 }])
  })
})
