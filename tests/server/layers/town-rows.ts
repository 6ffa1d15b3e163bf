/** Rows of a small made-up town about the position 114.05°E 30.5°N, for tests and the benchmark (which has no test runner). */
import { v7 as uuidv7 } from 'uuid'
import { tileVersion, type FeatureKind, type TileLayer } from '../../../server/contract/layers.ts'
import { bumpKindVersions, getCity } from '../../../server/cities/cities.ts'
import type { Db } from '../../../server/db/db.ts'
import { identifier, sql } from '../../../server/db/sql.ts'

export const CENTER = [114.05, 30.5] as const

export interface Town {
  cityId: number
  key: string
  layerIds: Record<string, number>
}

/** A catalogue layer of one kind, named after it. */
export async function aLayer(db: Db, cityId: number, kind: FeatureKind, key: string = kind): Promise<number> {
  const rows = await db.query<{ id: number }>(sql`insert into layers (public_id, city_id, key, kind, title_zh, title_en, owner, source, licence, attribution, source_crs, data_date)
    values (${uuidv7()}, ${cityId}, ${key.replaceAll('_', '-')}, ${kind}, ${`图层 ${key}`}, ${`Layer ${key}`}, '测试局', '手工', 'CC0', '© <b>测试</b>', 'EPSG:4490', '2026-01-01') returning id`)
  return rows[0]!.id
}

/** Inserts a row with the columns all kinds share, and those given; answers its public id. */
export async function aFeature(db: Db, town: Town, kind: Exclude<FeatureKind, 'incidents'>, wkt: string, columns: Record<string, unknown> = {}): Promise<string> {
  const id = uuidv7()
  town.layerIds[kind] ??= await aLayer(db, town.cityId, kind)
  const { source_key: sourceKey = id, ...others } = columns
  const names = Object.keys(others)
  const measured: Record<string, unknown> = kind === 'roads' || kind === 'path_edges' ? { length_meters: 1 } : kind === 'parts' || kind === 'facilities' || kind === 'permits' ? {} : { area_m2: 1 }
  for (const name of Object.keys(measured)) if (!names.includes(name)) names.push(name)
  const values = names.map((name) => others[name] ?? null)
  let columnList = sql``
  let valueList = sql``
  names.forEach((name, index) => {
    columnList = sql`${columnList}, ${identifier(name)}`
    const value = values[index]
    const computed = name in measured && !(name in others)
    valueList = sql`${valueList}, ${computed ? (name === 'area_m2' ? sql`st_area(st_transform(shape, 4547))` : sql`st_length(st_transform(shape, 4547))`) : sql`${value}`}`
  })
  await db.query(sql`insert into ${identifier(kind)} (public_id, city_id, layer_id, source_key, content_hash, geom ${columnList})
    select ${id}::uuid, ${town.cityId}::bigint, ${town.layerIds[kind]}::bigint, ${sourceKey}, ${id}, shape ${valueList} from (select st_geomfromtext(${wkt}, 4490) as shape) given`)
  return id
}

/** WKT of a square, `size` degrees wide, its south-west corner offset from the town's middle. */
export function square(east: number, north: number, size: number): string {
  const [x, y] = [CENTER[0] + east, CENTER[1] + north]
  return `MULTIPOLYGON(((${x} ${y},${x + size} ${y},${x + size} ${y + size},${x} ${y + size},${x} ${y})))`
}

/** Version in tile addresses of these layers now. */
export async function versionNow(db: Db, town: Town, layers: readonly TileLayer[]): Promise<number> {
  return tileVersion((await getCity(db, town.key)).tileVersions, layers)
}

/** Fills a city: a grid of cells, blocks with buildings, roads across it, parks with holes, water through it, points. */
export async function fillTown(db: Db, city: { cityId: number; key: string }, blocks = 12): Promise<Town> {
  const town: Town = { ...city, layerIds: {} }
  for (const kind of ['unit_grids', 'administrative_areas', 'green_spaces', 'buildings', 'roads', 'facilities', 'parts', 'water_bodies', 'path_edges'] as const) town.layerIds[kind] = await aLayer(db, town.cityId, kind)
  const digits = Math.max(3, String(blocks ** 2).length)
  const id = (kind: string) => town.layerIds[kind]
  const [lon, lat] = CENTER
  await db.exec(`
    create temporary table block on commit drop as
      select i, j, ${lon} + i * 0.0012 as x, ${lat} + j * 0.0011 as y from generate_series(0, ${blocks - 1}) i, generate_series(0, ${blocks - 1}) j;
    insert into unit_grids (public_id, city_id, layer_id, source_key, content_hash, code, community_code, street_code, county_code, grade, area_m2, geom)
      select gen_random_uuid(), ${town.cityId}, ${id('unit_grids')}, i || '-' || j, 'x', '420100001001' || lpad((i * ${blocks} + j + 1)::text, ${digits}, '0'), '420100001001', '420100001000', '420100000000', 'A',
        st_area(st_transform(g, 4547)), st_multi(g) from block, lateral (select st_makeenvelope(x, y, x + 0.0012, y + 0.0011, 4490) g) s;
    insert into buildings (public_id, city_id, layer_id, source_key, content_hash, name, class, height_meters, floors, population, area_m2, geom)
      select gen_random_uuid(), ${town.cityId}, ${id('buildings')}, i || '-' || j, 'x', case when (i + j) % 3 = 0 then '云锦' || i || '栋' end, 'residential', 12.34 + i, 4 + i, 100,
        st_area(st_transform(g, 4547)), st_multi(g) from block, lateral (select st_difference(st_buffer(st_setsrid(st_makepoint(x + 0.0006, y + 0.0005), 4490), 0.0004, 1 + (i % 3)), st_buffer(st_setsrid(st_makepoint(x + 0.0006, y + 0.0005), 4490), 0.0001, 2)) g) s;
    insert into roads (public_id, city_id, layer_id, source_key, content_hash, name, name_en, class, width_meters, length_meters, geom)
      select gen_random_uuid(), ${town.cityId}, ${id('roads')}, 'r' || i, 'x', '锦绣路' || i, 'Jinxiu Road ' || i, (array['primary','secondary','residential','service'])[1 + i % 4], 7.5, st_length(st_transform(g, 4547)), st_multi(g)
      from generate_series(0, ${blocks}) i, lateral (select st_makeline(array[st_point(${lon} - 0.001, ${lat} + i * 0.0011), st_point(${lon} + 0.006, ${lat} + i * 0.0011 + 0.0002), st_point(${lon} + ${blocks} * 0.0012 + 0.001, ${lat} + i * 0.0011)]) g0) l, lateral (select st_setsrid(g0, 4490) g) s;
    insert into parts (public_id, city_id, layer_id, source_key, content_hash, code, scheme_id, class_code, name, state, grid_code, geom)
      select gen_random_uuid(), ${town.cityId}, ${id('parts')}, i || '-' || j, 'x', '4201000101' || lpad((i * 100 + j)::text, 6, '0'), 'GBT30428.2-2013', '0101', '上水井盖', 'intact',
        '420100001001' || lpad((i * ${blocks} + j + 1)::text, ${digits}, '0'), st_setsrid(st_makepoint(x + 0.0003, y + 0.0003), 4490) from block where (i + j) % 2 = 0;
    insert into facilities (public_id, city_id, layer_id, source_key, content_hash, class, name, address, geom)
      select gen_random_uuid(), ${town.cityId}, ${id('facilities')}, i || '-' || j, 'x', 'toilet', '公厕' || i || j, '锦绣路' || j || '号', st_setsrid(st_makepoint(x + 0.0002, y + 0.0002), 4490) from block where i % 3 = 0 and j % 3 = 0;
  `)
  await aFeature(db, town, 'administrative_areas', square(0, 0, blocks * 0.0012), { level: 'street', code: '420100001000', name: '锦绣街道', population: 12345 })
  await aFeature(db, town, 'green_spaces', `MULTIPOLYGON(((${lon} ${lat},${lon + 0.004} ${lat},${lon + 0.004} ${lat + 0.004},${lon} ${lat + 0.004},${lon} ${lat}),(${lon + 0.001} ${lat + 0.001},${lon + 0.001} ${lat + 0.002},${lon + 0.002} ${lat + 0.002},${lon + 0.001} ${lat + 0.001})))`, { class_code: 'G11', name: '云锦公园' })
  await aFeature(db, town, 'water_bodies', square(-0.003, -0.003, 0.0025), { name: '锦溪', class: 'river' })
  await bumpKindVersions(db, town.cityId, ['unit_grids', 'administrative_areas', 'green_spaces', 'buildings', 'roads', 'facilities', 'parts', 'water_bodies', 'path_edges'])
  return town
}
