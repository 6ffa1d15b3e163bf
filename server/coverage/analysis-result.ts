/** What every run answers, whatever its ruler: sums, units, summary. Pure. */
import type { CityRow } from '../cities/cities.ts'
import { type CoverageInput, type CoverageRatio, type CoverageRun, type CoverageSummary, Demand, type ServiceRule } from '../contract/coverage.ts'
import type { Db } from '../db/db.ts'
import { QUADRANT_SEGMENTS } from '../engine/service-area.ts'
import type { SpotResult } from './blind-spots.ts'
import type { Level, PeopleSource, PointSet, Weighing } from './city-inputs.ts'
import type { ComputationThread } from './computation-thread.ts'
import type { PlacedEdit } from './edits.ts'
import { SLIVER_M2 } from './method.ts'
import type { Qualified, Scenario } from './qualification.ts'
import type { ServedPiece } from './residential.ts'
import type { SpotReason } from './reasons.ts'
import type { WeightSums } from './unit-sums.ts'
import type { WalkingSettings } from './walking-queries.ts'

export interface AnalysisRequest {
  city: CityRow
  rule: ServiceRule | null
  input: CoverageInput
  /** What a scenario changes; nothing where none is asked about. */
  edits?: readonly PlacedEdit[]
}

export interface UnitResult {
  level: 'city' | Level['level']
  demand: Demand
  code: string
  name: string | null
  covered: number
  total: number
}

export interface AnalysisResult {
  summary: CoverageSummary
  units: UnitResult[]
  spots: (Omit<SpotResult, 'nearest'> & { nearest: { id: string; name: string | null; distanceMeters: number } | null; why: SpotReason })[]
  served: ServedPiece[]
  /** Streets within the walk, by the row of their path; by the walking ruler only. */
  reached?: { pathRowIds: number[]; from: Float64Array; to: Float64Array }
  /** What the walking ruler assumed, in words and numbers. */
  walking?: WalkingSettings
  people: PeopleSource | null
  hasBuiltUpArea: boolean
  hasResidential: boolean
}

export interface AnalysisTools {
  db: Db
  thread: ComputationThread
  signal: AbortSignal
  /** Called often; percent only grows. */
  progress(stage: CoverageRun['stage'], percent: number): Promise<void>
}

/** Sums of points by demand; of what lies outside the boundary only where there is one. */
export const sumsWithin = (hasBoundary: boolean) => (weighings: readonly Weighing[], sums: readonly WeightSums[]): [Demand, Sums][] =>
  weighings.map(({ demand, unit }, index) => [demand, { ...sums[index]!, unit, outside: hasBoundary ? sums[index]!.outside : null }])

/** Ratio of sums; a denominator of 0 has no ratio. */
export function ratioOf(covered: number, total: number): number | null {
  return total > 0 ? Math.min(1, Math.max(0, covered / total)) : null
}

function labelOf({ radiusFactor, minAreaFactor }: Scenario): string {
  const parts = [`半径 radius ×${radiusFactor}`]
  if (minAreaFactor !== 1) parts.push(`最小面积 min area ×${minAreaFactor}`)
  return parts.join(', ')
}

/** What is summed of one demand. */
export interface Sums {
  unit: CoverageRatio['unit']
  total: number
  covered: number
  levels: { covered: Float64Array; total: Float64Array }[]
  scenarios: number[]
  outside: number | null
}

/** What names a facility. */
export function pick({ id, name }: { id: string; name: string | null }): { id: string; name: string | null } {
  return { id, name }
}

/** Points that are counted and not served; of people's places only those where somebody of the group lives. */
export function unservedOf({ set, covered, counted }: { set: PointSet; covered: Uint8Array; counted: Uint8Array }, demand: Demand): number[] {
  const weights = set.weighings.find((one) => one.demand === demand)?.weights ?? set.people
  const points: number[] = []
  for (let point = 0; point < covered.length; point += 1) if (!covered[point] && counted[point] && weights[point]! > 0) points.push(point)
  return points
}

/** Numerator and denominator of every unit and demand. */
export function unitsOf(city: CityRow, levels: readonly Level[], sums: ReadonlyMap<Demand, Sums>): UnitResult[] {
  return [...sums].flatMap(([demand, of]) => [
    { level: 'city' as const, demand, code: city.key, name: city.nameZh, covered: of.covered, total: of.total },
    ...levels.flatMap(({ level, units }, index) =>
      units.map(({ code, name }, unit) => ({ level, demand, code, name, covered: of.levels[index]!.covered[unit]!, total: of.levels[index]!.total[unit]! })),
    ),
  ])
}

/** The figures of a run in one piece. */
export function summarise(
  { input, rule }: AnalysisRequest,
  of: {
    sums: ReadonlyMap<Demand, Sums>
    scenarios: readonly Scenario[]
    qualified: Pick<Qualified, 'counted' | 'notCounted'>
    found: { spots: SpotResult[]; slivers: { count: number; areaM2: number } }
    served: readonly ServedPiece[]
    quadrantBound: number
    walking?: CoverageSummary['walking']
  },
): CoverageSummary {
  const asked = of.sums.get(input.demand)!
  const order: Demand[] = [input.demand, ...Demand.options.filter((demand) => demand !== input.demand && of.sums.has(demand))]
  const { spots } = of.found
  return {
    ratios: Object.fromEntries(
      order.map((demand) => {
        const { covered, total, unit } = of.sums.get(demand)!
        return [demand, { covered, total, ratio: ratioOf(covered, total), unit }]
      }),
    ),
    target: rule && rule.demand === input.demand ? rule.target : null,
    servedAreaM2: of.served.reduce((sum, piece) => sum + piece.areaM2, 0),
    blindSpotCount: spots.length,
    blindSpotAreaM2: spots.reduce((sum, spot) => sum + spot.areaM2, 0),
    blindSpotPeople: !of.sums.has('population') || (spots.length > 0 && spots.every((spot) => spot.people === null)) ? null : spots.reduce((sum, spot) => sum + (spot.people ?? 0), 0),
    sliversDropped: { ...of.found.slivers, belowM2: SLIVER_M2 },
    facilitiesCounted: of.qualified.counted,
    notCounted: of.qualified.notCounted,
    sensitivity: of.scenarios.map((scenario, index) => {
      const covered = asked.scenarios[index]!
      return { ...scenario, label: labelOf(scenario), ratio: ratioOf(covered, asked.total), covered, total: asked.total }
    }),
    polygonError: { quadSegments: QUADRANT_SEGMENTS, relativeAreaBound: of.quadrantBound },
    ...(of.walking ? { walking: of.walking } : {}),
    outsideCity: asked.outside === null ? null : { total: asked.outside, unit: asked.unit },
  }
}
