import { inject } from 'vitest'
import { v7 as uuidv7 } from 'uuid'
import type { Db } from '../../server/db/db.ts'
import { connectEmbedded } from '../../server/db/embedded-connection.ts'
import { openPostgres } from '../../server/db/postgres.ts'
import { sql } from '../../server/db/sql.ts'

/** The migrated database of this run. Each test makes its own city, so tests do not meet. Close it in `afterAll`. */
export function openTestDb(): Db {
  const address = inject('databaseUrl')
  const report = (error: Error) => console.error(error.message)
  if (inject('databaseEngine') === 'embedded') return connectEmbedded({ socketPath: () => address, report })
  return openPostgres({ connectionString: address, maxConnections: 4, onError: report })
}

export interface TestCity {
  cityId: number
  key: string
}

/** A fresh, empty city, measured in CGCS2000 / 3-degree Gauss-Kruger CM 114E unless told. */
export async function aCity(db: Db, options: { measureSrid?: number } = {}): Promise<TestCity> {
  const id = uuidv7()
  const key = `t${id.replaceAll('-', '').slice(8)}`
  const rows = await db.query<{ id: number }>(sql`insert into cities (public_id, key, name_zh, name_en, measure_srid, measure_name)
    values (${id}, ${key}, '测试市', 'Test City', ${options.measureSrid ?? 4547}, 'CGCS2000 / 3-degree Gauss-Kruger CM 114E') returning id`)
  return { cityId: rows[0]!.id, key }
}
