import type { PostView } from '../contract/permissions.ts'
import { PREPARED, type Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

export interface Person {
  accountId: number
  id: string
  name: string
  posts: Pick<PostView, 'role' | 'cityKey' | 'organisation' | 'areaCode'>[]
  /** Public ids of the organisations above those of the posts. */
  above: string[]
}

/** A person with the posts held in a city today. */
export async function findPerson(db: Queryable, cityId: number, id: string): Promise<Person | undefined> {
  const rows = await db.query<Person>(sql`
    with held as (
      select p.role, c.key as city_key, p.area_code, p.organisation_id, o.public_id, o.code, o.name_zh, o.name_en, p.public_id as post_id
      from accounts a join posts p on p.account_id = a.id left join cities c on c.id = p.city_id left join organisations o on o.id = p.organisation_id
      where a.public_id = ${id}::uuid and p.ended_at is null and (p.city_id is null or p.city_id = ${cityId})
    )
    select a.id as "accountId", a.public_id as id, a.name,
      (select coalesce(json_agg(json_build_object('role', h.role, 'cityKey', h.city_key, 'areaCode', h.area_code, 'organisation',
        case when h.public_id is null then null else json_build_object('id', h.public_id, 'code', h.code, 'nameZh', h.name_zh, 'nameEn', h.name_en) end) order by h.post_id), '[]'::json) from held h) as posts,
      coalesce((
        with recursive up as (
          select o.id, o.public_id, o.parent_id, 1 as depth from organisations o where o.id in (select h.organisation_id from held h)
          union all select o.id, o.public_id, o.parent_id, up.depth + 1 from organisations o join up on o.id = up.parent_id where up.depth < 20
        ) select json_agg(distinct up.public_id) from up), '[]'::json) as above
    from accounts a where a.public_id = ${id}::uuid and a.ended_at is null and a.kind = 'person' and exists (select 1 from held)`, PREPARED)
  return rows[0]
}

export interface DepartmentRow {
  departmentId: number
  id: string
  name: string
}

/** A body that handles cases. */
export async function findDepartment(db: Queryable, cityId: number, id: string): Promise<DepartmentRow | undefined> {
  const rows = await db.query<DepartmentRow>(sql`
    select id as "departmentId", public_id as id, name_zh as name from organisations
    where city_id = ${cityId} and public_id = ${id}::uuid and ended_at is null and kind in ('department', 'street', 'contractor')`, PREPARED)
  return rows[0]
}

/** Inner ids of organisations and all below them. */
export async function listOrganisationsWithin(db: Queryable, ids: readonly number[]): Promise<number[]> {
  const rows = await db.query<{ id: number }>(sql`
    with recursive down as (
      select o.id, 1 as depth from organisations o where o.id = any(${ids}::bigint[])
      union all select o.id, down.depth + 1 from organisations o join down on o.parent_id = down.id where down.depth < 20
    ) select distinct id from down order by id`, PREPARED)
  return rows.map((row) => row.id)
}
