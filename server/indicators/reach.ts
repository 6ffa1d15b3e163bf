/** Park tiers and comparators over a city: parks and homes read once, every rule asked of the same engine. */
import type { CityRow } from '../cities/cities.ts'
import type { ReachDemand, ReachDrawing, ReachFigure, ReachMeasure, ReachRule } from '../contract/green-reach.ts'
import type { IndicatorsResult } from '../contract/planning-indicators.ts'
import type { AnalysisRequest } from '../coverage/analysis-result.ts'
import { ratioOf } from '../coverage/analysis-result.ts'
import { findAvailableDemands, type PointSet, readDemandPoints } from '../coverage/city-inputs.ts'
import { takeComputationThread } from '../coverage/computation-thread.ts'
import { readCountedFacilities } from '../coverage/counted.ts'
import { planeOf } from '../coverage/geometry-queries.ts'
import { notEnteredOf } from '../coverage/not-entered.ts'
import { type FacilityRow, listAreas } from '../coverage/input-queries.ts'
import { gatesInput, readWalkingGround, type WalkingGround } from '../coverage/walking-ground.ts'
import { hasWalkingNetwork, listParkWidths } from './queries.ts'
import { sumOf } from '../engine/sum.ts'
import type { CountedFeature } from '../green-indicators/green-indicators.ts'
import { type Limits, readGreenLand } from '../green-indicators/inputs.ts'
import { findCountyPart, type GreenLandRow } from '../green-indicators/queries.ts'
import type { ExecuteTools } from '../planning/kind.ts'
import { listPositions } from '../supply/queries.ts'
import type { ReachInput, ReachOutput } from './computation-reach.ts'
import { narrowParks, radiiOf, summedParks } from './reach-parks.ts'

/** More homes than this are not drawn; the heaviest stay. */
const DRAWN_HOMES = 60_000
/** Of more units than this no area for each person is measured. */
const MEASURED_UNITS = 400
const EQUAL = 1e-9

/** Parks too narrow for a rule that are named. */
const NARROW_EXAMPLES = 20

const NO_PEOPLE: Record<ReachDemand, { reasonZh: string; reasonEn: string }> = {
  population: { reasonZh: '范围内没有人口数据，或没有人居住：请先导入人口（--as population_cells）或有人口的建筑，或改选范围。', reasonEn: 'there are no data of people in it, or nobody lives there: import population cells (--as population_cells) or buildings with residents, or choose another scope.' },
  elders: { reasonZh: '范围内没有 65 岁及以上人口的数据，或没有老人居住：请导入分列老人的人口（--map elders=列名）。', reasonEn: 'there are no data of people of 65 and older in it, or none live there: import population with them apart (--map elders=COLUMN).' },
  children: { reasonZh: '范围内没有 0–14 岁人口的数据，或没有儿童居住：请导入分列儿童的人口（--map children=列名）。', reasonEn: 'there are no data of children up to 14 in it, or none live there: import population with them apart (--map children=COLUMN).' },
}
const NO_NETWORK = { reasonZh: '没有步行路网：请先导入（import --as paths）。', reasonEn: 'there is no walking network: import one (--as paths).' }
const TOLD = { reasonZh: null, reasonEn: null }

type Park = FacilityRow & { widthMeters: number | null }

/** Homes of one source, with the people of each group that it tells of. */
interface Homes {
  set: PointSet
  /** Those where anybody of the groups lives, by number in the set. */
  rows: number[]
  points: Float64Array
  demands: ReachDemand[]
  weights: Float64Array[]
}

interface Ground {
  parks: readonly Park[]
  walking: WalkingGround | null
  /** The homes of all residents first; none where nobody is on record. */
  homes: Homes[]
  /** Green land within the scope, by id. */
  within: ReadonlyMap<string, GreenLandRow>
  levels: { level: 'county' | 'street'; units: { code: string; name: string | null; wkb: Buffer }[] }[]
}

export interface ReachAnswer {
  figures: ReachFigure[]
  homes: ReachDrawing | null
  walking: IndicatorsResult['walking']
  /** Green that a rule counts within the scope, the largest first. */
  rowsOf(rule: ReachRule): CountedFeature[]
}

/** What a rule is about; all residents where it does not say. */
const demandOf = ({ demand }: Pick<ReachRule, 'demand'>): ReachDemand => demand ?? 'population'

/** Homes of all residents and of the groups that rules ask about, source by source. */
async function readHomes({ cityId, measureSrid: srid }: CityRow, rules: readonly ReachRule[], { db, signal }: ExecuteTools<null>): Promise<Homes[]> {
  const available = await findAvailableDemands(db, cityId)
  const demands = [...new Set<ReachDemand>(['population', ...rules.map(demandOf)])]
  const homes: Homes[] = []
  for (const source of new Set(demands.map((demand) => available.sources[demand]))) {
    if (source === null) continue
    const own = demands.filter((demand) => available.sources[demand] === source)
    const set = await readDemandPoints(db, cityId, srid, own[0]!, available, () => signal.throwIfAborted())
    const weights = own.map((demand) => set.weighings.find((one) => one.demand === demand)!.weights)
    const rows = [...set.rowIds.keys()].filter((point) => weights.some((of) => of[point]! > 0))
    homes.push({
      set, rows, demands: own, points: Float64Array.from(rows.flatMap((point) => [set.points[point * 2]!, set.points[point * 2 + 1]!])),
      weights: weights.map((of) => Float64Array.from(rows, (point) => of[point]!)),
    })
  }
  return homes
}

async function readGround(city: CityRow, limits: Limits, rules: readonly ReachRule[], tools: ExecuteTools<null>): Promise<Ground> {
  const { db, signal, progress } = tools
  const { cityId, measureSrid: srid } = city
  const heard = () => signal.throwIfAborted()
  // Every green space at once; each rule takes its own out of them.
  const request: AnalysisRequest = { city, rule: null, input: { facility: 'green', layers: [], demand: 'population', radiusMeters: 1, everyFeature: true, clipToCity: false } }
  const isWalked = rules.some(({ rulers }) => rulers.includes('walk'))
  const walking = isWalked && (await hasWalkingNetwork(db, cityId)) ? await readWalkingGround(request, { db, signal, progress: () => progress('ground', 62) }) : null
  const { facilities } = walking ? walking.counted : await readCountedFacilities(request, { db, signal })
  const widths = rules.some(({ minWidthMeters }) => minWidthMeters != null) ? await listParkWidths(db, cityId, srid, heard) : null
  const levels = []
  for (const level of ['county', 'street'] as const) if (limits.unit === null || (limits.unit.level === 'county' && level === 'street')) levels.push({ level, units: await listAreas(db, cityId, srid, level) })
  return {
    parks: facilities.map((park) => ({ ...park, widthMeters: widths?.get(park.id) ?? null })), walking, levels,
    homes: await readHomes(city, rules, tools),
    within: new Map((await readGreenLand(db, city, limits.clip)).map((row) => [row.id, row])),
  }
}

function walkOf(ground: WalkingGround | null): ReachInput['walk'] {
  if (!ground) return null
  const { settings, paths, gates } = ground
  return { paths, gates: gatesInput(gates), homeToleranceMeters: settings.homeToleranceMeters, gateToleranceMeters: settings.gateToleranceMeters, pointToleranceMeters: settings.pointToleranceMeters, scrapShare: settings.scrapShare }
}

interface AskedMeasure {
  rule: ReachRule
  ruler: ReachMeasure['ruler']
  radii: Float64Array
}

function measureOf({ rule, ruler }: AskedMeasure, total: number | undefined, covered: number | undefined): ReachMeasure {
  const none = { ruler, covered: null, total: null, ratio: null, missing: null, met: null }
  if (total === undefined || !(total > 0)) return { ...none, ...NO_PEOPLE[demandOf(rule)] }
  if (covered === undefined) return { ...none, total, ...NO_NETWORK }
  const ratio = ratioOf(covered, total)
  return { ruler, covered, total, ratio, missing: total - covered, met: rule.leastShare === null || ratio === null ? null : ratio >= rule.leastShare * (1 - EQUAL), ...TOLD }
}

function perPersonOf({ perPerson, demand }: ReachRule, areaM2: number, people: number | null): ReachFigure['perPerson'] {
  if (!perPerson) return null
  if (people === null || !(people > 0)) return { value: null, areaM2, people, met: null, difference: null, ...NO_PEOPLE[demand ?? 'population'] }
  const value = areaM2 / people
  return { value, areaM2, people, met: value >= perPerson.squareMeters * (1 - EQUAL), difference: areaM2 - perPerson.squareMeters * people, ...TOLD }
}

/** Green land of each unit within the scope, by id; units where nobody lives are left out. */
async function readUnitGreen(city: CityRow, limits: Limits, ground: Ground, unitPeople: readonly Float64Array[], { db, signal }: ExecuteTools<null>): Promise<Map<string, ReadonlyMap<string, GreenLandRow>>> {
  const plane = planeOf(db.engine, city.measureSrid)
  const lived = ground.levels.flatMap(({ level, units }, at) => units.flatMap((unit, index) => (unitPeople[at]![index]! > 0 ? [{ level, ...unit }] : [])))
  const green = new Map<string, ReadonlyMap<string, GreenLandRow>>()
  if (lived.length > MEASURED_UNITS) return green
  for (const { level, code, wkb } of lived) {
    signal.throwIfAborted()
    const part = await findCountyPart(db, plane, wkb, limits.clip)
    green.set(`${level}:${code}`, new Map(part.areaM2 > 0 ? (await readGreenLand(db, city, part.wkb)).map((row) => [row.id, row]) : []))
  }
  return green
}

const areaOf = (parks: readonly FacilityRow[], numbers: readonly number[], within: ReadonlyMap<string, GreenLandRow>): number => sumOf(numbers.map((park) => within.get(parks[park]!.id)?.areaM2 ?? 0))

async function drawHomes(homes: Homes, asked: readonly AskedMeasure[], found: ReachOutput, { db }: ExecuteTools<null>): Promise<ReachDrawing> {
  const people = homes.weights[0]!
  const counted = [...homes.rows.keys()].filter((home) => found.counted[home])
  const isCut = counted.length > DRAWN_HOMES
  const drawn = isCut ? counted.sort((a, b) => people[b]! - people[a]! || a - b).slice(0, DRAWN_HOMES) : counted
  const rowIdOf = (home: number) => homes.set.rowIds[homes.rows[home]!]!
  const places = await listPositions(db, homes.set.kind, drawn.map(rowIdOf))
  const placed = drawn.filter((home) => places.has(rowIdOf(home)))
  return {
    positions: placed.flatMap((home) => places.get(rowIdOf(home))!),
    people: placed.map((home) => people[home]!),
    isCut,
    unserved: asked.flatMap(({ rule, ruler }, measure) => {
      const covered = found.measures[measure]?.covered
      if (!covered) return []
      const bits = Buffer.alloc(Math.ceil(placed.length / 8))
      placed.forEach((home, at) => {
        if (!covered[home]) bits[at >> 3]! |= 1 << (at & 7)
      })
      return [{ code: rule.code, ruler, bits: bits.toString('base64') }]
    }),
  }
}

/** Asks each measure of the homes of its group; `measures` are numbers of `asked`. */
async function searchHomes(ground: Ground, limits: Limits, asked: readonly AskedMeasure[], { signal }: ExecuteTools<null>): Promise<{ homes: Homes; measures: number[]; found: ReachOutput }[]> {
  if (ground.homes.length === 0) return []
  const thread = takeComputationThread()
  try {
    const answers = []
    for (const homes of ground.homes) {
      const measures = [...asked.keys()].filter((measure) => homes.demands.includes(demandOf(asked[measure]!.rule)))
      const found = await thread.compute('reachByRules', {
        facilities: ground.parks.map(({ wkb }): Uint8Array => wkb), measures: measures.map((measure) => ({ radii: asked[measure]!.radii, ruler: asked[measure]!.ruler, weighing: homes.demands.indexOf(demandOf(asked[measure]!.rule)) })),
        points: homes.points, weights: homes.weights, scope: limits.clip, levels: ground.levels.map(({ units }) => units.map(({ wkb }): Uint8Array => wkb)), walk: walkOf(ground.walking),
      }, signal)
      answers.push({ homes, measures, found })
    }
    return answers
  } finally {
    thread.release()
  }
}

const tooNarrowOf = (parks: readonly Park[]): NonNullable<ReachFigure['tooNarrow']> => ({
  count: parks.length, examples: [...parks].sort((a, b) => (b.widthMeters ?? 0) - (a.widthMeters ?? 0)).slice(0, NARROW_EXAMPLES).map(({ id, name, widthMeters }) => ({ id, name, widthMeters: widthMeters ?? 0 })),
})

/** Answers rules over a scope. @throws the signal's reason when cancelled */
export async function answerReach(city: CityRow, limits: Limits, rules: readonly ReachRule[], tools: ExecuteTools<null>): Promise<ReachAnswer> {
  const { progress } = tools
  await progress('ground', 56)
  const held = rules.filter(({ notHeldZh }) => notHeldZh === null)
  const ground = await readGround(city, limits, held, tools)
  const { parks, within } = ground
  const asked = held.flatMap((rule): AskedMeasure[] => rule.rulers.map((ruler) => ({ rule, ruler, radii: radiiOf(rule, parks) })))
  await progress('reach', 68)
  const answers = await searchHomes(ground, limits, asked, tools)
  const residents = answers.find(({ homes }) => homes.demands[0] === 'population') ?? null
  const answerOf = (rule: ReachRule) => {
    const of = answers.find(({ homes }) => homes.demands.includes(demandOf(rule)))
    return of ? { totals: of.found.totals[of.homes.demands.indexOf(demandOf(rule))]!, measureOf: (measure: number) => of.found.measures[of.measures.indexOf(measure)] ?? null } : null
  }
  await progress('units', 82)
  const unitGreen = residents && held.some(({ perPerson }) => perPerson) ? await readUnitGreen(city, limits, ground, residents.found.totals[0]!.units, tools) : new Map<string, ReadonlyMap<string, GreenLandRow>>()
  const inScope = (numbers: readonly number[]) => numbers.filter((park) => within.has(parks[park]!.id))

  const figureOf = (rule: ReachRule): ReachFigure => {
    if (rule.notHeldZh !== null) return { rule, parks: 0, parksM2: 0, reachingParks: 0, measures: [], perPerson: null, reasonZh: rule.notHeldZh, reasonEn: rule.notHeldEn, units: [] }
    const own = [...asked.keys()].filter((measure) => asked[measure]!.rule === rule)
    const summed = summedParks(rule, parks)
    const answer = answerOf(rule)
    const units = ground.levels.flatMap(({ level, units: all }, at) =>
      all.flatMap(({ code, name }, index) => {
        const people = answer?.totals.units[at]![index] ?? 0
        const green = unitGreen.get(`${level}:${code}`)
        return people > 0 ? [{ level, code, name, people, covered: own.map((measure) => answer?.measureOf(measure)?.units[at]![index] ?? null), perPerson: rule.perPerson && green ? areaOf(parks, summed, green) / people : null }] : []
      }))
    return {
      rule, parks: inScope(summed).length, parksM2: areaOf(parks, summed, within),
      reachingParks: own.length > 0 ? [...asked[own[0]!]!.radii].filter((radius) => !Number.isNaN(radius)).length : 0,
      measures: own.map((measure) => measureOf(asked[measure]!, answer?.totals.people, answer?.measureOf(measure)?.people)),
      perPerson: perPersonOf(rule, areaOf(parks, summed, within), answer?.totals.people ?? null),
      ...(rule.minWidthMeters == null ? {} : { tooNarrow: tooNarrowOf(inScope(narrowParks(rule, parks)).map((park) => parks[park]!)) }),
      ...TOLD, units,
    }
  }
  return {
    figures: rules.map(figureOf),
    homes: residents && (await drawHomes(residents.homes, residents.measures.map((measure) => asked[measure]!), residents.found, tools)),
    walking: ground.walking && residents?.found.footing && residents.found.entries
      ? {
          settingsVersion: ground.walking.settings.version, gates: ground.walking.gates.length, ...residents.found.footing,
          notEntered: notEnteredOf(parks, residents.found.entries, ground.walking.settings, (park) => asked.some(({ ruler, radii }) => ruler === 'walk' && !Number.isNaN(radii[park]!))),
        }
      : null,
    rowsOf: (rule) => inScope(rule.notHeldZh === null ? summedParks(rule, parks) : []).map((park) => within.get(parks[park]!.id)!).map((row) => ({ ...row, counted: row.areaM2 })).sort((a, b) => b.counted - a.counted || (a.id < b.id ? -1 : 1)),
  }
}
