/** Where the edits of a scenario lie. Pure. */
import type { BoundingBox, Position } from '../../server/contract/geojson.ts'
import type { ScenarioEdit } from '../../server/contract/scenarios.ts'

const isPosition = (coordinates: unknown): coordinates is Position => Array.isArray(coordinates) && typeof coordinates[0] === 'number'
const positionsIn = (coordinates: unknown): Position[] => (isPosition(coordinates) ? [coordinates] : Array.isArray(coordinates) ? coordinates.flatMap(positionsIn) : [])

function positionsOf(edit: ScenarioEdit): Position[] {
  if (edit.kind === 'facility' || edit.kind === 'change') return positionsIn(edit.geometry.coordinates)
  if (edit.kind === 'path') return edit.line
  return edit.kind === 'gate' || edit.kind === 'close_gate' || edit.kind === 'close_path' ? [edit.position] : []
}

/** Null where none has a place of its own. */
export function boxOfEdits(edits: readonly ScenarioEdit[]): BoundingBox | null {
  const positions = edits.flatMap(positionsOf)
  if (positions.length === 0) return null
  const [longitudes, latitudes] = [positions.map(([longitude]) => longitude), positions.map(([, latitude]) => latitude)]
  return [Math.min(...longitudes), Math.min(...latitudes), Math.max(...longitudes), Math.max(...latitudes)]
}
