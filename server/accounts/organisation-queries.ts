import type { Organisation } from '../contract/people.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

export interface OrganisationRow extends Organisation {
  organisationId: number
}

const SELECT = sql`select o.id as "organisationId", o.public_id as id, o.code, o.kind, p.public_id as "parentId", o.name_zh as "nameZh", o.name_en as "nameEn", o.area_code as "areaCode", o.version, to_json(o.ended_at) as "endedAt"
  from organisations o left join organisations p on p.id = o.parent_id`

/** Organisations of a city by kind, then code; a tree is bounded by what a city has. */
export function listOrganisationRows(db: Queryable, cityId: number, withEnded: boolean, limit: number): Promise<OrganisationRow[]> {
  return db.query<OrganisationRow>(sql`${SELECT} where o.city_id = ${cityId} and (${withEnded}::boolean or o.ended_at is null)
    order by o.parent_id is not null, array_position(array['supervision_centre', 'command_centre', 'department', 'street', 'contractor'], o.kind), o.code limit ${limit}`)
}

export async function findOrganisation(db: Queryable, cityId: number, id: string): Promise<OrganisationRow | undefined> {
  return (await db.query<OrganisationRow>(sql`${SELECT} where o.city_id = ${cityId} and o.public_id = ${id}::uuid`))[0]
}

export interface OrganisationFacts {
  kind: string
  parentId: number | null
  nameZh: string
  nameEn: string
  areaCode: string | null
}

/** @returns whether it was written: false when the code is taken. */
export async function insertOrganisation(tx: Queryable, cityId: number, id: string, code: string, facts: OrganisationFacts): Promise<boolean> {
  const rows = await tx.query(sql`insert into organisations (public_id, city_id, code, kind, parent_id, name_zh, name_en, area_code)
    values (${id}::uuid, ${cityId}, ${code}, ${facts.kind}, ${facts.parentId}, ${facts.nameZh}, ${facts.nameEn}, ${facts.areaCode}) on conflict (city_id, code) do nothing returning id`)
  return rows.length > 0
}

/** @returns whether the version was still the one that was read. */
export async function updateOrganisationFacts(tx: Queryable, organisationId: number, version: number, facts: OrganisationFacts): Promise<boolean> {
  const rows = await tx.query(sql`update organisations set kind = ${facts.kind}, parent_id = ${facts.parentId}, name_zh = ${facts.nameZh}, name_en = ${facts.nameEn}, area_code = ${facts.areaCode}, version = version + 1
    where id = ${organisationId} and version = ${version} and ended_at is null returning id`)
  return rows.length > 0
}

/** Whether an organisation is, or is below, another. */
export async function isWithin(tx: Queryable, organisationId: number, ancestorId: number): Promise<boolean> {
  const rows = await tx.query<{ found: boolean }>(sql`with recursive above as (select id, parent_id from organisations where id = ${organisationId} union select o.id, o.parent_id from organisations o join above on o.id = above.parent_id)
    select exists (select 1 from above where id = ${ancestorId}) as found`)
  return rows[0]?.found === true
}

/** What still hangs on an organisation: posts and organisations below. */
export async function countDependents(tx: Queryable, organisationId: number): Promise<{ posts: number; below: number }> {
  const rows = await tx.query<{ posts: number; below: number }>(sql`select (select count(*) from posts where organisation_id = ${organisationId} and ended_at is null)::int as posts,
    (select count(*) from organisations where parent_id = ${organisationId} and ended_at is null)::int as below`)
  return rows[0] ?? { posts: 0, below: 0 }
}

export async function endOrganisationRow(tx: Queryable, organisationId: number, version: number, at: string): Promise<boolean> {
  return (await tx.query(sql`update organisations set ended_at = ${at}::timestamptz, version = version + 1 where id = ${organisationId} and version = ${version} and ended_at is null returning id`)).length > 0
}
