import type { City } from '../contract/cities.ts'
import { PREPARED, type Queryable } from '../db/db.ts'
import { empty, sql, type Sql } from '../db/sql.ts'

/** A city as the server needs it: the contract's shape plus its inner number. */
export interface CityRow extends City {
  cityId: number
  measureFrom: 'hand' | 'data' | 'unsettled'
}

function selectCities(where: Sql): Sql {
  return sql`
    select c.id as "cityId", c.public_id as id, c.key, c.name_zh as "nameZh", c.name_en as "nameEn", c.is_demo as "isDemo", c.status,
      c.measure_srid as "measureSrid", c.measure_name as "measureName", c.time_zone as "timeZone", c.measure_from as "measureFrom",
      case when box.extent is null then null else json_build_array(
        (st_xmin(box.extent) + st_xmax(box.extent)) / 2, (st_ymin(box.extent) + st_ymax(box.extent)) / 2) end as center,
      case when box.extent is null then null else json_build_array(
        st_xmin(box.extent), st_ymin(box.extent), st_xmax(box.extent), st_ymax(box.extent)) end as "boundingBox",
      coalesce((select json_object_agg(v.kind, v.version) from kind_versions v where v.city_id = c.id), '{}'::json) as "tileVersions"
    from cities c
    cross join lateral (select coalesce(c.extent, c.boundary) as extent) box
    where c.ended_at is null ${where}
    order by c.is_demo desc, c.key`
}

export function listCities(db: Queryable): Promise<CityRow[]> {
  return db.query<CityRow>(selectCities(empty))
}

export async function findCity(db: Queryable, key: string): Promise<CityRow | undefined> {
  return (await db.query<CityRow>(selectCities(sql`and c.key = ${key}`), PREPARED))[0]
}

export interface NewCity {
  id: string
  key: string
  nameZh: string
  nameEn: string
  measureSrid: number
  measureName: string
  measureFrom?: CityRow['measureFrom']
  timeZone: string
}

export async function insertCity(db: Queryable, city: NewCity): Promise<void> {
  await db.query(sql`insert into cities (public_id, key, name_zh, name_en, measure_srid, measure_name, measure_from, time_zone)
    values (${city.id}, ${city.key}, ${city.nameZh}, ${city.nameEn}, ${city.measureSrid}, ${city.measureName}, ${city.measureFrom ?? 'hand'}, ${city.timeZone})`)
}

/** Settles the measuring system of a city that waits for its first data; answers whether it did. */
export async function updateUnsettledMeasure(tx: Queryable, cityId: number, system: { srid: number; name: string }): Promise<boolean> {
  const rows = await tx.query(sql`update cities set measure_srid = ${system.srid}, measure_name = ${system.name}, measure_from = 'data', version = version + 1
    where id = ${cityId} and measure_from = 'unsettled' returning id`)
  return rows.length > 0
}

/** A coordinate system as the database knows it. */
export async function findCoordinateSystem(db: Queryable, srid: number): Promise<{ name: string; definition: string } | undefined> {
  const rows = await db.query<{ name: string; definition: string }>(sql`select split_part(srtext, '"', 2) as name, proj4text as definition from spatial_ref_sys where srid = ${srid}`)
  return rows[0]
}

/** Bumps the version of kinds of features; call in the transaction of the write. */
export async function bumpKindVersions(tx: Queryable, cityId: number, kinds: readonly string[]): Promise<void> {
  await tx.query(sql`insert into kind_versions (city_id, kind) select ${cityId}, unnest(${kinds}::text[])
    on conflict (city_id, kind) do update set version = kind_versions.version + 1`)
}
