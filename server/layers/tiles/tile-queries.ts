import { TILE_LAYER_FIELDS, TILE_MAX_ZOOM, type TileLayer } from '../../contract/layers.ts'
import type { Queryable, QueryOptions } from '../../db/db.ts'
import { empty, identifier, join, sql, type Sql } from '../../db/sql.ts'
import { hiddenClasses, TILE_SOURCES, type TileSource } from '../sources.ts'
import { degreeBox, groundPixelMeters, mercatorBox, mercatorPixel, TILE_BUFFER, TILE_EXTENT, type TileAddress } from './tile-grid.ts'

/** What a tile's statement is asked for. */
export interface TileSelection {
  cityId: number
  tile: TileAddress
  /** Layers that show at this zoom, each with the most features it may hold. */
  layers: { layer: TileLayer; limit: number }[]
  /** All layers of the address: their versions add up to the version of the answer. */
  asked: readonly TileLayer[]
}

/** One row per layer; `layer` null holds the version of what was read. */
export interface EncodedRow {
  layer: TileLayer | null
  bytes: Buffer | null
  features: number
}

/** One row per feature; `layer` null holds the version of what was read. */
export interface FeatureRow {
  layer: TileLayer | null
  id: number
  properties: (string | number | boolean | null)[] | null
  shape: Buffer | null
}

function envelope([west, south, east, north]: readonly number[], srid: number): Sql {
  return sql`st_makeenvelope(${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, ${srid}::integer)`
}

/** Names of the fields after `id`, in the order both statements answer them. */
export function fieldsOf(layer: TileLayer): string[] {
  return Object.keys(TILE_LAYER_FIELDS[layer].fields)
}

function fieldExpression(source: TileSource, layer: TileLayer, field: string): Sql {
  if (field === 'id') return sql`public_id::text`
  const column = identifier(source.columns[field] ?? field)
  const type = (TILE_LAYER_FIELDS[layer].fields as Record<string, string>)[field]
  // One decimal is enough to draw by, and rounded in SQL both engines answer the same number.
  return type === 'Number' ? sql`round(${column}::numeric, 1)::float8` : column
}

/** Live features of a layer in the tile's box, the largest first, specks and classes of higher zooms left out. */
function selectFeatures(selection: TileSelection, layer: TileLayer, limit: number, columns: Sql): Sql {
  const source: TileSource = TILE_SOURCES[layer]
  const classes = hiddenClasses(source, selection.tile.z)
  const column = source.appearance && identifier(source.appearance.column)
  const class_ = !classes || !column ? empty : classes.othersShow ? sql`and ${column} <> all(${classes.hidden}::text[])` : sql`and ${column} = any(${classes.shown}::text[])`
  const leastArea = source.dropsSpecks && selection.tile.z < 14 ? 4 * groundPixelMeters(selection.tile) ** 2 : 0
  const specks = leastArea > 0 ? sql`and area_m2 >= ${leastArea}::float8` : empty
  const order = source.size ? sql`${identifier(source.size)} desc nulls last, id` : sql`id`
  return sql`select ${columns}
    from ${identifier(source.table)}
    where city_id = ${selection.cityId} and valid_to is null and geom && ${envelope(degreeBox(selection.tile, TILE_BUFFER), 4490)} ${specks} ${class_}
    order by ${order} limit ${limit}::integer`
}

/** The shape in the Web Mercator plane, simplified to half a pixel; at the last zoom, which is drawn enlarged, it is left whole. */
function projected(source: TileSource, z: number): Sql {
  if (source.asPoint) return sql`st_transform(st_pointonsurface(geom), 3857)`
  return z >= TILE_MAX_ZOOM ? sql`st_transform(geom, 3857)` : sql`st_simplify(st_transform(geom, 3857), ${mercatorPixel(z) / 2}::float8)`
}

function versionOf(selection: TileSelection): Sql {
  return sql`(select coalesce(sum(version), 0)::bigint from kind_versions where city_id = ${selection.cityId} and kind = any(${selection.asked}::text[]))`
}

/**
 * All layers of a tile encoded by the database in one statement.
 * The bytes travel as text: `pg` corrupts bytea in binary format.
 */
export function listEncodedLayers(db: Queryable, selection: TileSelection, options?: QueryOptions): Promise<EncodedRow[]> {
  const tileBox = envelope(mercatorBox(selection.tile), 3857)
  const layers = selection.layers.map(({ layer, limit }) => {
    const source: TileSource = TILE_SOURCES[layer]
    const fields = fieldsOf(layer).map((field) => sql`${fieldExpression(source, layer, field)} as ${identifier(field)}`)
    const shape = sql`st_asmvtgeom(${projected(source, selection.tile.z)}, ${tileBox}::box2d, ${TILE_EXTENT}::integer, ${TILE_BUFFER}::integer, true) as shape`
    // The row's number goes under a name no field has: ST_AsMVT takes it out of the properties.
    return sql`select ${layer}::text as layer, st_asmvt(feature, ${layer}::text, ${TILE_EXTENT}::integer, 'shape', 'feature_number') as bytes, count(*) as features
      from (${selectFeatures(selection, layer, limit, sql`id as feature_number, ${join(fields)}, ${shape}`)}) feature where shape is not null`
  })
  return db.query<EncodedRow>(join([...layers, sql`select null, null, ${versionOf(selection)}`], ' union all '), options)
}

/**
 * The same features as rows for the encoder in process: clipped, in tile units, as TWKB of whole numbers.
 * Snapping can make a polygon cross itself; such a one is mended, as ST_AsMVTGeom does.
 */
export function listTileFeatures(db: Queryable, selection: TileSelection, options?: QueryOptions): Promise<FeatureRow[]> {
  const [west, , east, north] = mercatorBox(selection.tile)
  const scale = TILE_EXTENT / (east - west)
  const clipBox = envelope([-TILE_BUFFER, -TILE_BUFFER, TILE_EXTENT + TILE_BUFFER, TILE_EXTENT + TILE_BUFFER], 3857)
  const layers = selection.layers.map(({ layer, limit }) => {
    const source: TileSource = TILE_SOURCES[layer]
    const fields = fieldsOf(layer).map((field) => fieldExpression(source, layer, field))
    const snapped = sql`st_snaptogrid(st_transscale(${projected(source, selection.tile.z)}, ${-west}::float8, ${-north}::float8, ${scale}::float8, ${-scale}::float8), 1) as snapped`
    const features = selectFeatures(selection, layer, limit, sql`id, json_build_array(${join(fields)}) as properties, ${snapped}`)
    return sql`select ${layer}::text as layer, id, properties, st_astwkb(shape, 0) as shape
      from (${features} offset 0) feature
      cross join lateral (select case when snapped @ ${clipBox} then snapped else st_collectionextract(st_clipbybox2d(snapped, ${clipBox}::box2d)) end as kept offset 0) clipped
      cross join lateral (select case when st_dimension(kept) < 2 or st_isvalid(kept) then kept else st_collectionextract(st_makevalid(kept), 3) end as shape offset 0) mended
      where not st_isempty(shape) and st_dimension(shape) = st_dimension(snapped)`
  })
  return db.query<FeatureRow>(join([...layers, sql`select null, ${versionOf(selection)}, null, null`], ' union all '), options)
}

/** Whose data a set of layers draws, each once. */
export async function listAttributions(db: Queryable, cityId: number, layers: readonly TileLayer[]): Promise<string[]> {
  const rows = await db.query<{ attribution: string }>(sql`select distinct attribution from layers
    where city_id = ${cityId} and kind = any(${layers}::text[]) and attribution <> '' order by attribution`)
  return rows.map(({ attribution }) => attribution)
}
