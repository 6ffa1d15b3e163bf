import type { DirectoryPerson, DirectoryUnit } from '../contract/directory.ts'
import type { Role } from '../contract/permissions.ts'
import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

/** Units of a city that handle cases, by name. */
export function listUnits(db: Queryable, cityId: number): Promise<DirectoryUnit[]> {
  return db.query<DirectoryUnit>(sql`
    select o.public_id as id, o.code, o.name_zh as "nameZh", o.name_en as "nameEn", o.kind, up.public_id as "parentId"
    from organisations o left join organisations up on up.id = o.parent_id
    where o.city_id = ${cityId} and o.ended_at is null and o.kind in ('department', 'street', 'contractor') order by o.kind, o.code limit 5000`)
}

/**
 * People with a post of these roles in a city, by name.
 * @param organisationIds only posts of these units (inner ids); null: of all
 */
export function listPeople(db: Queryable, cityId: number, roles: readonly Role[], organisationIds: readonly number[] | null, limit: number): Promise<DirectoryPerson[]> {
  return db.query<DirectoryPerson>(sql`
    select a.public_id as id, a.name,
      json_agg(json_build_object('role', p.role, 'unitId', o.public_id, 'areaCode', p.area_code) order by p.public_id) as posts
    from posts p join accounts a on a.id = p.account_id left join organisations o on o.id = p.organisation_id
    where p.city_id = ${cityId} and p.ended_at is null and a.ended_at is null and a.kind = 'person' and p.role = any(${roles}::text[])
      and (${organisationIds}::bigint[] is null or p.organisation_id = any(${organisationIds}::bigint[]))
    group by a.id, a.public_id, a.name order by a.name, a.id limit ${limit}`)
}
