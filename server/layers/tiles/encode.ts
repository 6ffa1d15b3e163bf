/** A tile of several layers, by the database where it can (ST_AsMVT), in process where it cannot: one function, same features. */
import { fromGeojsonVt } from '@maplibre/vt-pbf'
import type { TileLayer } from '../../contract/layers.ts'
import type { Db, QueryOptions } from '../../db/db.ts'
import { TILE_SOURCES } from '../sources.ts'
import { TILE_EXTENT, type TileAddress } from './tile-grid.ts'
import { fieldsOf, listEncodedLayers, listTileFeatures, type TileSelection } from './tile-queries.ts'
import { readTwkb, type TileShape } from './twkb.ts'

/** The most features a layer may put into one tile, and the most bytes of all together before compression. */
export const MAX_FEATURES_PER_LAYER = 12_000
export const MAX_TILE_BYTES = 500_000

export interface TileRequest {
  cityId: number
  layers: readonly TileLayer[]
  tile: TileAddress
}

export interface EncodedTile {
  /** Vector tile 2.1, not compressed; empty when nothing shows there. */
  bytes: Buffer
  /** Sum of the layers' versions in the snapshot the tile was read from. */
  version: number
  /** Layers of which the smallest features were left out because the tile would have grown too large. */
  cut: TileLayer[]
}

export interface EncodeOptions extends QueryOptions {
  /** `database` = ST_AsMVT, `process` = our own encoder; default: what the engine can do. */
  by?: 'database' | 'process'
  maxFeatures?: number
  maxBytes?: number
}

interface EncodedLayer {
  layer: TileLayer
  bytes: Buffer
  features: number
}

interface Answer {
  layers: EncodedLayer[]
  version: number
}

async function encodeInDatabase(db: Db, selection: TileSelection, options: QueryOptions): Promise<Answer> {
  const rows = await listEncodedLayers(db, selection, options)
  return {
    layers: rows.flatMap(({ layer, bytes, features }) => (layer && bytes && features > 0 ? [{ layer, bytes, features }] : [])),
    version: rows.find(({ layer }) => layer === null)?.features ?? 0,
  }
}

async function encodeInProcess(db: Db, selection: TileSelection, options: QueryOptions): Promise<Answer> {
  const rows = await listTileFeatures(db, selection, options)
  const byLayer = new Map<TileLayer, { id: number; type: TileShape['type']; geometry: TileShape['geometry']; tags: Record<string, string | number | boolean> }[]>()
  for (const { layer, id, properties, shape } of rows) {
    if (!layer || !shape || !properties) continue
    const decoded = readTwkb(shape)
    if (!decoded) continue
    const tags: Record<string, string | number | boolean> = {}
    for (const [index, field] of fieldsOf(layer).entries()) {
      const value = properties[index]
      if (value !== null && value !== undefined) tags[field] = value
    }
    const features = byLayer.get(layer) ?? []
    features.push({ id, ...decoded, tags })
    byLayer.set(layer, features)
  }
  const layers = [...byLayer].map(([layer, features]) => ({
    layer,
    features: features.length,
    bytes: Buffer.from(fromGeojsonVt({ [layer]: { features } as unknown as Parameters<typeof fromGeojsonVt>[0][string] }, { version: 2, extent: TILE_EXTENT })),
  }))
  return { layers, version: rows.find(({ layer }) => layer === null)?.id ?? 0 }
}

/** New limits for layers of a tile that grew too large: the largest gives way first, never below an even share. */
export function shrinkLimits(layers: readonly { layer: TileLayer; bytes: number; features: number }[], maxBytes: number): Map<TileLayer, number> {
  const limits = new Map<TileLayer, number>()
  let left = maxBytes
  const ascending = [...layers].sort((a, b) => a.bytes - b.bytes)
  for (const [index, { layer, bytes, features }] of ascending.entries()) {
    const share = left / (ascending.length - index)
    // A little under the share: the features kept are the larger ones.
    if (bytes > share) limits.set(layer, Math.max(1, Math.floor((features * share * 0.85) / bytes)))
    left -= Math.min(bytes, share)
  }
  return limits
}

/**
 * Encodes the layers of a tile that show at its zoom, in one statement; again with fewer features when it grew over the limit.
 * @throws the database's error, `57014` when the statement was stopped.
 */
export async function encodeTile(db: Db, request: TileRequest, options: EncodeOptions = {}): Promise<EncodedTile> {
  const { by = db.engine === 'postgres' ? 'database' : 'process', maxFeatures = MAX_FEATURES_PER_LAYER, maxBytes = MAX_TILE_BYTES, ...queryOptions } = options
  const encode = by === 'database' ? encodeInDatabase : encodeInProcess
  const limits = new Map<TileLayer, number>(request.layers.filter((layer) => request.tile.z >= TILE_SOURCES[layer].minZoom).map((layer) => [layer, maxFeatures]))
  for (let attempt = 1; ; attempt += 1) {
    const layers = [...limits].map(([layer, limit]) => ({ layer, limit }))
    const answer = await encode(db, { cityId: request.cityId, tile: request.tile, layers, asked: request.layers }, queryOptions)
    const total = answer.layers.reduce((sum, { bytes }) => sum + bytes.length, 0)
    if (total <= maxBytes || attempt === 4) {
      const cut = answer.layers.filter(({ layer, features }) => features >= (limits.get(layer) ?? Infinity) || (limits.get(layer) ?? maxFeatures) < maxFeatures).map(({ layer }) => layer)
      return { bytes: Buffer.concat(answer.layers.map(({ bytes }) => bytes)), version: answer.version, cut }
    }
    const smaller = shrinkLimits(answer.layers.map(({ layer, bytes, features }) => ({ layer, bytes: bytes.length, features })), maxBytes)
    for (const [layer, limit] of smaller) limits.set(layer, limit)
  }
}
