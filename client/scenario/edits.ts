/** A scenario's list of edits: what a drawing does to it. Pure. */
import type { DrawnShape, ScenarioEdit } from '../../server/contract/scenarios.ts'
import type { Geometry, Position } from '../../server/contract/geojson.ts'

export type DrawnEdit = Extract<ScenarioEdit, { kind: 'facility' | 'change' | 'gate' | 'path' }>
/** What is answered move by move while it is drawn: all that has a shape. */
export type MovableEdit = DrawnEdit

export const isDrawn = (edit: ScenarioEdit): edit is DrawnEdit => edit.kind === 'facility' || edit.kind === 'change' || edit.kind === 'gate' || edit.kind === 'path'

/** The geometry that the drawing tool holds for an edit. */
export function geometryOf(edit: DrawnEdit): { type: 'Polygon'; coordinates: Position[][] } | { type: 'MultiPolygon'; coordinates: Position[][][] } | { type: 'Point'; coordinates: Position } | { type: 'LineString'; coordinates: Position[] } {
  if (edit.kind === 'gate') return { type: 'Point', coordinates: edit.position }
  if (edit.kind === 'path') return { type: 'LineString', coordinates: edit.line }
  return edit.geometry
}

/** The edit with another geometry; null where the geometry is none of its kind yet, as while it is being drawn. */
export function withGeometry<Edit extends DrawnEdit>(edit: Edit, geometry: { type: string; coordinates: unknown }): Edit | null {
  if (edit.kind === 'gate') return geometry.type === 'Point' ? { ...edit, position: geometry.coordinates as Position } : null
  if (edit.kind === 'path') {
    const line = geometry.coordinates as Position[]
    return geometry.type === 'LineString' && line.length >= 2 ? { ...edit, line } : null
  }
  if (geometry.type === 'Point') return { ...edit, geometry: { type: 'Point', coordinates: geometry.coordinates as Position } }
  if (geometry.type === 'MultiPolygon') return { ...edit, geometry: { type: 'MultiPolygon', coordinates: geometry.coordinates as Position[][][] } }
  const rings = geometry.coordinates as Position[][]
  if (geometry.type !== 'Polygon' || (rings[0]?.length ?? 0) < 4) return null
  return { ...edit, geometry: { type: 'Polygon', coordinates: rings } }
}

/** As the drawing tool takes coordinates: a tenth of a millimetre. */
export const round = ([longitude, latitude]: Position): Position => [Math.round(longitude * 1e9) / 1e9, Math.round(latitude * 1e9) / 1e9]

/** The shape of a feature as it can be drawn; null for a line. */
export function shapeOf(geometry: Geometry): DrawnShape | null {
  if (geometry.type === 'Point') return { type: 'Point', coordinates: round(geometry.coordinates as unknown as Position) }
  if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') return null
  const polygons = ((geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates) as Position[][][]).map((rings) => rings.map((ring) => ring.map(round)))
  return polygons.length === 1 ? { type: 'Polygon', coordinates: polygons[0]! } : { type: 'MultiPolygon', coordinates: polygons }
}

/** The list with one edit put in its place, or at the end. */
export function put(edits: readonly ScenarioEdit[], edit: ScenarioEdit): ScenarioEdit[] {
  return edits.some(({ id }) => id === edit.id) ? edits.map((one) => (one.id === edit.id ? edit : one)) : [...edits, edit]
}

/** The list without an edit, and without the gates of what it added. */
export function without(edits: readonly ScenarioEdit[], id: string): ScenarioEdit[] {
  return edits.filter((edit) => edit.id !== id && !((edit.kind === 'gate' || edit.kind === 'close_gate') && edit.feature === id))
}

/** The list that a move of an edit is looked at over: all but it; a facility that changes its shape is not there meanwhile. */
export function lifted(edits: readonly ScenarioEdit[], edit: MovableEdit): ScenarioEdit[] {
  const rest = edits.filter(({ id }) => id !== edit.id)
  return edit.kind === 'change' ? [...rest, { id: edit.id, kind: 'close', feature: edit.feature, name: '' }] : rest
}
