/** Computes a settled supply question: reads the city, shares out in the computation thread, sums up. Writes nothing. */
import type { CityRow } from '../cities/cities.ts'
import { CoverageRatio, type ServiceRule } from '../contract/coverage.ts'
import type { SupplyDrawing, SupplyInput, SupplyResult, SupplyRule, SupplySource, SupplyUnit } from '../contract/planning-supply.ts'
import type { AnalysisRequest } from '../coverage/analysis-result.ts'
import { pick, ratioOf } from '../coverage/analysis-result.ts'
import { findAvailableDemands, type Level, type PointSet, readDemandPoints, readLevels } from '../coverage/city-inputs.ts'
import { takeComputationThread } from '../coverage/computation-thread.ts'
import { type CountedFacilities, readCountedFacilities } from '../coverage/counted.ts'
import { planeOf } from '../coverage/geometry-queries.ts'
import { impedanceFacts } from '../coverage/impedance.ts'
import { findLimits } from '../coverage/input-queries.ts'
import { countNotEntered } from '../coverage/not-entered.ts'
import { bandsOf, qualifyFacilities } from '../coverage/qualification.ts'
import { kindOf } from '../coverage/question.ts'
import { getServiceRule } from '../coverage/reference.ts'
import { gatesInput, readWalkingGround, type WalkingGround } from '../coverage/walking-ground.ts'
import type { Db } from '../db/db.ts'
import type { ShareOutInput, SharedOut, UnitFigures } from '../engine/supply/share-out.ts'
import { notEnteredReason } from '../engine/walking/walking-network.ts'
import { sumOf } from '../engine/sum.ts'
import { AppError } from '../errors.ts'
import { classesOf } from './classes.ts'
import * as queries from './queries.ts'
import { reasonsBelow } from './reasons.ts'
import { getSupplyRule } from './rules.ts'
import { groundQuestion, kernelOf, unitOf } from './settle.ts'
import { supplyTexts } from './words.ts'

const LORENZ_STEPS = 50
const EXAMPLES = 5
const CROWDED = 50
const DRAWN_PLACES = 2000
/** About 0.3 GB of pairs. */
const MAX_PAIRS = 12_000_000
const DRAWN_POINTS = 60_000
const DRAWN_CELLS = 20_000

export interface SupplyTools {
  db: Db
  signal: AbortSignal
  /** Called often; percent only grows. @throws the signal's reason once aborted. */
  progress(stage: string, percent: number): Promise<void>
}

export interface SupplyAnswer {
  result: SupplyResult
  drawing: SupplyDrawing
  formula: string
  methodZh: string
  methodEn: string
}

/** What each counted facility offers; null where that is not known. */
async function capacitiesOf(db: Db, city: CityRow, { facility, supplyBy }: SupplyInput, { facilities }: CountedFacilities): Promise<(number | null)[]> {
  if (supplyBy === 'count') return facilities.map(() => 1)
  if (supplyBy === 'area') return facilities.map(({ areaM2 }) => areaM2)
  const stated = await queries.listCapacities(db, city.cityId, facility)
  return facilities.map(({ rowId }) => stated.get(rowId) ?? null)
}

/** Radii of the counted facilities by the official rule. */
function paperRadiiOf(request: AnalysisRequest, rule: ServiceRule | null, { facilities }: CountedFacilities): Float64Array | null {
  if (!rule) return null
  const { radiusMeters: _radius, ...rest } = request.input
  return qualifyFacilities(facilities, { ...rest, rule: rule.code }, bandsOf(request.input, rule), [{ radiusFactor: 1, minAreaFactor: 1 }]).radii[0]!
}

function walkOf(ground: WalkingGround | null): ShareOutInput['walk'] {
  if (!ground) return null
  const { settings, paths, gates } = ground
  return { paths, gates: gatesInput(gates), homeToleranceMeters: settings.homeToleranceMeters, gateToleranceMeters: settings.gateToleranceMeters, pointToleranceMeters: settings.pointToleranceMeters, scrapShare: settings.scrapShare }
}

/** Rows of every unit, the city first. */
function unitRows(city: CityRow, levels: readonly Level[], found: SharedOut): SupplyUnit[] {
  const { equity, paper } = found
  const row = (level: SupplyUnit['level'], { code, name }: { code: string; name: string | null }, of: UnitFigures, unit: number): SupplyUnit => {
    const people = of.people[unit]!
    return {
      level, code, name, people, perPerson: people > 0 ? of.amount[unit]! / people : null,
      below: of.below[unit]!, belowShare: equity.below && ratioOf(of.below[unit]!, people), outOfReach: of.outOfReach[unit]!,
      servedOnPaper: paper && of.servedOnPaper[unit]!, paperOnly: paper && equity.below && of.paperOnly[unit]!,
    }
  }
  const whole: SupplyUnit = {
    level: 'city', code: city.key, name: city.nameZh, people: equity.people, perPerson: equity.mean, below: equity.below?.people ?? 0, belowShare: equity.below?.share ?? null, outOfReach: found.outOfReach.people,
    servedOnPaper: paper && paper.served, paperOnly: paper && equity.below && paper.only,
  }
  return [whole, ...levels.flatMap(({ level, units }, index) => units.map((unit, at) => row(level, unit, found.units[index]!, at)))]
}

/** Demands for the map; of too many the heaviest. */
async function drawPoints(db: Db, set: PointSet, weights: Float64Array, found: SharedOut): Promise<SupplyDrawing['points']> {
  const inhabited = [...weights.keys()].filter((demand) => weights[demand]! > 0 && found.isCounted[demand])
  const isCut = inhabited.length > DRAWN_POINTS
  const drawn = isCut ? inhabited.sort((a, b) => weights[b]! - weights[a]! || a - b).slice(0, DRAWN_POINTS).sort((a, b) => a - b) : inhabited
  const places = await queries.listPositions(db, set.kind, drawn.map((demand) => set.rowIds[demand]!))
  const placed = drawn.filter((demand) => places.has(set.rowIds[demand]!))
  return {
    positions: placed.flatMap((demand) => places.get(set.rowIds[demand]!)!),
    perPerson: placed.map((demand) => Number(found.perPerson[demand]!.toPrecision(6))),
    people: placed.map((demand) => weights[demand]!),
    isOutOfReach: placed.map((demand) => found.isOutOfReach[demand]!),
    isCut,
  }
}

async function drawAreas(db: Db, city: CityRow, level: 'street' | 'community' | 'cell', units: readonly SupplyUnit[]): Promise<SupplyDrawing['cells']> {
  const own = new Map(units.filter((unit) => unit.level === level).map((unit) => [unit.code, unit]))
  if (own.size === 0) return []
  return (await queries.listUnitShapes(db, city.cityId, level, DRAWN_CELLS)).flatMap(({ code, geometry }) => {
    const unit = own.get(code)
    if (!unit) return []
    const { level: _level, ...figures } = unit
    return [{ ...figures, geometry }]
  })
}

/** The supplies, those that give the least to each person in reach first, those that give nobody anything last. */
async function placesOf(db: Db, input: SupplyInput, { facilities }: CountedFacilities, capacities: Float64Array, found: SharedOut): Promise<SupplySource[]> {
  const given = (index: number) => (Number.isNaN(found.perSupply[index]!) ? null : found.perSupply[index]!)
  const rankOf = (index: number) => (capacities[index]! > 0 ? (given(index) ?? Number.MAX_VALUE) : Infinity)
  const worst = [...facilities.keys()].map((index) => ({ index, rank: rankOf(index) })).sort((a, b) => (a.rank === b.rank ? a.index - b.index : a.rank - b.rank)).slice(0, DRAWN_PLACES).map(({ index }) => index)
  const places = await queries.listPositions(db, kindOf(input.facility), worst.map((index) => facilities[index]!.rowId))
  return worst.map((index) => ({ ...pick(facilities[index]!), capacity: capacities[index]!, peopleInReach: found.peopleInReach[index]!, perPerson: given(index), position: places.get(facilities[index]!.rowId)! }))
}

/** Facilities that cannot be walked into, and are named. */
const NOT_ENTERED = 200

async function walkingFacts(db: Db, input: SupplyInput, ground: WalkingGround | null, found: SharedOut, stated: readonly (number | null)[]): Promise<SupplyResult['walking']> {
  if (!ground || !found.walking) return null
  const { facilities } = ground.counted
  const { isGatePlaced, entries, ...network } = found.walking
  const shut = [...facilities.keys()].filter((index) => notEnteredReason(entries[index]!) !== undefined)
  const named = shut.slice(0, NOT_ENTERED)
  const places = await queries.listPositions(db, kindOf(input.facility), named.map((index) => facilities[index]!.rowId))
  const { gateToleranceMeters, pointToleranceMeters } = ground.settings
  const impedance = impedanceFacts(ground.pathRows, input.impedance)
  return {
    ...network, gates: ground.gates.length, gatesUnplaced: isGatePlaced.filter((placed) => placed === 0).length, withoutGate: shut.length, reasonsWithoutGate: countNotEntered(entries), gateToleranceMeters, pointToleranceMeters,
    notEntered: named.map((index) => ({ ...pick(facilities[index]!), reason: notEnteredReason(entries[index]!), capacity: stated[index]!, position: places.get(facilities[index]!.rowId)! })),
    ...(impedance && { impedance }),
  }
}

/**
 * @param rule the rule that the question was settled by
 * @throws AppError conflict where a walk is asked for and there is no network, bad_request where the catchment holds too many pairs; the signal's reason when cancelled
 */
export async function executeSupply(city: CityRow, input: SupplyInput, { db, signal, progress }: SupplyTools): Promise<SupplyAnswer> {
  const heard = () => signal.throwIfAborted()
  const rule: SupplyRule = await getSupplyRule(db, input.facility, input.rule)
  const paper = input.paperRule === null ? null : await getServiceRule(db, city.cityId, input.paperRule)
  const request: AnalysisRequest = { city, rule: null, input: groundQuestion(input) }
  await progress('prepare', 1)
  const limits = await findLimits(db, city.cityId, planeOf(db.engine, city.measureSrid), input.clipToCity)
  const levels = await readLevels(db, city.cityId, city.measureSrid, heard)
  await progress('facilities', 15)
  const ground = input.ruler === 'walk' ? await readWalkingGround(request, { db, signal, progress: () => progress('facilities', 20) }) : null
  const counted = ground ? ground.counted : await readCountedFacilities(request, { db, signal })
  const stated = await capacitiesOf(db, city, input, counted)
  const capacities = Float64Array.from(stated, (amount) => amount ?? 0)
  await progress('demand', 35)
  const available = await findAvailableDemands(db, city.cityId)
  const set = await readDemandPoints(db, city.cityId, city.measureSrid, input.demand, available, heard)
  const weighing = set.weighings.find(({ demand }) => demand === input.demand)!
  const unit = unitOf(input.facility, input.supplyBy)
  const kernel = kernelOf(input, rule)
  await progress('share', 45)
  const thread = takeComputationThread()
  let found: SharedOut
  let reasons: SupplyResult['reasons']
  try {
    const answer = await thread.compute('shareOut', {
      points: set.points, people: weighing.weights, sharers: input.sharedBy === 'residents' ? set.people : weighing.weights,
      facilities: counted.facilities.map(({ wkb }): Uint8Array => wkb), capacities, kernel, walk: walkOf(ground), paperRadii: paperRadiiOf(request, paper, counted),
      levels: levels.map((level) => level.shapes), boundary: limits.boundary, clipToBoundary: input.clipToCity, standard: input.standard, lorenzSteps: LORENZ_STEPS, maxPairs: MAX_PAIRS,
    }, signal)
    if ('isTooLarge' in answer) throw new AppError('bad_request', `搜索半径 ${input.catchmentMeters} m 内的供需对超过 ${MAX_PAIRS.toLocaleString('en-US')} 对：请缩小搜索半径。More than ${MAX_PAIRS.toLocaleString('en-US')} pairs of demand and supply are within ${input.catchmentMeters} m: choose a smaller catchment.`, { errors: [{ path: 'body.input.catchmentMeters', message: '对这座城市过大。Too large for this city' }] })
    found = answer
    reasons = await reasonsBelow({ thread, signal }, request, { counted, set, weights: weighing.weights, found, standard: input.standard, stated })
  } finally {
    thread.release()
  }
  await progress('draw', 80)
  const units = unitRows(city, levels, found)
  const unknown = counted.facilities.filter((_facility, index) => stated[index] === null)
  const { equity } = found
  const places = await placesOf(db, input, counted, capacities, found)
  const nothing = counted.facilities.filter((_facility, index) => capacities[index] === 0).length
  const result: SupplyResult = {
    unit, demandUnit: CoverageRatio.shape.unit.exclude(['m2']).parse(weighing.unit), equity,
    capacity: sumOf(capacities), demands: set.rowIds.length, demandsWithoutPeople: found.demandsWithoutPeople, supplies: counted.facilities.length, suppliesWithoutCapacity: nothing, pairs: found.pairs,
    conservation: found.conservation,
    outOfReach: { ...found.outOfReach, share: ratioOf(found.outOfReach.people, equity.people) },
    unused: { supplies: found.unused.supplies.length, capacity: found.unused.capacity, examples: found.unused.supplies.slice(0, EXAMPLES).map((index) => pick(counted.facilities[index]!)) },
    notCounted: [...counted.qualified.notCounted, ...(unknown.length > 0 ? [{ reason: input.supplyBy === 'area' ? ('area_unknown' as const) : ('capacity_unknown' as const), count: unknown.length, examples: unknown.slice(0, EXAMPLES).map(pick) }] : [])],
    outsideCity: found.outside,
    reasons,
    paper: paper && found.paper && { code: paper.code, titleZh: paper.titleZh, titleEn: paper.titleEn, served: found.paper.served, ratio: ratioOf(found.paper.served, equity.people), only: equity.below && found.paper.only, onlyShare: equity.below && ratioOf(found.paper.only, found.paper.served) },
    walking: await walkingFacts(db, input, ground, found, stated),
    classes: classesOf(found, weighing.weights, input.standard),
    units: units.filter(({ level }) => level !== 'cell'),
    crowded: places.filter(({ capacity, perPerson }) => capacity > 0 && perPerson !== null).slice(0, CROWDED),
  }
  const drawing: SupplyDrawing = { points: await drawPoints(db, set, weighing.weights, found), streets: await drawAreas(db, city, 'street', units), communities: await drawAreas(db, city, 'community', units), cells: await drawAreas(db, city, 'cell', units), places }
  await progress('store', 93)
  return { result, drawing, ...supplyTexts({ input, rule, kernel, unit, walking: ground?.settings ?? null, plane: `${city.measureName} (EPSG:${city.measureSrid})` }) }
}
