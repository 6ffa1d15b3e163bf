/** Use cases of vector tiles: one tile, and the TileJSON that describes a set of layers. */
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import { getCity } from '../../cities/cities.ts'
import type { AppContext } from '../../context.ts'
import type { BoundingBox } from '../../contract/geojson.ts'
import { TILE_LAYER_FIELDS, TILE_MAX_ZOOM, TILE_MIN_ZOOM, TileLayer, tileAddress, tileVersion } from '../../contract/layers.ts'
import { AppError } from '../../errors.ts'
import { kindLabel } from '../labels.ts'
import { encodeTile } from './encode.ts'
import { Lane, LaneFull } from './lane.ts'
import { SingleFlight } from './single-flight.ts'
import { type CachedTile, TileCache } from './tile-cache.ts'
import { isInGrid, type TileAddress } from './tile-grid.ts'
import { listAttributions } from './tile-queries.ts'

const compress = promisify(gzip)

/** Memory for finished tiles. */
const CACHE_BYTES = 64 * 1024 * 1024
/** Compressing less is not worth it. The fastest level: a harder one takes twice as long for three parts in a hundred. */
const LEAST_COMPRESSED_BYTES = 1024
/** A tile that is not ready by then is given up, milliseconds. */
const TILE_LIMIT_MS = 15_000
const MAX_WAITING = 1000
/** How long a city's versions are taken as known, milliseconds. An older address then answers what it always answered, not stale tiles. */
const VERSIONS_KNOWN_MS = 250

export interface TileAsked {
  city: string
  layers: TileLayer[]
  version: number
  tile: TileAddress
}

export interface Tiles {
  /**
   * @throws AppError not_found for an unknown city or another version than the current one; timeout; unavailable when too many wait.
   * @throws the reason of `signal` when the client has gone.
   */
  getTile(asked: TileAsked, signal: AbortSignal): Promise<CachedTile>
  /** @throws AppError not_found for an unknown city. */
  getTileJson(city: string, layers: readonly TileLayer[], base: string): Promise<TileJson>
}

export interface TileJson {
  tilejson: '3.0.0'
  name: string
  description: string
  version: string
  scheme: 'xyz'
  tiles: string[]
  minzoom: number
  maxzoom: number
  bounds?: BoundingBox
  center?: [number, number, number]
  attribution: string
  vector_layers: { id: string; description: string; minzoom: number; maxzoom: number; fields: Record<string, string> }[]
}

/**
 * The layers of an address.
 * @throws AppError not_found for a layer there is not, bad_request for one named twice.
 */
export function parseTileLayers(text: string): TileLayer[] {
  const layers = text.split(',').map((name) => {
    const layer = TileLayer.safeParse(name)
    if (!layer.success) throw new AppError('not_found', `There is no tile layer "${name.slice(0, 80)}"; there are ${TileLayer.options.join(', ')}.`)
    return layer.data
  })
  if (new Set(layers).size < layers.length) throw new AppError('bad_request', 'A tile layer is named twice in the address; name each once.')
  return layers
}

/**
 * The position of a tile's address.
 * @throws AppError bad_request when it is not three whole numbers, outside the zooms served, or outside the grid.
 */
export function parseTileAddress(z: string, x: string, y: string): TileAddress {
  if (![z, x, y].every((text) => /^\d{1,9}$/.test(text))) throw new AppError('bad_request', `A tile's address is three whole numbers z/x/y, not ${[z, x, y].join('/').slice(0, 80)}.`)
  const tile = { z: Number(z), x: Number(x), y: Number(y) }
  if (tile.z < TILE_MIN_ZOOM || tile.z > TILE_MAX_ZOOM) throw new AppError('bad_request', `Tiles are made for zoom ${TILE_MIN_ZOOM} to ${TILE_MAX_ZOOM}, not ${tile.z}.`)
  if (!isInGrid(tile)) throw new AppError('bad_request', `The tile ${z}/${x}/${y} is outside the grid: at zoom ${z}, x and y go from 0 to ${2 ** tile.z - 1}.`)
  return tile
}

const escapeMarkup = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** Tiles of one application: its cache, its lane to the database, its flights. */
export function createTiles({ db, config, clock }: Pick<AppContext, 'db' | 'config' | 'clock'>): Tiles {
  const cache = new TileCache(CACHE_BYTES)
  const flights = new SingleFlight<CachedTile>()
  const lane = new Lane(db.engine === 'embedded' ? 1 : Math.max(1, Math.min(4, config.DATABASE_CONNECTIONS - 2)), MAX_WAITING)
  const known = new Map<string, { at: number; city: ReturnType<typeof getCity> }>()

  function findVersions(key: string, fresh: boolean): ReturnType<typeof getCity> {
    const now = clock().getTime()
    const last = known.get(key)
    if (last && !fresh && now - last.at < VERSIONS_KNOWN_MS) return last.city
    const entry = { at: now, city: getCity(db, key) }
    known.set(key, entry)
    // A failure is not remembered: the next one asks again.
    entry.city.catch(() => known.get(key) === entry && known.delete(key))
    return entry.city
  }

  function refuseVersion(asked: TileAsked, current: number): never {
    throw new AppError('not_found', `Version ${asked.version} of these layers is not the current one; it is ${current}. Ask for ${tileAddress(asked.city, asked.layers, current)}, as /tiles/${asked.city}/${asked.layers.join(',')}.json says.`)
  }

  async function make(asked: TileAsked, cityId: number, key: string, gone: AbortSignal): Promise<CachedTile> {
    const limit = AbortSignal.timeout(TILE_LIMIT_MS)
    const signal = AbortSignal.any([gone, limit])
    try {
      const encoded = await lane.run(() => encodeTile(db, { cityId, layers: asked.layers, tile: asked.tile }, { signal }), signal)
      if (encoded.version !== asked.version) refuseVersion(asked, encoded.version)
      const isSmall = encoded.bytes.length < LEAST_COMPRESSED_BYTES
      const tile: CachedTile = {
        body: encoded.bytes.length === 0 ? null : isSmall ? encoded.bytes : await compress(encoded.bytes, { level: constants.Z_BEST_SPEED }),
        encoding: isSmall ? null : 'gzip',
        cut: encoded.cut,
      }
      cache.set(key, tile)
      return tile
    } catch (error) {
      if (error instanceof LaneFull) throw new AppError('unavailable', 'Too many map tiles are being drawn at once; try again in a moment.', { cause: error })
      if (limit.aborted && !gone.aborted) throw new AppError('timeout', `The tile ${asked.tile.z}/${asked.tile.x}/${asked.tile.y} took longer than ${TILE_LIMIT_MS / 1000} s; ask for fewer layers.`, { cause: error })
      throw error
    }
  }

  return {
    async getTile(asked, signal) {
      let city = await findVersions(asked.city, false)
      if (tileVersion(city.tileVersions, asked.layers) !== asked.version) city = await findVersions(asked.city, true)
      const current = tileVersion(city.tileVersions, asked.layers)
      if (current !== asked.version) refuseVersion(asked, current)
      const { z, x, y } = asked.tile
      const key = [city.cityId, asked.layers.join(), asked.version, z, x, y].join('/')
      return cache.get(key) ?? flights.join(key, (gone) => make(asked, city.cityId, key, gone), signal)
    },

    async getTileJson(key, layers, base) {
      const city = await getCity(db, key)
      const attributions = await listAttributions(db, city.cityId, layers)
      return {
        tilejson: '3.0.0',
        name: `${city.nameZh} ${city.nameEn}`,
        description: layers.map((layer) => kindLabel(layer).en).join(', '),
        version: '1.0.0',
        scheme: 'xyz',
        tiles: [`${base}${tileAddress(key, layers, tileVersion(city.tileVersions, layers))}`],
        minzoom: Math.max(TILE_MIN_ZOOM, Math.min(...layers.map((layer) => TILE_LAYER_FIELDS[layer].minZoom))),
        maxzoom: TILE_MAX_ZOOM,
        ...(city.boundingBox ? { bounds: city.boundingBox } : {}),
        ...(city.center ? { center: [...city.center, 12] as [number, number, number] } : {}),
        // Clients show it as markup.
        attribution: attributions.map(escapeMarkup).join(' · '),
        vector_layers: layers.map((layer) => ({ id: layer, description: `${kindLabel(layer).zh} ${kindLabel(layer).en}`, minzoom: TILE_LAYER_FIELDS[layer].minZoom, maxzoom: TILE_MAX_ZOOM, fields: { ...TILE_LAYER_FIELDS[layer].fields } })),
      }
    },
  }
}
