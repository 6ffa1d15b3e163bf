/** A whole run: reads the city, counts, cuts, ranks. Writes nothing; the caller stores what it answers. */
import type { Demand } from '../contract/coverage.ts'
import { chordBound } from '../engine/service-area.ts'
import { type AnalysisRequest, type AnalysisResult, type AnalysisTools, pick, type Sums, summarise, sumsWithin, unitsOf, unservedOf } from './analysis-result.ts'
import { analyseWalking } from './analysis-walking.ts'
import { spotsOfLand, spotsOfPoints } from './blind-spots.ts'
import { findAvailableDemands, isFacilityDemand, pointsOf, type PointSet, readFacilityPoints, readLevels, readPoints } from './city-inputs.ts'
import { readCountedFacilities } from './counted.ts'
import { planeOf } from './geometry-queries.ts'
import { findLimits, listParcels } from './input-queries.ts'
import { reasonNear } from './reasons.ts'
import { cutResidential, inTurn, measureServed, type Tools } from './residential.ts'
import { findCauses } from './uncounted.ts'

/** A run by the straight line or over the walking network. @throws the signal's reason when cancelled. */
export function analyse(request: AnalysisRequest, tools: AnalysisTools): Promise<AnalysisResult> {
  return request.input.ruler === 'walk' ? analyseWalking(request, tools) : analyseCoverage(request, tools)
}

/** @throws the signal's reason when cancelled. */
async function analyseCoverage(request: AnalysisRequest, { db, thread, signal, progress }: AnalysisTools): Promise<AnalysisResult> {
  const { city, input } = request
  const { cityId, measureSrid: srid } = city
  const heard = () => signal.throwIfAborted()
  const plane = planeOf(db.engine, srid)
  const tools: Tools = { db, plane, thread, signal, concurrency: db.engine === 'embedded' ? 1 : 2 }
  await progress('prepare', 1)
  const available = await findAvailableDemands(db, cityId)
  const { demands, people: peopleSource, sources } = available
  const limits = await findLimits(db, cityId, plane, input.clipToCity)
  const levels = await readLevels(db, cityId, srid, heard)

  await progress('facilities', 8)
  const counting = await readCountedFacilities(request, { db, signal })
  const { qualified, scenarios, facilities: used, radii } = counting
  const facilities = used.map(({ wkb }): Uint8Array => wkb)

  await progress('membership', 15)
  const hasResidential = demands.includes('residential')
  // Read while the thread counts points.
  const reading = hasResidential ? listParcels(db, cityId, plane, limits.clip, heard) : Promise.resolve([])
  reading.catch(() => undefined)
  const sums = new Map<Demand, Sums>()
  const levelShapes = levels.map((level) => level.shapes)
  // Other radii are asked of the demand in question only.
  const pointScenarios = input.demand === 'residential' ? [radii[0]!] : radii
  const asSums = sumsWithin(limits.boundary !== null)
  const sets = new Map<PointSet['kind'], { set: PointSet; covered: Uint8Array; counted: Uint8Array }>()
  const attribute = async (set: PointSet) => {
    const weights = set.weighings.map((one) => one.weights)
    const found = await thread.compute('attributePoints', { facilities, scenarios: pointScenarios, points: set.points, weights, levels: levelShapes, boundary: limits.boundary, clipToBoundary: input.clipToCity }, signal)
    sets.set(set.kind, { set, ...found })
    for (const [demand, of] of asSums(set.weighings, found.sums)) sums.set(demand, of)
  }
  if (demands.includes('buildings')) {
    const set = await readPoints(db, cityId, srid, 'buildings', heard, sources)
    await progress('membership', 22)
    await attribute(set)
  }
  if (Object.values(sources).includes('population_cells')) await attribute(await readPoints(db, cityId, srid, 'population_cells', heard, sources))
  if (isFacilityDemand(input.demand)) await attribute(await readFacilityPoints(db, cityId, srid, input.demand, heard))

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
    sums.set('residential', { unit: 'm2', total: residential.totalM2, covered: Math.max(0, residential.totalM2 - residential.leftoverM2), levels: residential.levels, scenarios: measured, outside: null })
  }

  await progress('statistics', 86)
  const around = { levels, facilities, radii: radii[0]!, people: peopleSource ? sets.get(peopleSource)!.set : null }
  const spotSource = sets.get(pointsOf(input.demand, available) ?? 'buildings')
  const found = hasResidential && !isFacilityDemand(input.demand)
    ? await spotsOfLand(tools, residential.gaps, around)
    : await spotsOfPoints(tools, cityId, spotSource!.set, unservedOf(spotSource!, input.demand), around)
  const causes = await findCauses(tools, request, counting, Float64Array.from(found.spots.flatMap(({ x, y }) => [x, y])))
  const summary = summarise(request, { sums, scenarios, qualified, found, served, quadrantBound: chordBound() })
  return {
    summary,
    units: unitsOf(city, levels, sums),
    spots: found.spots.map((spot, index) => ({ ...spot, why: reasonNear(causes[index]!), nearest: spot.nearest && { ...pick(used[spot.nearest.facility]!), distanceMeters: spot.nearest.distanceMeters } })),
    served,
    people: peopleSource,
    hasBuiltUpArea: limits.hasBuiltUpArea,
    hasResidential,
  }
}
