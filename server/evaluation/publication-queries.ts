import type { Publication } from '../contract/evaluation.ts'
import type { ObjectKind } from '../contract/evaluation-objects.ts'
import type { Cycle } from '../contract/evaluation-periods.ts'
import type { Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'

export interface PublicationRow extends Publication {
  periodId: number
  ruleId: number
}

const COLUMNS: Sql = sql`p.id as "periodId", p.rule_id as "ruleId", p.public_id as id, p.cycle, p.from_day::text as "fromDay", p.until_day::text as "untilDay", p.version, p.registry_version as "registryVersion",
  (select r.version from evaluation_rules r where r.id = p.rule_id) as "ruleVersion",
  to_char(p.as_of at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "asOf", to_char(p.published_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "publishedAt",
  p.published_by as "publishedBy", p.note, p.content_hash as "contentHash",
  coalesce((select json_agg(o.object_kind order by o.object_kind) from evaluation_results o where o.period_id = p.id and o.ordinal = 0), '[]'::json) as objects`

/** Newest periods first, of one period the newest version first. */
export function listPublications(db: Queryable, cityId: number, cycle: Cycle | undefined, limit: number): Promise<PublicationRow[]> {
  return db.query(sql`select ${COLUMNS} from evaluation_periods p where p.city_id = ${cityId} and (${cycle ?? null}::text is null or p.cycle = ${cycle ?? null}::text)
    order by p.until_day desc, p.cycle, p.version desc limit ${limit}`)
}

export async function findPublication(db: Queryable, cityId: number, publicId: string): Promise<PublicationRow | undefined> {
  return (await db.query<PublicationRow>(sql`select ${COLUMNS} from evaluation_periods p where p.city_id = ${cityId} and p.public_id = ${publicId}::uuid`))[0]
}

/** Keeps two publishers of a city apart, and answers the newest version of the period. */
export async function takeLastVersion(tx: Queryable, cityId: number, cycle: Cycle, fromDay: string): Promise<number> {
  await tx.query(sql`select from cities where id = ${cityId} for update`)
  const rows = await tx.query<{ version: number }>(sql`select coalesce(max(version), 0) as version from evaluation_periods where city_id = ${cityId} and cycle = ${cycle} and from_day = ${fromDay}::date`)
  return rows[0]?.version ?? 0
}

export interface NewPublication {
  id: string
  cityId: number
  cycle: Cycle
  fromDay: string
  untilDay: string
  version: number
  registryVersion: number
  ruleId: number
  asOf: string
  publishedById: number | null
  publishedBy: string
  note: string | null
  contentHash: string
}

export async function insertPublication(tx: Queryable, row: NewPublication): Promise<number> {
  const rows = await tx.query<{ id: number }>(sql`insert into evaluation_periods (public_id, city_id, cycle, from_day, until_day, version, registry_version, rule_id, as_of, published_at, published_by_id, published_by, note, content_hash)
    values (${row.id}, ${row.cityId}, ${row.cycle}, ${row.fromDay}::date, ${row.untilDay}::date, ${row.version}, ${row.registryVersion}, ${row.ruleId}, ${row.asOf}::timestamptz, ${row.asOf}::timestamptz,
      ${row.publishedById}, ${row.publishedBy}, ${row.note}, ${row.contentHash}) returning id`)
  if (!rows[0]) throw new TypeError('an inserted publication answered no id')
  return rows[0].id
}

export interface FrozenRow {
  kind: ObjectKind
  ordinal: number
  /** JSON text. */
  content: string
}

export async function insertResults(tx: Queryable, periodId: number, rows: readonly FrozenRow[]): Promise<void> {
  await tx.query(sql`insert into evaluation_results (period_id, object_kind, ordinal, content)
    select ${periodId}::bigint, given.kind, given.ordinal, given.content::jsonb
    from unnest(${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.ordinal)}::integer[], ${rows.map((row) => row.content)}::text[]) as given(kind, ordinal, content)`)
}

export async function listResults(db: Queryable, periodId: number, kind: ObjectKind): Promise<unknown[]> {
  return (await db.query<{ content: unknown }>(sql`select content from evaluation_results where period_id = ${periodId} and object_kind = ${kind} order by ordinal`)).map((row) => row.content)
}
