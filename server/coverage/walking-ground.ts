/** What a question over the walking network reads of a city, once: paths, facilities that count, and their gates. */
import { AppError } from '../errors.ts'
import type { Origin } from '../engine/walking/edit-paths.ts'
import type { PathsInput } from '../engine/walking/walking-network.ts'
import type { AnalysisRequest, AnalysisTools } from './analysis-result.ts'
import { type CountedFacilities, readCountedFacilities } from './counted.ts'
import { editGates, editWays, reshapedIds } from './edits.ts'
import { kindOf } from './question.ts'
import { findWalkingSettings, type GateRow, listGates, listPathEdges, type PathEdgeRow, type WalkingSettings } from './walking-queries.ts'

export interface WalkingGround {
  settings: WalkingSettings
  pathRows: PathEdgeRow[]
  paths: PathsInput
  /** Where each path was before a scenario's edits; null without any. */
  origins: Origin[] | null
  counted: CountedFacilities
  /** Gates of the facilities that count, each with the number of its facility among them. */
  gates: (GateRow & { facility: number })[]
}

/** Paths by the numbers of their nodes. */
export function pathsOf(rows: readonly PathEdgeRow[]): PathsInput {
  const numbers = new Map<number, number>()
  const numberOf = (node: number) => {
    const known = numbers.get(node)
    if (known !== undefined) return known
    numbers.set(node, numbers.size)
    return numbers.size - 1
  }
  const from = Uint32Array.from(rows, (row) => numberOf(row.sourceNodeId))
  const to = Uint32Array.from(rows, (row) => numberOf(row.targetNodeId))
  return { from, to, nodeCount: numbers.size, lengthMeters: Float64Array.from(rows, (row) => row.lengthMeters), courses: rows.map((row): Uint8Array => row.wkb), isBridge: Uint8Array.from(rows, (row) => (row.isBridge ? 1 : 0)) }
}

/**
 * Paths, facilities and gates.
 * @throws AppError conflict when the city has no walking network; the signal's reason when cancelled.
 */
export async function readWalkingGround(request: AnalysisRequest, tools: Pick<AnalysisTools, 'db' | 'signal' | 'progress'>): Promise<WalkingGround> {
  const { city, input, edits = [] } = request
  const { db, signal, progress } = tools
  const heard = () => signal.throwIfAborted()
  const settings = await findWalkingSettings(db, city.cityId)
  const pathRows = await listPathEdges(db, city.cityId, city.measureSrid, heard)
  if (pathRows.length === 0) throw new AppError('conflict', `${city.nameZh}没有步行路网：请先导入（import --kind paths），或改用直线口径。City "${city.key}" has no walking network: import one (--kind paths) or measure by the straight line.`)
  await progress('facilities', 25)
  const counted = await readCountedFacilities(request, tools)
  const numberOf = new Map(counted.facilities.map((facility, index) => [facility.rowId, index]))
  const reshaped = reshapedIds(edits)
  const rowIds = counted.facilities.flatMap(({ rowId, id }) => (reshaped.has(id) ? [] : [rowId]))
  const standing = pathsOf(pathRows)
  const edited = editWays(standing, edits, settings)
  const paths = edited?.paths ?? standing
  const found = await listGates(db, city.cityId, city.measureSrid, kindOf(input.facility), rowIds, settings.openEdgeSpacingMeters, heard)
  const drawn = edits.length === 0 ? [] : editGates(counted.facilities, edits, paths, settings.openEdgeSpacingMeters)
  const gates = [...found, ...drawn].map((gate) => ({ ...gate, facility: numberOf.get(gate.rowId)! }))
  return { settings, pathRows, paths, origins: edited?.origins ?? null, counted, gates }
}
