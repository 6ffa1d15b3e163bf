import type { Queryable } from '../db/db.ts'
import { type Sql, identifier, sql } from '../db/sql.ts'
import { supervisedIncident } from './queries.ts'

type Seconds = (number | null)[]

export interface LightColumns {
  ids: string[]
  blueAt: Seconds
  amberAt: Seconds
  dueAt: Seconds
  darkRedAt: Seconds
  standsAt: Seconds
  supervised: boolean[]
}

const seconds = (column: string): Sql => sql`json_agg(floor(extract(epoch from ${identifier(column)}))::bigint order by id)`

/** The marks of the running clock of every point under a filter, column by column: one row to carry, however many there are. */
export async function findLights(db: Queryable, where: Sql, limit: number): Promise<LightColumns> {
  const rows = await db.query<{ [Key in keyof LightColumns]: LightColumns[Key] | null }>(sql`
    with lit as (
      select i.id, i.public_id, c.blue_at, c.amber_at, c.due_at, c.dark_red_at, c.paused_at, ${supervisedIncident} as supervised
      from incidents i join case_clocks c on c.incident_id = i.id and c.stopped_at is null and c.stage not in ('total', 'return_window')
      where ${where} and i.geom is not null
      order by i.id limit ${limit}::int)
    select json_agg(public_id order by id) as ids, ${seconds('blue_at')} as "blueAt", ${seconds('amber_at')} as "amberAt", ${seconds('due_at')} as "dueAt",
      ${seconds('dark_red_at')} as "darkRedAt", ${seconds('paused_at')} as "standsAt", json_agg(supervised order by id) as supervised
    from lit`)
  const [row] = rows
  return { ids: row?.ids ?? [], blueAt: row?.blueAt ?? [], amberAt: row?.amberAt ?? [], dueAt: row?.dueAt ?? [], darkRedAt: row?.darkRedAt ?? [], standsAt: row?.standsAt ?? [], supervised: row?.supervised ?? [] }
}
