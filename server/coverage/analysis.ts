/** A whole run: reads the city, counts, cuts, ranks. Writes nothing; the caller stores what it answers. */
import type { CityRow } from '../cities/cities.ts'
import type { CoverageInput, CoverageRatio, CoverageRun, CoverageSummary, Demand, ServiceRule } from '../contract/coverage.ts'
import type { Db } from '../db/db.ts'
import { chordBound, QUADRANT_SEGMENTS } from '../engine/service-area.ts'
import { type SpotResult, spotsOfLand, spotsOfPoints } from './blind-spots.ts'
import { findAvailableDemands, type Level, type PeopleSource, type PointSet, readLevels, readPoints } from './city-inputs.ts'
import type { WeightSums } from './computation.ts'
import type { ComputationThread } from './computation-thread.ts'
import { planeOf } from './geometry-queries.ts'
import { findLimits, listFacilities, listGreenSpaces, listParcels } from './input-queries.ts'
import { SLIVER_M2 } from './method.ts'
import { bandsOf, qualifyFacilities, scenariosOf, type Scenario } from './qualification.ts'
import { cutResidential, inTurn, measureServed, type ServedPiece, type Tools } from './residential.ts'

export interface AnalysisRequest {
  city: CityRow
  rule: ServiceRule | null
  input: CoverageInput
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
  spots: (Omit<SpotResult, 'nearest'> & { nearest: { id: string; name: string | null; distanceMeters: number } | null })[]
  served: ServedPiece[]
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

const UNIT_OF: Record<Demand, CoverageRatio['unit']> = { residential: 'm2', population: 'people', buildings: 'buildings' }

/** Ratio of sums; a denominator of 0 has no ratio. */
export function ratioOf(covered: number, total: number): number | null {
  return total > 0 ? Math.min(1, Math.max(0, covered / total)) : null
}

function labelOf({ radiusFactor, minAreaFactor }: Scenario): string {
  const parts = [`半径 radius ×${radiusFactor}`]
  if (minAreaFactor !== 1) parts.push(`最小面积 min area ×${minAreaFactor}`)
  return parts.join(', ')
}

interface Sums {
  total: number
  covered: number
  levels: { covered: Float64Array; total: Float64Array }[]
  scenarios: number[]
  outside: number | null
}

/** @throws the signal's reason when cancelled. */
export async function analyseCoverage(request: AnalysisRequest, { db, thread, signal, progress }: AnalysisTools): Promise<AnalysisResult> {
  const { city, input } = request
  const { cityId, measureSrid: srid } = city
  const heard = () => signal.throwIfAborted()
  const plane = planeOf(db.engine, srid)
  const tools: Tools = { db, plane, thread, signal, concurrency: db.engine === 'embedded' ? 1 : 2 }
  await progress('prepare', 1)
  const { demands, people: peopleSource } = await findAvailableDemands(db, cityId)
  const limits = await findLimits(db, cityId, plane, input.clipToCity)
  const levels = await readLevels(db, cityId, srid, heard)

  await progress('facilities', 8)
  const candidates = input.facility === 'green' ? await listGreenSpaces(db, cityId, srid, input.layers, heard) : await listFacilities(db, cityId, srid, input.facility, input.layers, heard)
  const bands = bandsOf(input, request.rule)
  const scenarios = scenariosOf(bands)
  const qualified = qualifyFacilities(candidates, input, bands, scenarios)
  // What no scenario counts need not travel any further.
  const used = candidates.map((_candidate, index) => index).filter((index) => qualified.radii.some((radii) => !Number.isNaN(radii[index])))
  const facilities = used.map((index) => candidates[index]!.wkb as Uint8Array)
  const radii = qualified.radii.map((of) => Float64Array.from(used, (index) => of[index]!))

  await progress('membership', 15)
  const hasResidential = demands.includes('residential')
  // Read while the thread counts points.
  const reading = hasResidential ? listParcels(db, cityId, plane, limits.clip, heard) : Promise.resolve([])
  reading.catch(() => undefined)
  const sums = new Map<Demand, Sums>()
  const levelShapes = levels.map((level) => level.shapes)
  // Other radii are asked of the demand in question only.
  const pointScenarios = input.demand === 'residential' ? [radii[0]!] : radii
  const attribute = async (set: PointSet, weights: Float64Array[]) =>
    thread.compute('attributePoints', { facilities, scenarios: pointScenarios, points: set.points, weights, levels: levelShapes, boundary: limits.boundary, clipToBoundary: input.clipToCity }, signal)
  const asSums = (of: WeightSums): Sums => ({ ...of, outside: limits.boundary ? of.outside : null })
  const sets = new Map<PeopleSource, { set: PointSet; covered: Uint8Array; counted: Uint8Array }>()
  if (demands.includes('buildings') || peopleSource === 'buildings') {
    const set = await readPoints(db, cityId, srid, 'buildings', heard)
    await progress('membership', 22)
    const found = await attribute(set, [new Float64Array(set.rowIds.length).fill(1), set.people])
    sets.set('buildings', { set, ...found })
    sums.set('buildings', asSums(found.sums[0]!))
    if (peopleSource === 'buildings') sums.set('population', asSums(found.sums[1]!))
  }
  if (peopleSource === 'population_cells') {
    const set = await readPoints(db, cityId, srid, 'population_cells', heard)
    const found = await attribute(set, [set.people])
    sets.set('population_cells', { set, ...found })
    sums.set('population', asSums(found.sums[0]!))
  }

  await progress('polygons', 35)
  const parcels = await reading
  await progress('polygons', 40)
  const { residential, served } = await cutResidential(tools, { facilities, radii: radii[0]!, parcels, levels, clip: hasResidential ? limits.clip : null }, (share) => progress('polygons', 40 + 35 * share))
  if (hasResidential) {
    let done = 0
    const asked = input.demand === 'residential' ? radii : radii.slice(0, 1)
    const measured = await inTurn(asked, tools.concurrency, signal, async (of, scenario) => {
      const servedM2 = scenario === 0 ? residential.totalM2 - residential.leftoverM2 : await measureServed(tools, { facilities, radii: of, parcels })
      done += 1
      await progress('polygons', 75 + (10 * done) / asked.length)
      return servedM2
    })
    sums.set('residential', { total: residential.totalM2, covered: Math.max(0, residential.totalM2 - residential.leftoverM2), levels: residential.levels, scenarios: measured, outside: null })
  }

  await progress('statistics', 86)
  const around = { levels, facilities, radii: radii[0]!, people: peopleSource ? sets.get(peopleSource)!.set : null }
  const spotSource = sets.get(input.demand === 'buildings' ? 'buildings' : (peopleSource ?? 'buildings'))
  const found = hasResidential
    ? await spotsOfLand(tools, residential.gaps, around)
    : await spotsOfPoints(tools, cityId, spotSource!.set, unservedOf(spotSource!, input.demand), around)
  const summary = summarise(request, { sums, scenarios, qualified, found, served, quadrantBound: chordBound() })
  return {
    summary,
    units: unitsOf(city, levels, sums),
    spots: found.spots.map((spot) => ({ ...spot, nearest: spot.nearest && { ...pick(candidates[used[spot.nearest.facility]!]!), distanceMeters: spot.nearest.distanceMeters } })),
    served,
    people: peopleSource,
    hasBuiltUpArea: limits.hasBuiltUpArea,
    hasResidential,
  }
}

function pick({ id, name }: { id: string; name: string | null }): { id: string; name: string | null } {
  return { id, name }
}

/** Points that are counted and not served; of people's places only the inhabited ones. */
function unservedOf({ set, covered, counted }: { set: PointSet; covered: Uint8Array; counted: Uint8Array }, demand: Demand): number[] {
  const points: number[] = []
  for (let point = 0; point < covered.length; point += 1) {
    if (!covered[point] && counted[point] && (demand === 'buildings' || set.people[point]! > 0)) points.push(point)
  }
  return points
}

function unitsOf(city: CityRow, levels: readonly Level[], sums: ReadonlyMap<Demand, Sums>): UnitResult[] {
  return [...sums].flatMap(([demand, of]) => [
    { level: 'city' as const, demand, code: city.key, name: city.nameZh, covered: of.covered, total: of.total },
    ...levels.flatMap(({ level, units }, index) =>
      units.map(({ code, name }, unit) => ({ level, demand, code, name, covered: of.levels[index]!.covered[unit]!, total: of.levels[index]!.total[unit]! })),
    ),
  ])
}

function summarise(
  { input, rule }: AnalysisRequest,
  of: {
    sums: ReadonlyMap<Demand, Sums>
    scenarios: readonly Scenario[]
    qualified: { counted: number; notCounted: CoverageSummary['notCounted'] }
    found: { spots: SpotResult[]; slivers: { count: number; areaM2: number } }
    served: readonly ServedPiece[]
    quadrantBound: number
  },
): CoverageSummary {
  const asked = of.sums.get(input.demand)!
  const order: Demand[] = [input.demand, ...(['residential', 'population', 'buildings'] as const).filter((demand) => demand !== input.demand && of.sums.has(demand))]
  const { spots } = of.found
  return {
    ratios: Object.fromEntries(
      order.map((demand) => {
        const { covered, total } = of.sums.get(demand)!
        return [demand, { covered, total, ratio: ratioOf(covered, total), unit: UNIT_OF[demand] }]
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
    outsideCity: asked.outside === null ? null : { total: asked.outside, unit: UNIT_OF[input.demand] },
  }
}
