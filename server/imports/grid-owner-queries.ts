import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

export interface OwnerWish {
  publicId: string
  areaCode: string
  organisation: string
  person: string | null
}

/** Which of these codes are those of a living area or cell of the city. */
export async function listKnownCodes(tx: Queryable, cityId: number, codes: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ code: string }>(sql`
    select given.code from unnest(${codes}::text[]) as given(code)
    where exists (select 1 from administrative_areas a where a.city_id = ${cityId} and a.valid_to is null and a.code = given.code)
      or exists (select 1 from unit_grids g where g.city_id = ${cityId} and g.valid_to is null and g.code = given.code)`)
  return new Set(rows.map(({ code }) => code))
}

/** Organisations of the city by code, Chinese or English name. */
export function listOrganisations(tx: Queryable, cityId: number): Promise<{ organisationId: number; code: string; nameZh: string; nameEn: string }[]> {
  return tx.query(sql`select id as "organisationId", code, name_zh as "nameZh", name_en as "nameEn" from organisations where city_id = ${cityId} and ended_at is null`)
}

/** People with a post in the city, by login; names may be shared, so they are no key. */
export function listPeople(tx: Queryable, cityId: number): Promise<{ accountId: number; login: string; name: string }[]> {
  return tx.query(sql`
    select distinct a.id as "accountId", a.login, a.name from accounts a join posts p on p.account_id = a.id
    where a.ended_at is null and p.ended_at is null and (p.city_id = ${cityId} or p.city_id is null)`)
}

export interface OwnerRow extends OwnerWish {
  organisationId: number | null
  accountId: number | null
}

/** Ends the owners that change and writes the new ones; the same again changes nothing. @returns how many are new and how many changed. */
export async function replaceOwners(tx: Queryable, cityId: number, rows: readonly OwnerRow[]): Promise<{ inserted: number; changed: number }> {
  const given = sql`unnest(${rows.map((row) => row.publicId)}::uuid[], ${rows.map((row) => row.areaCode)}::text[], ${rows.map((row) => row.organisationId)}::bigint[], ${rows.map((row) => row.organisation)}::text[],
    ${rows.map((row) => row.accountId)}::bigint[], ${rows.map((row) => row.person)}::text[]) as given(public_id, area_code, organisation_id, organisation, account_id, person)`
  const ended = await tx.query(sql`
    update grid_owners o set valid_to = now() from ${given}
    where o.city_id = ${cityId} and o.valid_to is null and o.area_code = given.area_code
      and (o.organisation_id, o.organisation, o.account_id, o.person) is distinct from (given.organisation_id, given.organisation, given.account_id, given.person)
    returning o.id`)
  const written = await tx.query(sql`
    insert into grid_owners (public_id, city_id, area_code, organisation_id, organisation, account_id, person)
    select given.public_id, ${cityId}, given.area_code, given.organisation_id, given.organisation, given.account_id, given.person from ${given}
    where not exists (select 1 from grid_owners o where o.city_id = ${cityId} and o.valid_to is null and o.area_code = given.area_code)
    returning id`)
  return { inserted: written.length - ended.length, changed: ended.length }
}
