import type { SavedFilter } from '../contract/workbench.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'
import { iso } from './queries.ts'

/** Who looks: his account and the organisations of his posts in the city. */
export interface Looker {
  accountId: number | null
  organisationIds: readonly number[]
}

/** The live views of a city that somebody sees; one of them when `id` is given. Own ones first, then by name. */
export function listSavedFilters(db: Queryable, cityId: number, looker: Looker, id?: string): Promise<SavedFilter[]> {
  return db.query<SavedFilter>(sql`
    select s.public_id as id, s.name, s.share, s.url_state as "urlState", a.name as owner, s.owner_id is not distinct from ${looker.accountId}::bigint as "isMine", s.version, ${iso('s.updated_at')} as "updatedAt"
    from saved_filters s join accounts a on a.id = s.owner_id
    where s.city_id = ${cityId} and s.ended_at is null and (${id ?? null}::uuid is null or s.public_id = ${id ?? null}::uuid)
      and (s.owner_id = ${looker.accountId}::bigint or s.share = 'city' or (s.share = 'organisation' and s.organisation_id = any(${looker.organisationIds}::bigint[])))
    order by 6 desc, s.name, s.id limit 1000`)
}

/** Counts somebody's live views under a lock, so that two at once do not pass the bound. */
export async function countOwnSavedFilters(tx: Queryable, cityId: number, accountId: number): Promise<number> {
  await tx.query(sql`select pg_advisory_xact_lock(hashtextextended(${`saved_filters ${accountId}`}, 7423190014))`)
  const rows = await tx.query<{ n: number }>(sql`select count(*)::int as n from saved_filters where city_id = ${cityId} and owner_id = ${accountId} and ended_at is null`)
  return rows[0]?.n ?? 0
}

export interface NewSavedFilter {
  id: string
  cityId: number
  ownerId: number
  name: string
  share: SavedFilter['share']
  organisationId: number | null
  urlState: string
  at: string
}

export async function insertSavedFilter(tx: Queryable, row: NewSavedFilter): Promise<void> {
  await tx.query(sql`
    insert into saved_filters (public_id, city_id, owner_id, name, share, organisation_id, url_state, created_at, updated_at)
    values (${row.id}, ${row.cityId}, ${row.ownerId}, ${row.name}, ${row.share}, ${row.organisationId}, ${row.urlState}, ${row.at}::timestamptz, ${row.at}::timestamptz)`)
}

/** Whether a live view of somebody has the name already. */
export async function isNameTaken(tx: Queryable, cityId: number, ownerId: number, name: string, exceptId: string | null): Promise<boolean> {
  const rows = await tx.query(sql`select 1 from saved_filters where city_id = ${cityId} and owner_id = ${ownerId} and name = ${name} and ended_at is null and public_id is distinct from ${exceptId}::uuid`)
  return rows.length > 0
}

/** @returns whether it was still the version the caller saw. */
export async function updateSavedFilter(tx: Queryable, id: string, version: number, row: Pick<NewSavedFilter, 'name' | 'share' | 'organisationId' | 'urlState' | 'at'>): Promise<boolean> {
  const rows = await tx.query(sql`
    update saved_filters set name = ${row.name}, share = ${row.share}, url_state = ${row.urlState}, version = version + 1, updated_at = ${row.at}::timestamptz,
      organisation_id = case when ${row.share} <> 'organisation' then null when share = 'organisation' then organisation_id else ${row.organisationId}::bigint end
    where public_id = ${id}::uuid and version = ${version} and ended_at is null returning id`)
  return rows.length > 0
}

export async function updateSavedFilterEnded(tx: Queryable, id: string, version: number, at: string): Promise<boolean> {
  const rows = await tx.query(sql`
    update saved_filters set ended_at = ${at}::timestamptz, version = version + 1, updated_at = ${at}::timestamptz where public_id = ${id}::uuid and version = ${version} and ended_at is null returning id`)
  return rows.length > 0
}
