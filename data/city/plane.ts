/**
 * The city is drawn on a plane in metres: EPSG:4547 (CGCS2000 / 3-degree Gauss-Kruger CM 114E) less a fixed origin,
 * so that an area or a length taken here is the one the database measures.
 */
import proj4 from 'proj4'

/** Metres east and north of the city's origin. */
export type Point = readonly [number, number]
/** An open ring (the first point is not repeated), counter-clockwise outside. */
export type Ring = readonly Point[]
export type Line = readonly Point[]

export const MEASURE_SRID = 4547
export const MEASURE_NAME = 'CGCS2000 / 3-degree Gauss-Kruger CM 114E'
const GAUSS_KRUGER_114 = '+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs'
const CGCS2000 = '+proj=longlat +ellps=GRS80 +no_defs'

/** Where the middle of the old core lies: an invented place. */
export const ORIGIN_DEGREES = [113.42, 31.36] as const

const transform = proj4(CGCS2000, GAUSS_KRUGER_114)
const [originEast, originNorth] = transform.forward([...ORIGIN_DEGREES]) as [number, number]

const round7 = (value: number): number => Math.round(value * 1e7) / 1e7

/** Longitude and latitude (CGCS2000) of a point of the plane, rounded to 7 decimals (about a centimetre). */
export function toDegrees(point: Point): [number, number] {
  const [longitude, latitude] = transform.inverse([point[0] + originEast, point[1] + originNorth]) as [number, number]
  return [round7(longitude), round7(latitude)]
}

/** The plane's point of a longitude and latitude. */
export function toPlane(degrees: readonly [number, number]): Point {
  const [east, north] = transform.forward([...degrees]) as [number, number]
  return [east - originEast, north - originNorth]
}
