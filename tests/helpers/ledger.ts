/** What an outside client was told is on disk, held against what is there after a fault. */
import { createHash } from 'node:crypto'
import type { Db } from '../../server/db/db.ts'
import { sql } from '../../server/db/sql.ts'

export interface LedgerRow {
  n: number
  hash: string
}

export function hashOf(n: number): string {
  return createHash('sha256').update(`row ${n}`).digest('hex')
}

export async function makeLedgerTable(db: Db): Promise<void> {
  await db.exec('create table if not exists ledger (n integer primary key, hash text not null, twin boolean not null)')
}

/** One change in two rows: half of it must never be seen. */
export async function writeLedgerRow(db: Db, n: number): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(sql`insert into ledger (n, hash, twin) values (${n}, ${hashOf(n)}, false)`)
    await tx.query(sql`insert into ledger (n, hash, twin) values (${-n}, ${hashOf(n)}, true)`)
  })
}

export function readLedger(db: Db): Promise<LedgerRow[]> {
  return db.query<LedgerRow>(sql`select n, hash from ledger order by n`)
}

export interface Comparison {
  /** Acknowledged, and not there or with another content. */
  lost: number[]
  /** Written by half. */
  torn: number[]
  /** There, and never acknowledged: the one in flight when the fault came. */
  unacknowledged: number[]
}

export function compareLedger(acknowledged: Iterable<number>, rows: readonly LedgerRow[]): Comparison {
  const found = new Map(rows.map((row) => [row.n, row.hash]))
  const told = new Set(acknowledged)
  return {
    lost: [...told].filter((n) => found.get(n) !== hashOf(n) || found.get(-n) !== hashOf(n)),
    torn: rows.map((row) => row.n).filter((n) => !found.has(-n)),
    unacknowledged: rows.map((row) => row.n).filter((n) => n > 0 && !told.has(n)),
  }
}
