import { type CheckedGeometry, Fault } from './geojson-check.ts'
import type { GeometryRule } from './kinds.ts'

const DIMENSION: Record<string, 0 | 1 | 2> = { Point: 0, MultiPoint: 0, LineString: 1, MultiLineString: 1, Polygon: 2, MultiPolygon: 2 }
const WORDS = ['points', 'lines', 'areas'] as const
const NEEDS: Record<GeometryRule, { dimension: 0 | 1 | 2 | null; words: string }> = {
  polygon: { dimension: 2, words: 'areas (Polygon or MultiPolygon)' },
  line: { dimension: 1, words: 'lines (LineString or MultiLineString)' },
  point: { dimension: 0, words: 'points' },
  optionalPoint: { dimension: 0, words: 'points' },
  any: { dimension: null, words: 'any geometry' },
  none: { dimension: null, words: 'any geometry' },
}

function flatten(geometry: CheckedGeometry): CheckedGeometry[] {
  return geometry.geometries ? geometry.geometries.flatMap(flatten) : [geometry]
}

function merge(parts: CheckedGeometry[]): CheckedGeometry {
  const first = parts[0]
  if (!first) throw new Fault('geometry_empty', 'The GeometryCollection is empty.')
  if (parts.length === 1) return first
  const type = first.type.replace(/^Multi/, '')
  const coordinates = parts.flatMap((part) => (part.type.startsWith('Multi') ? (part.coordinates as unknown[]) : [part.coordinates]))
  return { type: `Multi${type}`, coordinates }
}

/**
 * Brings a geometry into what a kind of feature holds: collections of one sort become one multi-geometry, a multi-point of one becomes a point.
 * @returns the geometry, and in words what was changed to get it (null when nothing was).
 * @throws Fault when it is of another sort: a line where areas are due.
 */
export function fitGeometry(geometry: CheckedGeometry, rule: GeometryRule): { geometry: CheckedGeometry; change: string | null } {
  const parts = flatten(geometry)
  const sorts = new Set(parts.map((part) => DIMENSION[part.type]))
  if (sorts.size > 1) throw new Fault('geometry_mixed', `The geometry mixes ${[...sorts].sort().map((sort) => WORDS[sort ?? 0]).join(' and ')}; split it into features of one sort.`, geometry.type)
  const merged = merge(parts)
  const { dimension, words } = NEEDS[rule]
  if (dimension !== null && DIMENSION[merged.type] !== dimension) throw new Fault('geometry_wrong_type', `A ${geometry.type} cannot be taken here: rows of this kind are ${words}.`, geometry.type)
  const change = geometry.geometries ? 'The GeometryCollection was read as what it holds.' : null
  if (rule !== 'optionalPoint' && rule !== 'point') return { geometry: merged, change }
  if (merged.type === 'Point') return { geometry: merged, change }
  const points = merged.coordinates as unknown[]
  if (points.length !== 1) throw new Fault('geometry_wrong_type', `A MultiPoint of ${points.length} points cannot be taken here: one row has one place.`, geometry.type)
  return { geometry: { type: 'Point', coordinates: points[0] }, change: 'The MultiPoint of one point was read as a point.' }
}
