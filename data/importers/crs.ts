/** The coordinate system of a file: given, declared or assumed, and whether its numbers can be of that system. */
import { type CheckedGeometry } from './geojson-check.ts'
import { type Shift, unshift } from './gcj02.ts'

export interface SourceCrs {
  /** `EPSG:n`, `gcj02` or `bd09`. */
  name: string
  from: 'option' | 'file' | 'default'
  /** EPSG number the coordinates are handed to the database in; shifts are undone before. */
  srid: number
  shift: Shift | null
  isGeographic: boolean
}

export class CrsError extends Error {}

const GEOGRAPHIC_LIKE_WGS84 = new Set([4326, 4490, 4979, 4480])

/**
 * Settles the system: the option wins over what the file declares, WGS 84 is assumed where neither speaks.
 * @param declared `EPSG:n`, or null.
 * @param declaredText what the file says in words, where that has no EPSG number.
 * @param proj4Text definition of an EPSG number, undefined when the database does not know it.
 * @throws CrsError naming what to give.
 */
export async function settleCrs(option: string | undefined, declared: string | null, declaredText: string | null, proj4Text: (srid: number) => Promise<string | undefined>): Promise<SourceCrs> {
  const written = option?.toLowerCase()
  if (written === 'gcj02' || written === 'bd09') return { name: written, from: 'option', srid: 4326, shift: written, isGeographic: true }
  const name = option?.toUpperCase() ?? declared
  if (!name) {
    if (declaredText) throw new CrsError(`The file names a coordinate system without an EPSG number ("${declaredText}"). Give it with --crs EPSG:n.`)
    return { name: 'EPSG:4326', from: 'default', srid: 4326, shift: null, isGeographic: true }
  }
  const srid = Number(name.slice('EPSG:'.length))
  const definition = GEOGRAPHIC_LIKE_WGS84.has(srid) ? '+proj=longlat' : await proj4Text(srid)
  if (definition === undefined) throw new CrsError(`Nobody knows the coordinate system ${name}. Give one that is in the EPSG register with --crs EPSG:n.`)
  return { name, from: option ? 'option' : 'file', srid, shift: null, isGeographic: /\+proj=longlat/.test(definition) }
}

function eachPosition(geometry: CheckedGeometry, visit: (position: number[]) => void): void {
  const walk = (coordinates: unknown): void => {
    if (!Array.isArray(coordinates)) return
    if (typeof coordinates[0] === 'number') visit(coordinates as number[])
    else coordinates.forEach(walk)
  }
  walk(geometry.coordinates)
  geometry.geometries?.forEach((inner) => eachPosition(inner, visit))
}

/** EPSG numbers of the CGCS2000 3-degree zones: with the zone number before the easting, and by central meridian without it. */
function withZonePrefix(zone: number): string | null {
  return zone >= 25 && zone <= 45 ? `EPSG:${4513 + (zone - 25)}` : zone >= 13 && zone <= 23 ? `EPSG:${4491 + (zone - 13)}` : null
}
const isPrefixed = (srid: number): boolean => (srid >= 4491 && srid <= 4501) || (srid >= 4513 && srid <= 4533)
const isUnprefixed = (srid: number): boolean => (srid >= 4502 && srid <= 4512) || (srid >= 4534 && srid <= 4554)

/** The zone in front of an 8-digit easting: 38505143 → 38. Null for other numbers. */
export function zonePrefix(easting: number): number | null {
  return easting >= 13_000_000 && easting < 46_000_000 ? Math.floor(easting / 1_000_000) : null
}

/** Why these numbers cannot be of that system, with what would help; null when they can. */
export function doubtPosition(position: readonly number[], crs: SourceCrs): string | null {
  const [x = 0, y = 0] = position
  const shown = `(${x}, ${y})`
  if (crs.isGeographic) {
    if (Math.abs(x) <= 180 && Math.abs(y) <= 90) return null
    if (Math.abs(x) <= 90 && Math.abs(y) <= 180) return `${shown} has a latitude beyond 90°: the axes seem to be swapped; longitude comes first.`
    const zone = zonePrefix(x)
    const hint = zone !== null && withZonePrefix(zone) ? ` The easting begins with zone ${zone}: try --crs ${withZonePrefix(zone)}.` : ' Name the system of the file with --crs EPSG:n.'
    if (Math.abs(x) > 400 || Math.abs(y) > 200) return `${shown} is not in degrees.${hint}`
    return `${shown} is outside ±180° of longitude and ±90° of latitude.`
  }
  const zone = zonePrefix(x)
  if (isUnprefixed(crs.srid) && zone !== null) return `The easting ${x} has eight digits and begins with zone ${zone}, but ${crs.name} has none: try --crs ${withZonePrefix(zone) ?? 'EPSG:n of that zone'}.`
  if (isPrefixed(crs.srid) && zone === null) return `The easting ${x} has no zone number in front, but ${crs.name} asks for one: try the same zone by central meridian (EPSG:4534 to 4554).`
  if (Math.abs(x) <= 180 && Math.abs(y) <= 90) return `${shown} looks like degrees, but ${crs.name} is in metres.`
  return null
}

/** A point east of 180° by one turn: some sources count longitude from 0 to 360, some mistype it. Null for all other geometries. */
export function unwindLongitude(geometry: CheckedGeometry, crs: SourceCrs): CheckedGeometry | null {
  if (!crs.isGeographic || geometry.type !== 'Point') return null
  const [x = 0, y = 0] = geometry.coordinates as number[]
  return x > 180 && x <= 360 && Math.abs(y) <= 90 ? { type: 'Point', coordinates: [Math.round((x - 360) * 1e9) / 1e9, y] } : null
}

/** The first doubt about a geometry's numbers. */
export function doubtGeometry(geometry: CheckedGeometry, crs: SourceCrs): string | null {
  let doubt: string | null = null
  eachPosition(geometry, (position) => (doubt ??= doubtPosition(position, crs)))
  return doubt
}

/** Undoes GCJ-02 or BD-09 in place of every position. */
export function undoShift(geometry: CheckedGeometry, from: Shift): CheckedGeometry {
  const walk = (coordinates: unknown): unknown => {
    if (!Array.isArray(coordinates)) return coordinates
    return typeof coordinates[0] === 'number' ? unshift([coordinates[0], coordinates[1] as number], from) : coordinates.map(walk)
  }
  return { ...geometry, ...(geometry.coordinates === undefined ? {} : { coordinates: walk(geometry.coordinates) }), ...(geometry.geometries ? { geometries: geometry.geometries.map((inner) => undoShift(inner, from)) } : {}) }
}

/** The system that column names give away: `gcj02_lng`, `bd_lon`, 高德, 百度. */
export function suspectShift(columns: readonly string[]): Shift | null {
  const text = columns.join(' ').toLowerCase()
  if (/bd[-_ ]?09|\bbd_?(lng|lon|lat|x|y)\b|baidu|百度/.test(text)) return 'bd09'
  return /gcj[-_ ]?02|\bgcj|amap|gaode|高德|火星/.test(text) ? 'gcj02' : null
}
