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
 * Gives cases that name their department only in words the body of that name, or the one that has taken its work over.
 * @param successors the body's name by the name in the case; cases then carry the body's own name.
 */
export async function updateNamedDepartments(tx: Queryable, cityId: number, successors: Readonly<Record<string, string>>): Promise<number> {
  const rows = await tx.query(sql`
    update incidents i set department_id = o.id, department = o.name_zh, holder = case when i.holder = i.department then o.name_zh else i.holder end
    from organisations o
    where i.city_id = ${cityId} and i.department_id is null and i.department is not null and o.city_id = i.city_id and o.ended_at is null
      and o.name_zh = coalesce((select s.successor from unnest(${Object.keys(successors)}::text[], ${Object.values(successors)}::text[]) as s (name, successor) where s.name = i.department), i.department)
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
