import proj4 from 'proj4'
import { v7 as uuidv7 } from 'uuid'
import type { Db } from '../../../server/db/db.ts'
import { sql } from '../../../server/db/sql.ts'
import { aCity, type TestCity } from '../../helpers/db.ts'

/** Corner of the test plane in CGCS2000 / 3-degree Gauss-Kruger CM 114E: near the central meridian, so that metres are metres. */
const EAST = 500_000
const NORTH = 2_500_000
const SRID = 4547

const PLANE = proj4('+proj=longlat +ellps=GRS80 +no_defs', '+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs')
/** Longitude and latitude of a place in metres from the corner. */
export const positionAt = (x: number, y: number): [number, number] => PLANE.inverse([EAST + x, NORTH + y])

/** A rectangle in metres from the corner: west, south, width, height. */
export type Rectangle = readonly [number, number, number, number]

function ringText([west, south, width, height]: Rectangle): string {
  const x = EAST + west
  const y = NORTH + south
  return `((${x} ${y},${x + width} ${y},${x + width} ${y + height},${x} ${y + height},${x} ${y}))`
}

const polygonText = (rectangle: Rectangle) => `MULTIPOLYGON(${ringText(rectangle)})`
const pointText = ([x, y]: readonly [number, number]) => `POINT(${EAST + x} ${NORTH + y})`
const geometryOf = (text: string) => sql`st_transform(st_geomfromtext(${text}, ${SRID}::int), 4490)`

/** Those of the people who are told apart. */
export interface Groups {
  elders?: number | null
  children?: number | null
}

export interface SmallCity extends TestCity {
  /** Adds a layer of a kind and answers its number. */
  layer(kind: string, key?: string): Promise<number>
  park(at: Rectangle, more?: { area?: number; name?: string; classCode?: string | null; access?: string; counts?: boolean; layer?: string }): Promise<string>
  parcel(at: Rectangle): Promise<void>
  /** A leftover plot. */
  plot(at: Rectangle, more?: { name?: string; landUse?: string; ownership?: string }): Promise<string>
  greenLine(at: Rectangle): Promise<void>
  cell(at: Rectangle, population: number | null, groups?: Groups): Promise<void>
  building(at: Rectangle, population: number | null, groups?: Groups): Promise<void>
  facility(facilityClass: string, at: readonly [number, number], more?: { access?: string; name?: string; capacity?: number; attributes?: Record<string, unknown> }): Promise<void>
  area(level: 'county' | 'street' | 'community', code: string, name: string, at: Rectangle, parentCode?: string): Promise<void>
  gridCell(code: string, at: Rectangle): Promise<void>
  historic(at: Rectangle): Promise<void>
  builtUp(at: Rectangle): Promise<void>
  boundary(at: Rectangle): Promise<void>
  /** A course of paths through points; every point is a node, and equal points are one. */
  /** @param rise of each stretch, metres; not known where it is left out */
  path(points: readonly (readonly [number, number])[], kind?: string, rise?: number): Promise<void>
  gate(parkId: string, at: readonly [number, number]): Promise<void>
  water(at: Rectangle, name: string): Promise<void>
}

/** An empty city whose features are given in metres, so that answers can be computed by hand. */
export async function aSmallCity(db: Db): Promise<SmallCity> {
  const city = await aCity(db, { measureSrid: SRID })
  const { cityId } = city
  const layers = new Map<string, number>()
  let count = 0

  async function layer(kind: string, key = kind): Promise<number> {
    const known = layers.get(key)
    if (known) return known
    const [row] = await db.query<{ id: number }>(sql`insert into layers (public_id, city_id, key, kind, title_zh, title_en, owner, source, licence, source_crs)
      values (${uuidv7()}, ${cityId}, ${key}, ${kind}, ${key}, ${key}, 'test', 'test', 'test', 'EPSG:4547') returning id`)
    layers.set(key, row!.id)
    return row!.id
  }

  /** What every feature row begins with. */
  async function common(kind: string, layerKey?: string) {
    count += 1
    const layerId = await layer(kind, layerKey)
    // A write bumps the version of its kind, as the importer's and the editor's do.
    await db.query(sql`insert into kind_versions (city_id, kind) values (${cityId}, ${kind}) on conflict (city_id, kind) do update set version = kind_versions.version + 1`)
    await db.query(sql`update layers set row_count = row_count + 1, version = version + 1 where id = ${layerId}`)
    return { id: uuidv7(), layerId, sourceKey: `row ${count}` }
  }

  return {
    ...city,
    layer,
    async park(at, more = {}) {
      const { id, layerId, sourceKey } = await common('green_spaces', more.layer)
      await db.query(sql`insert into green_spaces (public_id, city_id, layer_id, source_key, content_hash, class_code, name, counts_as_activity_site, access, area_m2, geom)
        values (${id}, ${cityId}, ${layerId}, ${sourceKey}, '', ${more.classCode === undefined ? 'G12' : more.classCode}, ${more.name ?? null}, ${more.counts ?? true}, ${more.access ?? 'open'}, ${more.area ?? at[2] * at[3]}, ${geometryOf(polygonText(at))})`)
      return id
    },
    async parcel(at) {
      const { id, layerId, sourceKey } = await common('residential_areas')
      await db.query(sql`insert into residential_areas (public_id, city_id, layer_id, source_key, content_hash, area_m2, geom) values (${id}, ${cityId}, ${layerId}, ${sourceKey}, '', ${at[2] * at[3]}, ${geometryOf(polygonText(at))})`)
    },
    async plot(at, more = {}) {
      const { id, layerId, sourceKey } = await common('leftover_plots')
      await db.query(sql`insert into leftover_plots (public_id, city_id, layer_id, source_key, content_hash, name, land_use, ownership, area_m2, geom)
        values (${id}, ${cityId}, ${layerId}, ${sourceKey}, '', ${more.name ?? null}, ${more.landUse ?? null}, ${more.ownership ?? null}, ${at[2] * at[3]}, ${geometryOf(polygonText(at))})`)
      return id
    },
    async greenLine(at) {
      const { id, layerId, sourceKey } = await common('green_lines')
      await db.query(sql`insert into green_lines (public_id, city_id, layer_id, source_key, content_hash, area_m2, geom) values (${id}, ${cityId}, ${layerId}, ${sourceKey}, '', ${at[2] * at[3]}, ${geometryOf(polygonText(at))})`)
    },
    async cell(at, population, { elders = null, children = null } = {}) {
      const { id, layerId, sourceKey } = await common('population_cells')
      await db.query(sql`insert into population_cells (public_id, city_id, layer_id, source_key, content_hash, population, elders, children, geom) values (${id}, ${cityId}, ${layerId}, ${sourceKey}, '', ${population}, ${elders}, ${children}, ${geometryOf(polygonText(at))})`)
    },
    async building(at, population, { elders = null, children = null } = {}) {
      const { id, layerId, sourceKey } = await common('buildings')
      await db.query(sql`insert into buildings (public_id, city_id, layer_id, source_key, content_hash, population, elders, children, area_m2, geom) values (${id}, ${cityId}, ${layerId}, ${sourceKey}, '', ${population}, ${elders}, ${children}, ${at[2] * at[3]}, ${geometryOf(polygonText(at))})`)
    },
    async facility(facilityClass, at, more = {}) {
      const { id, layerId, sourceKey } = await common('facilities', facilityClass)
      await db.query(sql`insert into facilities (public_id, city_id, layer_id, source_key, content_hash, class, name, capacity, access, attributes, geom) values (${id}, ${cityId}, ${layerId}, ${sourceKey}, '', ${facilityClass}, ${more.name ?? null}, ${more.capacity ?? null}, ${more.access ?? 'open'}, ${JSON.stringify(more.attributes ?? {})}::jsonb, ${geometryOf(pointText(at))})`)
    },
    async area(level, code, name, at, parentCode) {
      const { id, layerId, sourceKey } = await common('administrative_areas', level)
      await db.query(sql`insert into administrative_areas (public_id, city_id, layer_id, source_key, content_hash, level, code, parent_code, name, area_m2, geom)
        values (${id}, ${cityId}, ${layerId}, ${sourceKey}, '', ${level}, ${code}, ${parentCode ?? null}, ${name}, ${at[2] * at[3]}, ${geometryOf(polygonText(at))})`)
    },
    async gridCell(code, at) {
      const { id, layerId, sourceKey } = await common('unit_grids')
      await db.query(sql`insert into unit_grids (public_id, city_id, layer_id, source_key, content_hash, code, community_code, street_code, county_code, area_m2, geom)
        values (${id}, ${cityId}, ${layerId}, ${sourceKey}, '', ${code}, ${code.slice(0, 12)}, ${code.slice(0, 9)}, ${code.slice(0, 6)}, ${at[2] * at[3]}, ${geometryOf(polygonText(at))})`)
    },
    async historic(at) {
      const { id, layerId, sourceKey } = await common('historic_districts')
      await db.query(sql`insert into historic_districts (public_id, city_id, layer_id, source_key, content_hash, area_m2, geom) values (${id}, ${cityId}, ${layerId}, ${sourceKey}, '', ${at[2] * at[3]}, ${geometryOf(polygonText(at))})`)
    },
    async builtUp(at) {
      const { id, layerId, sourceKey } = await common('built_up_areas')
      await db.query(sql`insert into built_up_areas (public_id, city_id, layer_id, source_key, content_hash, area_m2, geom) values (${id}, ${cityId}, ${layerId}, ${sourceKey}, '', ${at[2] * at[3]}, ${geometryOf(polygonText(at))})`)
    },
    async path(points, kind = 'path', rise) {
      const { layerId, sourceKey } = await common('path_edges')
      const nodes = []
      for (const point of points) {
        const key = point.join(' ')
        await db.query(sql`insert into path_nodes (public_id, city_id, layer_id, source_key, geom) select ${uuidv7()}, ${cityId}, ${layerId}, ${key}, ${geometryOf(pointText(point))} where not exists (select from path_nodes where layer_id = ${layerId} and source_key = ${key})`)
        nodes.push((await db.query<{ id: number }>(sql`select id from path_nodes where layer_id = ${layerId} and source_key = ${key}`))[0]!.id)
      }
      for (const [index, to] of points.slice(1).entries()) {
        const from = points[index]!
        await db.query(sql`insert into path_edges (public_id, city_id, layer_id, source_key, content_hash, source_node_id, target_node_id, kind, length_meters, rise_meters, geom)
          values (${uuidv7()}, ${cityId}, ${layerId}, ${`${sourceKey}/${index}`}, '', ${nodes[index]}, ${nodes[index + 1]}, ${kind}, ${Math.hypot(to[0] - from[0], to[1] - from[1])}, ${rise ?? null}, ${geometryOf(`LINESTRING(${EAST + from[0]} ${NORTH + from[1]},${EAST + to[0]} ${NORTH + to[1]})`)})`)
      }
    },
    async gate(parkId, at) {
      await db.query(sql`insert into green_entrances (public_id, city_id, green_space_id, geom) select ${uuidv7()}, ${cityId}, id, ${geometryOf(pointText(at))} from green_spaces where public_id = ${parkId}::uuid`)
    },
    async water(at, name) {
      const { id, layerId, sourceKey } = await common('water_bodies')
      await db.query(sql`insert into water_bodies (public_id, city_id, layer_id, source_key, content_hash, name, class, area_m2, geom) values (${id}, ${cityId}, ${layerId}, ${sourceKey}, '', ${name}, 'river', ${at[2] * at[3]}, ${geometryOf(polygonText(at))})`)
    },
    async boundary(at) {
      await db.query(sql`update cities set boundary = ${geometryOf(polygonText(at))} where id = ${cityId}`)
    },
  }
}
