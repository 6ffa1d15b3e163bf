import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'
import type { SimulatedPerson } from './simulated-people.ts'

/** The demo city's people with their posts. */
export function listDemoPeople(db: Queryable, cityId: number): Promise<SimulatedPerson[]> {
  return db.query<SimulatedPerson>(sql`
    select a.public_id as id, a.login,
      (select coalesce(json_agg(json_build_object('role', p.role, 'organisationZh', o.name_zh, 'areaCode', p.area_code) order by p.id), '[]'::json)
        from posts p left join organisations o on o.id = p.organisation_id where p.account_id = a.id and p.city_id = ${cityId} and p.ended_at is null) as posts
    from accounts a where a.demo_city_id = ${cityId} and a.ended_at is null and a.kind = 'person' order by a.login`)
}

/**
 * Gives some of the cases that name their department only in words the body of that name, or the one that has taken its work over.
 * @param successors the body's name by the name in the case; cases then carry the body's own name.
 * @param limit how many at most: every index of a case is written anew, which takes its time.
 * @returns how many; 0 when none is left.
 */
export async function updateNamedDepartments(tx: Queryable, cityId: number, successors: Readonly<Record<string, string>>, limit: number): Promise<number> {
  const rows = await tx.query(sql`
    with bodies as (
      select o.id, o.name_zh, o.name_zh as named from organisations o where o.city_id = ${cityId} and o.ended_at is null
      union
      select o.id, o.name_zh, s.name from unnest(${Object.keys(successors)}::text[], ${Object.values(successors)}::text[]) as s (name, successor)
      join organisations o on o.city_id = ${cityId} and o.ended_at is null and o.name_zh = s.successor
    ), given as (
      select i.id as incident_id, b.id, b.name_zh from incidents i join bodies b on b.named = i.department
      where i.city_id = ${cityId} and i.department_id is null order by i.id limit ${limit}
    )
    update incidents i set department_id = given.id, department = given.name_zh, holder = case when i.holder = i.department then given.name_zh else i.holder end
    from given where i.id = given.incident_id
    returning i.id`)
  return rows.length
}

/** Settings of a demo city, unless it has its own: its people act by themselves and take no photographs. */
export async function insertDemoSettings(tx: Queryable, cityId: number): Promise<void> {
  await tx.query(sql`
    insert into workflow_settings (city_id, version, filing_role, photo_check_classes, requires_photos, source, verified, effective_from)
    select ${cityId}, 1, d.filing_role, d.photo_check_classes, false, '演示城市：由模拟器办理，不强制照片 · Demo city: its simulator takes no photographs', false, d.effective_from
    from workflow_settings d where d.city_id is null and d.version = 1
    on conflict (city_id, version) do nothing`)
}
