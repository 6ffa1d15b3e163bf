/** Web Mercator tile arithmetic (OGC WebMercatorQuad), pure. Boxes are [west, south, east, north]. */
import type { BoundingBox } from '../../contract/geojson.ts'

/** Units along a tile's side, and how far beyond it geometry is kept so that strokes do not end at the seam. */
export const TILE_EXTENT = 4096
export const TILE_BUFFER = 64
/** Pixels the client draws a tile at. */
const TILE_PIXELS = 512
/** Half the circumference of the Web Mercator plane, metres. */
const HALF_WORLD = 20037508.342789244
const EARTH_RADIUS = 6378137

export interface TileAddress {
  z: number
  x: number
  y: number
}

/** Whether the address lies in the grid of its zoom. */
export function isInGrid({ z, x, y }: TileAddress): boolean {
  const side = 2 ** z
  return [z, x, y].every(Number.isInteger) && z >= 0 && x >= 0 && y >= 0 && x < side && y < side
}

/** Side of a tile in the Web Mercator plane, metres of that plane. */
export function tileSide(z: number): number {
  return (2 * HALF_WORLD) / 2 ** z
}

/** The tile's box in the Web Mercator plane (EPSG:3857), widened by `buffer` tile units. */
export function mercatorBox({ z, x, y }: TileAddress, buffer = 0): BoundingBox {
  const side = tileSide(z)
  const margin = (buffer / TILE_EXTENT) * side
  const west = -HALF_WORLD + x * side
  const north = HALF_WORLD - y * side
  return [west - margin, north - side - margin, west + side + margin, north + margin]
}

function latitudeOf(northing: number): number {
  return (Math.atan(Math.sinh(northing / EARTH_RADIUS)) * 180) / Math.PI
}

/** The tile's box in degrees, widened by `buffer` tile units. */
export function degreeBox(tile: TileAddress, buffer = 0): BoundingBox {
  const [west, south, east, north] = mercatorBox(tile, buffer)
  return [(west / HALF_WORLD) * 180, latitudeOf(south), (east / HALF_WORLD) * 180, latitudeOf(north)]
}

/** Which tile of a zoom a position falls in; positions beyond the plane fall in its outermost tiles. */
export function tileAt(longitude: number, latitude: number, z: number): TileAddress {
  const side = 2 ** z
  const clamp = (value: number) => Math.min(side - 1, Math.max(0, Math.floor(value)))
  const northing = Math.asinh(Math.tan((latitude * Math.PI) / 180)) / Math.PI
  return { z, x: clamp(((longitude + 180) / 360) * side), y: clamp(((1 - northing) / 2) * side) }
}

/** Side of one drawn pixel in the Web Mercator plane, metres of that plane. */
export function mercatorPixel(z: number): number {
  return tileSide(z) / TILE_PIXELS
}

/** Side of one drawn pixel on the ground at the tile's middle, metres: the plane is stretched by 1 / cos(latitude). */
export function groundPixelMeters(tile: TileAddress): number {
  const [, south, , north] = degreeBox(tile)
  return mercatorPixel(tile.z) * Math.cos((((south + north) / 2) * Math.PI) / 180)
}
