/** A run over the walking network: from gates to homes, both ways on foot. Homes are buildings or population cells; land does not walk. */
import type { CoverageSummary } from '../contract/coverage.ts'
import { chordBound } from '../engine/service-area.ts'
import type { Origin } from '../engine/walking/edit-paths.ts'
import { FOOTING } from '../engine/walking/walking-network.ts'
import { type AnalysisRequest, type AnalysisResult, type AnalysisTools, pick, ratioOf, summarise, sumsWithin, unitsOf, unservedOf } from './analysis-result.ts'
import { type SpotResult, spotsOfPoints } from './blind-spots.ts'
import { type PointSet, readLevels } from './city-inputs.ts'
import type { WalkersOutput } from './computation-walking.ts'
import { type CountedFacilities, readHomes } from './counted.ts'
import { planeOf } from './geometry-queries.ts'
import { impedanceFacts } from './impedance.ts'
import { type FacilityRow, findLimits } from './input-queries.ts'
import { notEnteredOf } from './not-entered.ts'
import { kindOf } from './question.ts'
import { reasonOf, type SpotReason } from './reasons.ts'
import type { Tools } from './residential.ts'
import { findCauses } from './uncounted.ts'
import { gatesInput, readWalkingGround } from './walking-ground.ts'
import { type GateRow, listBarriers, type PathEdgeRow, type WalkingSettings } from './walking-queries.ts'


interface Ground {
  request: AnalysisRequest
  set: PointSet
  found: WalkersOutput
  /** Facilities that count, and the radius of each. */
  facilities: readonly FacilityRow[]
  radii: Float64Array
  gates: readonly (GateRow & { facility: number })[]
  counted: CountedFacilities
}

/** The reason of each blind spot, told of its home with the most people in it. */
async function explain(tools: Tools, ground: Ground, spots: readonly SpotResult[]): Promise<SpotReason[]> {
  const { request, found, facilities, radii, gates } = ground
  const { cityId, measureSrid } = request.city
  const causes = await findCauses(tools, request, ground.counted, Float64Array.from(spots.flatMap(({ x, y }) => [x, y])))
  const ways = spots.map(({ x, y, home }) => ({ x, y, point: home!, facility: found.straightNearest[home!]! }))
  const asked = ways.flatMap(({ x, y, point, facility }, index) => (facility < 0 || !found.straightCovered[point] ? [] : [{ index, x, y, rowId: facilities[facility]!.rowId }]))
  const barriers = new Map<number, SpotReason['barrier']>()
  for (let start = 0; start < asked.length; start += 1000) {
    const some = asked.slice(start, start + 1000)
    for (const barrier of await listBarriers(tools.db, cityId, measureSrid, kindOf(request.input.facility), some)) barriers.set(some[barrier.index]!.index, { class: barrier.class, name: barrier.name })
  }
  const gatesOf = new Map<number, GateRow[]>()
  gates.forEach((gate, index) => found.isPlaced[index] && gatesOf.set(gate.facility, [...(gatesOf.get(gate.facility) ?? []), gate]))
  return ways.map(({ x, y, point, facility }, index) => {
    const own = gatesOf.get(facility) ?? []
    return reasonOf({
      footing: found.footing[point]!,
      isServedOnPaper: found.straightCovered[point] === 1,
      walkedMeters: found.walkedMeters[point]!,
      hasGate: own.length > 0,
      gateMeters: own.reduce((least, gate) => Math.min(least, Math.hypot(gate.x - x, gate.y - y)), Infinity),
      radiusMeters: radii[facility] ?? 0,
      barrier: barriers.get(index) ?? null,
      causes: causes[index]!,
    })
  })
}

/** @throws AppError conflict when the city has no walking network; the signal's reason when cancelled. */
export async function analyseWalking(request: AnalysisRequest, { db, thread, signal, progress }: AnalysisTools): Promise<AnalysisResult> {
  const { city, input } = request
  const { cityId, measureSrid: srid } = city
  const plane = planeOf(db.engine, srid)
  const tools: Tools = { db, plane, thread, signal, concurrency: 1 }
  await progress('prepare', 1)
  const limits = await findLimits(db, cityId, plane, input.clipToCity)
  const levels = await readLevels(db, cityId, srid, () => signal.throwIfAborted())
  const { settings, pathRows, paths, origins, gates, counted } = await readWalkingGround(request, { db, signal, progress })
  const { qualified, scenarios, facilities, radii } = counted

  await progress('membership', 45)
  const { people: peopleSource, set, hasResidential } = await readHomes(request, { db, signal })
  const weights = set.weighings.map((one) => one.weights)
  const found = await thread.compute('attributeWalkers', {
    paths, gates: gatesInput(gates),
    facilities: facilities.map(({ wkb }): Uint8Array => wkb), scenarios: radii, points: set.points, weights, levels: levels.map((level) => level.shapes), boundary: limits.boundary, clipToBoundary: input.clipToCity,
    homeToleranceMeters: settings.homeToleranceMeters, gateToleranceMeters: settings.gateToleranceMeters, pointToleranceMeters: settings.pointToleranceMeters, scrapShare: settings.scrapShare, farLimitMeters: settings.farLimitMeters,
  }, signal)
  const sums = new Map(sumsWithin(limits.boundary !== null)(set.weighings, found.sums))

  await progress('statistics', 80)
  const around = { levels, facilities: facilities.map(({ wkb }): Uint8Array => wkb), radii: radii[0]! }
  const unserved = unservedOf({ set, covered: found.covered, counted: found.counted }, input.demand)
  const { spots, slivers } = await spotsOfPoints(tools, cityId, set, unserved, around)
  await progress('statistics', 88)
  const ground: Ground = { request, set, found, facilities, radii: radii[0]!, gates, counted }
  const reasons = await explain(tools, ground, spots)
  const impedance = impedanceFacts(pathRows, input.impedance)
  const walking = { ...walkingOf(ground, set.weighings.findIndex(({ demand }) => demand === input.demand), settings, weights), ...(impedance && { impedance }) }
  return {
    summary: summarise(request, { sums, scenarios, qualified, found: { spots, slivers }, served: [], quadrantBound: chordBound(), walking }),
    units: unitsOf(city, levels, sums),
    spots: spots.map((spot, index) => ({ ...spot, nearest: spot.nearest && { ...pick(facilities[spot.nearest.facility]!), distanceMeters: spot.nearest.distanceMeters }, why: reasons[index]! })),
    served: [],
    reached: reachedRows(found.reached, pathRows, origins),
    walking: settings,
    people: peopleSource,
    hasBuiltUpArea: limits.hasBuiltUpArea,
    hasResidential,
  }
}

/** Reached streets by the rows of their paths; what a scenario adds has none, and is drawn as the scenario draws it. */
function reachedRows({ edge, from, to }: WalkersOutput['reached'], pathRows: readonly PathEdgeRow[], origins: readonly Origin[] | null): NonNullable<AnalysisResult['reached']> {
  const rows = [...edge].flatMap((on, at) => {
    const origin = origins ? origins[on]! : { edge: on, from: 0, to: 1 }
    const along = (fraction: number) => origin.from + fraction * (origin.to - origin.from)
    return origin.edge < 0 ? [] : [{ rowId: pathRows[origin.edge]!.rowId, from: along(from[at]!), to: along(to[at]!) }]
  })
  return { pathRowIds: rows.map(({ rowId }) => rowId), from: Float64Array.from(rows, (row) => row.from), to: Float64Array.from(rows, (row) => row.to) }
}

function walkingOf({ found, facilities, gates, radii }: Ground, asked: number, { version: settingsVersion, gateToleranceMeters, pointToleranceMeters }: WalkingSettings, weights: readonly Float64Array[]): NonNullable<CoverageSummary['walking']> {
  const { facilities: examples, ...withoutGate } = notEnteredOf(facilities, found.entries, { gateToleranceMeters, pointToleranceMeters }, (index) => !Number.isNaN(radii[index]!))
  const placed = (how: GateRow['how']) => gates.filter((gate, index) => found.isPlaced[index] && gate.how === how).length
  const total = found.sums[asked]!.total
  const standing = (footing: number) => weights[asked]!.reduce((sum, weight, point) => (found.counted[point] && found.footing[point] === footing ? sum + weight : sum), 0)
  const { nodes, edges, components, mainShare } = found.network
  return {
    nodes, edges, components, mainShare,
    gates: { given: placed('given'), crossing: placed('crossing'), openEdge: placed('open_edge'), point: placed('point'), unplaced: gates.length - found.isPlaced.reduce((sum, one) => sum + one, 0) },
    withoutGate: { ...withoutGate, examples },
    straight: { covered: found.straight[asked]!.covered, ratio: ratioOf(found.straight[asked]!.covered, total), only: found.straight[asked]!.only },
    onScrap: standing(FOOTING.scrap), offNetwork: standing(FOOTING.none), settingsVersion,
  }
}
