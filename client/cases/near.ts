/** Distances within a city, for telling how close two cases are. Pure. */
const METERS_PER_DEGREE = 111_320

/** Metres between two places a few kilometres apart at most (equirectangular; well under one per cent off there). */
export function metersBetween(a: readonly [number, number], b: readonly [number, number]): number {
  const middle = ((a[1] + b[1]) / 2) * (Math.PI / 180)
  return Math.hypot((a[0] - b[0]) * Math.cos(middle), a[1] - b[1]) * METERS_PER_DEGREE
}

/** West, south, east, north of a square around a place. */
export function boxAround([longitude, latitude]: readonly [number, number], meters: number): [number, number, number, number] {
  const north = meters / METERS_PER_DEGREE
  const east = north / Math.cos((latitude * Math.PI) / 180)
  return [longitude - east, latitude - north, longitude + east, latitude + north]
}
