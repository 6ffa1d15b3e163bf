import { statfs } from 'node:fs/promises'
import type { Router } from 'express'
import type { Db } from '../db/db.ts'
import { latestMigration } from '../db/prepare.ts'
import { sql } from '../db/sql.ts'

const DATABASE_ANSWERS_WITHIN_MS = 500
const DISK_FREE_AT_LEAST = 0.05

export type Check = 'started' | 'database' | 'migration' | 'identity' | 'disk'

export interface Health {
  /** The database once it is open. */
  db: () => Db | undefined
  /** True from the end of the start to the beginning of the shutdown. */
  serving: () => boolean
  dataDirectory: string
}

/** Share of the disk that is free; 1 where the system does not say. */
async function freeShare(folder: string): Promise<number> {
  const { bavail, blocks } = await statfs(folder)
  return blocks === 0 ? 1 : bavail / blocks
}

/** Which checks fail; none means ready. */
export async function failedChecks(health: Health): Promise<Check[]> {
  const db = health.db()
  if (!health.serving() || !db) return ['started']
  const failed: Check[] = []
  let timer: NodeJS.Timeout | undefined
  try {
    const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), DATABASE_ANSWERS_WITHIN_MS)))
    // A limit on the waiting, not on the statement: a probe must never be what kills a busy engine.
    const asked = db.query<{ level: number | null; identities: number }>(
      sql`select (select max(number) from schema_migrations) as level, (select count(*) from system_identity) as identities`,
    )
    asked.catch(() => undefined)
    const row = (await Promise.race([asked, late]))?.[0]
    if (!row) failed.push('database')
    else {
      if (row.level !== (await latestMigration())) failed.push('migration')
      if (row.identities !== 1) failed.push('identity')
    }
  } catch {
    // Whatever it was, the answer is the same: not ready. The database's own errors are logged where they arise.
    failed.push('database')
  } finally {
    clearTimeout(timer)
  }
  if ((await freeShare(health.dataDirectory).catch(() => 1)) < DISK_FREE_AT_LEAST) failed.push('disk')
  return failed
}

/** `/livez`: the process turns. `/readyz`: it can serve. Neither says more than that to whoever asks. */
export function healthRoutes(router: Router, health: Health, failing: (checks: Check[]) => void): void {
  let last = ''
  router.get('/livez', (_request, response) => {
    response.set('Cache-Control', 'no-store').type('text').send('ok\n')
  })
  router.get('/readyz', async (_request, response) => {
    const failed = await failedChecks(health)
    if (failed.join() !== last && failed.length > 0 && !failed.includes('started')) failing(failed)
    last = failed.join()
    response.set('Cache-Control', 'no-store').type('text')
    if (failed.length === 0) response.send('ok\n')
    else response.status(503).set('Retry-After', '5').send('not ready\n')
  })
}
