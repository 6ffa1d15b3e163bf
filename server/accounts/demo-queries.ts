import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'
import type { DemoArea, DemoOrganisation } from './demo-people.ts'

export function listDemoAreas(db: Queryable, cityId: number): Promise<DemoArea[]> {
  return db.query<DemoArea>(sql`select level, code, name from administrative_areas where city_id = ${cityId} and level in ('county', 'street') and valid_to is null order by code`)
}

/** Adds the organisations that are not there yet; parents first. Those that are there stay as they are. */
export async function insertDemoOrganisations(tx: Queryable, cityId: number, rows: readonly (DemoOrganisation & { publicId: string })[]): Promise<void> {
  const column = (name: keyof DemoOrganisation | 'publicId') => rows.map((row) => row[name])
  await tx.query(sql`insert into organisations (public_id, city_id, code, kind, name_zh, name_en, area_code)
    select g.public_id::uuid, ${cityId}, g.code, g.kind, g.name_zh, g.name_en, g.area_code
    from unnest(${column('publicId')}::text[], ${column('code')}::text[], ${column('kind')}::text[], ${column('nameZh')}::text[], ${column('nameEn')}::text[], ${column('areaCode')}::text[])
      as g (public_id, code, kind, name_zh, name_en, area_code)
    on conflict (city_id, code) do nothing`)
  await tx.query(sql`update organisations o set parent_id = p.id
    from unnest(${column('publicId')}::text[], ${column('parentCode')}::text[]) as g (public_id, parent_code) join organisations p on p.city_id = ${cityId} and p.code = g.parent_code
    where o.public_id = g.public_id::uuid and o.version = 1 and o.parent_id is null`)
}

export interface DemoAccountRow {
  publicId: string
  login: string
  name: string
  phone: string
}

/** Adds the accounts that are not there yet. @returns the logins that were added. */
export async function insertDemoAccounts(tx: Queryable, cityId: number, rows: readonly DemoAccountRow[]): Promise<string[]> {
  const column = (name: keyof DemoAccountRow) => rows.map((row) => row[name])
  const added = await tx.query<{ login: string }>(sql`insert into accounts (public_id, kind, login, name, phone, demo_city_id)
    select g.public_id::uuid, 'person', g.login, g.name, g.phone, ${cityId}
    from unnest(${column('publicId')}::text[], ${column('login')}::text[], ${column('name')}::text[], ${column('phone')}::text[]) as g (public_id, login, name, phone)
    on conflict (login) do nothing returning login`)
  return added.map((row) => row.login)
}

export interface DemoPostRow {
  publicId: string
  login: string
  role: string
  organisationCode: string | null
  areaCode: string | null
}

export async function insertDemoPosts(tx: Queryable, cityId: number, rows: readonly DemoPostRow[]): Promise<void> {
  const column = (name: keyof DemoPostRow) => rows.map((row) => row[name])
  await tx.query(sql`insert into posts (public_id, account_id, role, city_id, organisation_id, area_code)
    select g.public_id::uuid, a.id, g.role, ${cityId}, o.id, g.area_code
    from unnest(${column('publicId')}::text[], ${column('login')}::text[], ${column('role')}::text[], ${column('organisationCode')}::text[], ${column('areaCode')}::text[])
      as g (public_id, login, role, organisation_code, area_code)
    join accounts a on a.login = g.login and a.demo_city_id = ${cityId} left join organisations o on o.city_id = ${cityId} and o.code = g.organisation_code
    on conflict (public_id) do nothing`)
}

/** Owners of areas that the demo city's data knows by name get the organisation of that name. */
export async function updateDemoOwners(tx: Queryable, cityId: number): Promise<void> {
  await tx.query(sql`
    update grid_owners g set organisation_id = o.id from organisations o
    where g.city_id = ${cityId} and g.organisation_id is null and o.city_id = ${cityId} and o.ended_at is null and o.name_zh = g.organisation`)
}
