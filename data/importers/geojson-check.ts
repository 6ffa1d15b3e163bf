/**
 * What RFC 7946 asks of a geometry and a feature, each fault with a sentence of its own.
 * Numbers written as texts are mended and said; everything else that is wrong is refused.
 */
import { type RowProblem, sampleOf } from './file-refused.ts'

export interface CheckedGeometry {
  type: string
  coordinates?: unknown
  geometries?: CheckedGeometry[]
}

/** Nesting of `coordinates` by type: 0 is one position. */
const DEPTH: Record<string, number> = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 }
const TYPES = [...Object.keys(DEPTH), 'GeometryCollection']
const SHAPE = ['one position [x, y]', 'a list of positions', 'a list of lists of positions', 'a list of lists of lists of positions']

/** A fault of one row. */
export class Fault extends Error {
  readonly code: string
  readonly sample: unknown
  constructor(code: string, message: string, sample?: unknown) {
    super(message)
    this.code = code
    this.sample = sample
  }
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  return { string: 'a text', number: 'a number', boolean: 'a truth value', object: 'an object' }[typeof value as string] ?? typeof value
}

interface Progress {
  vertices: number
  limit: number
  mended: boolean
}

const NUMBER_TEXT = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i

function checkPosition(value: unknown, progress: Progress): number[] {
  if (!Array.isArray(value)) throw new Fault('coordinates_depth', `The coordinates hold ${describe(value)} where a position [x, y] is due.`, value)
  if (value.length === 0) throw new Fault('position_incomplete', 'A position is empty.', value)
  if (Array.isArray(value[0])) throw new Fault('coordinates_depth', 'The coordinates are nested deeper than their geometry type allows.', value)
  if (value.length < 2) throw new Fault('position_incomplete', 'A position has only one number.', value)
  if (++progress.vertices > progress.limit) throw new Fault('too_many_vertices', `The geometry has more than ${progress.limit.toLocaleString('en')} positions.`)
  return value.slice(0, 2).map((number: unknown) => {
    if (typeof number === 'string' && NUMBER_TEXT.test(number)) {
      progress.mended = true
      number = Number(number)
    }
    if (typeof number !== 'number') throw new Fault('coordinates_not_numbers', `A position holds ${describe(number)} instead of a number.`, value)
    if (!Number.isFinite(number)) throw new Fault('coordinates_not_numbers', 'A position holds a number without end.', value)
    return number
  })
}

function checkCoordinates(value: unknown, depth: number, type: string, progress: Progress): unknown {
  if (depth === 0) return checkPosition(value, progress)
  if (!Array.isArray(value)) {
    const expected = SHAPE[DEPTH[type] ?? 0]
    throw new Fault('coordinates_depth', `The coordinates of a ${type} must be ${expected}; here they are not nested deep enough (${describe(value)}).`, value)
  }
  return value.map((item) => checkCoordinates(item, depth - 1, type, progress))
}

const samePosition = (a: number[] | undefined, b: number[] | undefined): boolean => a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1]

function checkLine(line: number[][]): void {
  if (line.length < 2) throw new Fault('line_too_short', 'A line needs at least two positions.', line)
}

function checkRing(ring: number[][]): void {
  if (!samePosition(ring[0], ring.at(-1))) throw new Fault('ring_not_closed', 'A ring of the polygon is not closed: its first and last position differ.', [ring[0], ring.at(-1)])
  const unique = new Set(ring.map((position) => position.join(' ')))
  if (ring.length < 4 || unique.size < 3) throw new Fault('ring_too_short', 'A ring of the polygon has fewer than three different positions.', ring)
}

function checkParts(type: string, coordinates: unknown): void {
  if (type === 'LineString') checkLine(coordinates as number[][])
  if (type === 'MultiLineString') (coordinates as number[][][]).forEach(checkLine)
  if (type === 'Polygon') (coordinates as number[][][]).forEach(checkRing)
  if (type === 'MultiPolygon') (coordinates as number[][][][]).forEach((polygon) => polygon.forEach(checkRing))
  const isEmpty = Array.isArray(coordinates) && (coordinates.length === 0 || (type !== 'Point' && coordinates.some((part) => Array.isArray(part) && part.length === 0)))
  if (isEmpty) throw new Fault('geometry_empty', `The ${type} has no coordinates.`)
}

function checkBoundingBox(value: unknown): void {
  if (!Array.isArray(value)) throw new Fault('bbox_invalid', `The bbox is ${describe(value)}, not a list of numbers.`, value)
  if (value.some((number) => typeof number !== 'number')) throw new Fault('bbox_invalid', 'The bbox holds something other than numbers.', value)
  if (value.length !== 4 && value.length !== 6) throw new Fault('bbox_invalid', `The bbox has ${value.length} numbers; 4 or 6 are due.`, value)
}

function checkInner(value: unknown, progress: Progress, nesting: number): CheckedGeometry {
  if (value === null) throw new Fault('geometry_missing', 'A geometry is null.')
  if (typeof value !== 'object' || Array.isArray(value)) throw new Fault('geometry_not_object', `The geometry is ${describe(value)}, not an object with type and coordinates.`, value)
  const { type, coordinates, geometries, bbox } = value as Record<string, unknown>
  if (type === undefined) throw new Fault('geometry_type_missing', Object.keys(value).length === 0 ? 'The geometry is an empty object {}.' : 'The geometry has no type.', value)
  if (typeof type !== 'string' || !TYPES.includes(type)) {
    const meant = TYPES.find((known) => known.toLowerCase() === String(type).toLowerCase())
    throw new Fault('geometry_type_unknown', `There is no geometry type ${JSON.stringify(type)}${meant ? `; written rightly it is "${meant}"` : ''}.`, type)
  }
  if (bbox !== undefined) checkBoundingBox(bbox)
  if (type === 'GeometryCollection') {
    if (!Array.isArray(geometries)) throw new Fault('geometries_missing', 'The GeometryCollection has no list of geometries.', geometries)
    if (nesting > 8) throw new Fault('nested_too_deep', 'Geometry collections are nested more than 8 deep.')
    return { type, geometries: geometries.map((geometry) => checkInner(geometry, progress, nesting + 1)) }
  }
  if (coordinates === undefined) throw new Fault('coordinates_missing', `The ${type} has no coordinates.`)
  if (!Array.isArray(coordinates)) {
    const empty = coordinates !== null && typeof coordinates === 'object' && Object.keys(coordinates).length === 0
    throw new Fault(empty ? 'coordinates_empty' : 'coordinates_invalid', empty ? 'The coordinates are an empty object {}.' : `The coordinates are ${describe(coordinates)}, not a list.`, coordinates)
  }
  if (coordinates.length === 0) throw new Fault('geometry_empty', `The ${type} has no coordinates.`)
  const checked = checkCoordinates(coordinates, DEPTH[type] ?? 0, type, progress)
  checkParts(type, checked)
  return { type, coordinates: checked }
}

/**
 * Checks one geometry; heights and measures are dropped, texts that are numbers become numbers.
 * @throws Fault naming what is wrong.
 */
export function checkGeometry(value: unknown, vertexLimit: number): { geometry: CheckedGeometry; mended: boolean } {
  const progress = { vertices: 0, limit: vertexLimit, mended: false }
  return { geometry: checkInner(value, progress, 0), mended: progress.mended }
}

export interface CheckedFeature {
  geometry: CheckedGeometry | null
  properties: Record<string, unknown>
  id: string | null
  problems: RowProblem[]
}

/** Checks one member of `features`; what is wrong with it stands in `problems`. */
export function checkFeature(value: unknown, vertexLimit: number): CheckedFeature {
  const checked: CheckedFeature = { geometry: null, properties: {}, id: null, problems: [] }
  try {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Fault('feature_not_object', `A feature is ${describe(value)}, not an object.`, value)
    const feature = value as Record<string, unknown>
    if (feature['type'] !== 'Feature') throw new Fault('feature_type', `A member of features has the type ${JSON.stringify(feature['type'] ?? null)}; "Feature" is due.`, feature['type'])
    const { id, properties, geometry, bbox } = feature
    if (properties === undefined) throw new Fault('properties_missing', 'The feature has no properties member (null would do).')
    if (properties !== null && (typeof properties !== 'object' || Array.isArray(properties))) throw new Fault('properties_not_object', `The properties are ${describe(properties)}, not an object.`, properties)
    checked.properties = (properties as Record<string, unknown> | null) ?? {}
    if (id !== undefined && typeof id !== 'string' && typeof id !== 'number') throw new Fault('feature_id_type', `The id of the feature is ${describe(id)}; a text or a number is due.`, id)
    checked.id = id === undefined ? null : String(id)
    if (bbox !== undefined) checkBoundingBox(bbox)
    if (geometry === undefined) throw new Fault('geometry_member_missing', 'The feature has no geometry member (null would do).', Object.keys(feature).join(', '))
    if (geometry === null) return checked
    const { geometry: good, mended } = checkGeometry(geometry, vertexLimit)
    checked.geometry = good
    if (mended) checked.problems.push({ severity: 'repaired', code: 'coordinates_were_text', field: 'geometry', message: 'The coordinates were written as texts; they were read as numbers.', sample: sampleOf((geometry as Record<string, unknown>)['coordinates']) })
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    checked.problems.push({ severity: 'refused', code: error.code, field: error.code.startsWith('properties') ? 'properties' : 'geometry', message: error.message, sample: sampleOf(error.sample) })
  }
  return checked
}
