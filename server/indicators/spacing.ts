/** Spacing of facilities along a city's roads, rule by rule. */
import type { CityRow } from '../cities/cities.ts'
import { KEPT_GAPS, type SpacingDrawing, type SpacingFigure, type SpacingRule } from '../contract/spacing.ts'
import { takeComputationThread } from '../coverage/computation-thread.ts'
import type { SpacingRoad } from '../engine/spacing/spacing.ts'
import { sumOf } from '../engine/sum.ts'
import type { Limits } from '../green-indicators/inputs.ts'
import type { ExecuteTools } from '../planning/kind.ts'
import { hasBuildings, listRoadPieces, listStanding, type RoadPieceRow, transformLines } from './spacing-queries.ts'

export interface SpacingAnswer {
  figures: SpacingFigure[]
  drawing: SpacingDrawing
}

const NO_ROADS = { reasonZh: '范围内没有这类有名称的道路。', reasonEn: 'there are no roads of these classes with a name in it.' }
const NO_BUILDINGS = { reasonZh: '没有这类建筑的数据，分不出沿街路段。', reasonEn: 'there are no data of such buildings, so that no stretch along them can be told.' }
const NO_STRETCHES = { reasonZh: '范围内没有足够长的这类沿街路段。', reasonEn: 'no road in it has a stretch along such buildings that is long enough.' }
const NO_FACILITIES = { reasonZh: '没有这类设施的数据。', reasonEn: 'there are no data of such facilities.' }

/** Pieces by the name of their road: how it was cut does not matter. */
function roadsOf({ limitMeters, medianClasses, frontage }: SpacingRule, pieces: readonly RoadPieceRow[]): { name: string; road: SpacingRoad }[] {
  const byName = new Map<string, RoadPieceRow[]>()
  for (const piece of pieces) if (piece.name !== null) byName.set(piece.name, [...(byName.get(piece.name) ?? []), piece])
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, own]) => ({
    name, road: { pieces: own.flatMap(({ lines }) => lines.map((line) => line.flat())), limitMeters, hasMedian: own.some((piece) => piece.hasMedian || medianClasses.includes(piece.class)), ...(frontage && { leastMeters: frontage.leastMeters }) },
  }))
}

const lengthOf = (line: readonly (readonly [number, number])[]): number => sumOf(line.slice(1).map(([x, y], at) => Math.hypot(x - line[at]![0], y - line[at]![1])))

async function answerRule(city: CityRow, limits: Limits, rule: SpacingRule, { db, signal }: ExecuteTools<null>): Promise<{ figure: SpacingFigure; lines: number[][] }> {
  const { cityId, measureSrid: srid } = city
  const pieces = await listRoadPieces(db, cityId, srid, rule, limits.clip, () => signal.throwIfAborted())
  const standing = await listStanding(db, cityId, srid, rule.facilityClasses, rule.partClasses)
  const roads = roadsOf(rule, pieces.filter(({ lines }) => lines.length > 0))
  const unnamedMeters = sumOf(pieces.filter(({ name }) => name === null).flatMap(({ lines }) => lines.map(lengthOf)))
  const counts = { rule, roads: roads.length, unnamedMeters, facilities: standing.length }
  const none = (reason: typeof NO_ROADS) => ({ figure: { ...counts, lengthMeters: 0, beside: 0, gaps: null, gapMeters: null, longestMeters: null, ...reason, listed: [] }, lines: [] })
  if (rule.frontage && !(await hasBuildings(db, cityId, rule.frontage.buildingClasses))) return none(NO_BUILDINGS)
  if (roads.length === 0) return none(rule.frontage ? NO_STRETCHES : NO_ROADS)
  // A city that has none on record says nothing about its streets.
  if (standing.length === 0) return none(NO_FACILITIES)
  const thread = takeComputationThread()
  try {
    const found = await thread.compute('spacingWithin', { roads: roads.map(({ road }) => road), facilities: Float64Array.from(standing.flatMap(({ x, y }) => [x, y])), withinMeters: rule.withinMeters, scope: limits.clip }, signal)
    const built = found.roads.filter(({ lengthMeters }) => lengthMeters > 0)
    if (built.length === 0) return none(rule.frontage ? NO_STRETCHES : NO_ROADS)
    const listed = found.gaps.slice(0, KEPT_GAPS)
    const [lines, centers] = [await transformLines(db, srid, listed.map(({ points }) => points)), await transformLines(db, srid, listed.map(({ center }) => [...center, ...center]))]
    const endOf = (facility: number | null) => (facility === null ? null : { id: standing[facility]!.id, name: standing[facility]!.name })
    return {
      lines,
      figure: {
        ...counts, roads: built.length,
        lengthMeters: sumOf(found.roads.map((one) => one.lengthMeters)), beside: sumOf(found.roads.map((one) => one.facilities)),
        gaps: found.gaps.length, gapMeters: sumOf(found.gaps.map((gap) => gap.lengthMeters)), longestMeters: found.gaps[0]?.lengthMeters ?? null, reasonZh: null, reasonEn: null,
        listed: listed.map((gap, index) => ({
          roadName: roads[gap.road]!.name, side: gap.side, lengthMeters: gap.lengthMeters, beyondMeters: gap.lengthMeters - rule.limitMeters, fromMeters: gap.fromMeters, toMeters: gap.toMeters,
          from: endOf(gap.from), to: endOf(gap.to), center: [centers[index]![0]!, centers[index]![1]!],
        })),
      },
    }
  } finally {
    thread.release()
  }
}

/** Answers the rules over a scope, in their order. @throws the signal's reason when cancelled */
export async function answerSpacing(city: CityRow, limits: Limits, rules: readonly SpacingRule[], tools: ExecuteTools<null>): Promise<SpacingAnswer> {
  const answer: SpacingAnswer = { figures: [], drawing: [] }
  for (const [at, rule] of rules.entries()) {
    await tools.progress('spacing', 88 + (6 * at) / rules.length)
    const { figure, lines } = await answerRule(city, limits, rule, tools)
    answer.figures.push(figure)
    answer.drawing.push({ code: rule.code, lines })
  }
  return answer
}
