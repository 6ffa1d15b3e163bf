/** What a question over the walking network reads of a city, once: paths, facilities that count, and their gates. */
import type { Impedance } from '../contract/coverage.ts'
import { walkingMinutes } from '../engine/network/walking-cost.ts'
import { AppError } from '../errors.ts'
import type { Origin } from '../engine/walking/edit-paths.ts'
import { EditedGates } from '../engine/walking/edited-gates.ts'
import type { GatesInput, PathsInput } from '../engine/walking/walking-network.ts'
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

/** Gates as the engine takes them. */
export function gatesInput(gates: WalkingGround['gates']): GatesInput {
  return { points: Float64Array.from(gates.flatMap(({ x, y }) => [x, y])), facility: Uint32Array.from(gates, (gate) => gate.facility), isPoint: Uint8Array.from(gates, ({ how }) => (how === 'point' ? 1 : 0)) }
}

/** Metres of level ground that cost as much time as each path does, each way. */
function impedanceOf(rows: readonly PathEdgeRow[], asked: Impedance, settings: WalkingSettings): NonNullable<PathsInput['impedance']> {
  const edges = { lengthMeters: Float64Array.from(rows, (row) => row.lengthMeters), riseMeters: Float64Array.from(rows, (row) => row.riseMeters ?? 0), isStairs: Uint8Array.from(rows, (row) => (row.isStairs ? 1 : 0)) }
  // At a pace of one metre a minute, minutes are metres of level ground.
  const { costForward, costBackward } = walkingMinutes(edges, {
    metersPerMinute: 1,
    ...(asked.slope ? { slope: { decay: settings.slopeDecay, easiest: settings.slopeEasiest } } : {}),
    ...(asked.stairs === 'slower' ? { stairsFactor: settings.stairsFactor } : {}),
  })
  return { toFirst: costBackward, toLast: costForward }
}

/**
 * The paths that a walk takes.
 * @throws AppError conflict where slopes are asked for and no height is known, or no path is left
 */
function walkedRows(city: AnalysisRequest['city'], rows: PathEdgeRow[], asked: Impedance | undefined): PathEdgeRow[] {
  if (rows.length === 0) throw new AppError('conflict', `${city.nameZh}没有步行路网：请先导入（import --as paths），或改用直线口径。City "${city.key}" has no walking network: import one (--as paths) or measure by the straight line.`)
  if (asked?.slope && !rows.some((row) => row.riseMeters !== null)) {
    throw new AppError('conflict', `${city.nameZh}的步行路网没有高差，坡度无从计算：请导入带高程的路网（三维线，或 --map rise=列名），或不计坡度。The walking network of "${city.key}" has no heights: import paths in three dimensions or with a rise (--map rise=COLUMN), or leave slopes out.`)
  }
  if (asked?.stairs !== 'closed') return rows
  const passable = rows.filter((row) => !row.isStairs)
  if (passable.length === 0) throw new AppError('conflict', `${city.nameZh}的步行路网全是台阶，避开台阶后无路可走。Every path of "${city.key}" is stairs: nothing is left to walk on without them.`)
  return passable
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
  const pathRows = walkedRows(city, await listPathEdges(db, city.cityId, city.measureSrid, heard), input.impedance)
  await progress('facilities', 25)
  const counted = await readCountedFacilities(request, tools)
  const numberOf = new Map(counted.facilities.map((facility, index) => [facility.rowId, index]))
  const reshaped = reshapedIds(edits)
  const rowIds = counted.facilities.flatMap(({ rowId, id }) => (reshaped.has(id) ? [] : [rowId]))
  const standing: PathsInput = { ...pathsOf(pathRows), ...(input.impedance ? { impedance: impedanceOf(pathRows, input.impedance, settings) } : {}) }
  const edited = editWays(standing, edits, settings)
  const paths = edited?.paths ?? standing
  const found = await listGates(db, city.cityId, city.measureSrid, kindOf(input.facility), rowIds, settings.openEdgeSpacingMeters, heard)
  const left = edits.length === 0 ? found : editGates(counted.facilities, edits, new EditedGates(standing, edited), found, settings)
  const gates = left.map((gate) => ({ ...gate, facility: numberOf.get(gate.rowId)! }))
  return { settings, pathRows, paths, origins: edited?.origins ?? null, counted, gates }
}
