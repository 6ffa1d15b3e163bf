/** What a scenario changes of the ground that a question reads. */
import type { CityRow } from '../cities/cities.ts'
import type { ScenarioEdit } from '../contract/scenarios.ts'
import type { Queryable } from '../db/db.ts'
import { isPointLike, packWkb } from '../engine/packed-geometry.ts'
import { type EditedPaths, editPaths } from '../engine/walking/edit-paths.ts'
import type { EditedGates } from '../engine/walking/edited-gates.ts'
import { gatesLeft } from '../engine/walking/shut-gates.ts'
import type { PathsInput } from '../engine/walking/walking-network.ts'
import { AppError } from '../errors.ts'
import { findEdits, listEditShapes, type ShapeRow } from './edit-queries.ts'
import type { FacilityRow } from './input-queries.ts'
import type { GateRow, WalkingSettings } from './walking-queries.ts'

/** An edit with its shape in the plane; what names a facility alone has none. */
export interface PlacedEdit {
  edit: ScenarioEdit
  shape: ShapeRow | null
}

function geometryOf(edit: ScenarioEdit): unknown {
  if (edit.kind === 'facility' || edit.kind === 'change') return edit.geometry
  if (edit.kind === 'gate' || edit.kind === 'close_gate' || edit.kind === 'close_path') return { type: 'Point', coordinates: edit.position }
  return edit.kind === 'path' ? { type: 'LineString', coordinates: edit.line } : undefined
}

/** @throws AppError bad_request for a polygon that crosses itself, naming the edit. */
export async function placeEdits(db: Queryable, city: Pick<CityRow, 'cityId' | 'measureSrid'>, edits: readonly ScenarioEdit[]): Promise<PlacedEdit[]> {
  const shapes = edits.flatMap((edit, index) => {
    const geometry = geometryOf(edit)
    return geometry === undefined ? [] : [{ index, geometry }]
  })
  const rows = shapes.length === 0 ? [] : await listEditShapes(db, city.cityId, city.measureSrid, shapes)
  const wrong = rows.filter(({ isValid }) => !isValid)
  if (wrong.length > 0) {
    throw new AppError('bad_request', `方案中有 ${wrong.length} 个图形不能使用（如边界自相交），请修改后再保存。${wrong.length} shapes cannot be used (a boundary that crosses itself, say): mend them and save again.`, {
      errors: wrong.map(({ index, invalidReason }) => ({ path: `body.edits.${index}.geometry`, message: invalidReason })),
    })
  }
  const byIndex = new Map(rows.map((row) => [row.index, row]))
  return edits.map((edit, index) => ({ edit, shape: byIndex.get(index) ?? null }))
}

/** The edits of a scenario's version. @throws AppError not_found when there is no such version. */
export async function readEdits(db: Queryable, city: Pick<CityRow, 'cityId' | 'key' | 'measureSrid'>, scenario: { id: string; version: number } | undefined): Promise<PlacedEdit[]> {
  if (!scenario) return []
  const edits = await findEdits(db, city.cityId, scenario)
  if (!edits) throw new AppError('not_found', `城市“${city.key}”没有方案 ${scenario.id} 的第 ${scenario.version} 版。City "${city.key}" has no version ${scenario.version} of scenario ${scenario.id}.`)
  return placeEdits(db, city, edits)
}

/** The facilities as they would be. New ones get row ids below zero; a green among them counts as a park. */
export function editFacilities(rows: readonly FacilityRow[], edits: readonly PlacedEdit[], facility: string): FacilityRow[] {
  const edited = new Map(rows.map((row) => [row.id, row]))
  edits.forEach(({ edit, shape }, index) => {
    const known = 'feature' in edit ? edited.get(edit.feature) : undefined
    if (edit.kind === 'facility' && shape) {
      edited.set(edit.id, {
        rowId: -1 - index, id: edit.id, name: edit.name || null, classCode: facility === 'green' ? 'G1' : facility, access: 'open', countsAsActivitySite: true,
        areaM2: edit.geometry.type === 'Point' ? null : shape.areaM2, isHistoric: shape.isHistoric, isEmpty: false, wkb: shape.wkb,
      })
    }
    if (!known) return
    if (edit.kind === 'change' && shape) edited.set(known.id, { ...known, areaM2: edit.geometry.type === 'Point' ? known.areaM2 : shape.areaM2, isHistoric: shape.isHistoric, isEmpty: false, wkb: shape.wkb })
    if (edit.kind === 'close') edited.set(known.id, { ...known, access: 'closed', isTakenAway: true })
    if (edit.kind === 'open') edited.set(known.id, { ...known, access: 'open', isTakenAway: false })
  })
  return [...edited.values()]
}

/** The paths as they would be, and where each of them was. */
export function editWays(paths: PathsInput, edits: readonly PlacedEdit[], settings: Pick<WalkingSettings, 'gateToleranceMeters'>): EditedPaths | null {
  const vertices = ({ wkb }: ShapeRow) => [...packWkb([wkb]).coordinates]
  const ways = edits.flatMap(({ edit, shape }) => (edit.kind === 'path' && shape ? [{ line: vertices(shape), isCrossing: edit.isCrossing }] : []))
  const closed = edits.flatMap(({ edit, shape }) => (edit.kind === 'close_path' && shape ? [vertices(shape) as [number, number]] : []))
  return ways.length === 0 && closed.length === 0 ? null : editPaths(paths, ways, closed, settings.gateToleranceMeters)
}

/** Facilities whose gates are not those of their rows: new ones, and those of another shape. */
export function reshapedIds(edits: readonly PlacedEdit[]): Set<string> {
  return new Set(edits.flatMap(({ edit }) => (edit.kind === 'facility' ? [edit.id] : edit.kind === 'change' ? [edit.feature] : [])))
}

/**
 * Gates as a scenario leaves them: those that are found or on record less those it shuts, where paths meet the boundary of what it draws,
 * where paths that it draws meet what stands, and those put in by hand.
 * @param found gates of facilities that keep their shape; a path that crosses a boundary with gates on record opens none
 */
export function editGates(facilities: readonly FacilityRow[], edits: readonly PlacedEdit[], boundary: EditedGates, found: readonly GateRow[], settings: Pick<WalkingSettings, 'openEdgeSpacingMeters' | 'gateToleranceMeters'>): GateRow[] {
  const reshaped = reshapedIds(edits)
  const pairs = (flat: Float64Array) => Array.from({ length: flat.length / 2 }, (_value, at): [number, number] => [flat[at * 2]!, flat[at * 2 + 1]!])
  const named = (kind: 'gate' | 'close_gate', id: string) => edits.flatMap(({ edit, shape }) => (edit.kind === kind && edit.feature === id && shape ? pairs(packWkb([shape.wkb]).coordinates) : []))
  const foundOf = new Map<number, GateRow[]>()
  for (const gate of found) foundOf.set(gate.rowId, [...(foundOf.get(gate.rowId) ?? []), gate])
  return facilities.flatMap(({ id, rowId, wkb }) => {
    const shape = packWkb([wkb])
    const gateAt = (how: GateRow['how']) => ([x, y]: [number, number]): GateRow => ({ rowId, how, x, y })
    const standing = reshaped.has(id) ? pairs(boundary.standing(shape, 0, settings.openEdgeSpacingMeters)).map(gateAt(isPointLike(shape, 0) ? 'point' : 'crossing')) : (foundOf.get(rowId) ?? [])
    const left = gatesLeft(Float64Array.from(standing.flatMap(({ x, y }) => [x, y])), named('close_gate', id), settings.gateToleranceMeters)
    const isOnRecord = standing.some(({ how }) => how === 'given')
    return [...left.map((gate) => standing[gate]!), ...(isOnRecord ? [] : pairs(boundary.opened(shape, 0)).map(gateAt('crossing'))), ...named('gate', id).map(gateAt('given'))]
  })
}
