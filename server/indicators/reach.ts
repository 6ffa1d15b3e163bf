/** Park tiers and comparators over a city: parks and homes read once, every rule asked of the same engine. */
import type { CityRow } from '../cities/cities.ts'
import type { ReachDrawing, ReachFigure, ReachMeasure, ReachRule } from '../contract/green-reach.ts'
import type { IndicatorsResult } from '../contract/planning-indicators.ts'
import type { AnalysisRequest } from '../coverage/analysis-result.ts'
import { ratioOf } from '../coverage/analysis-result.ts'
import { findAvailableDemands, type PointSet, readDemandPoints } from '../coverage/city-inputs.ts'
import { takeComputationThread } from '../coverage/computation-thread.ts'
import { readCountedFacilities } from '../coverage/counted.ts'
import { planeOf } from '../coverage/geometry-queries.ts'
import { type FacilityRow, listAreas } from '../coverage/input-queries.ts'
import { gatesInput, readWalkingGround, type WalkingGround } from '../coverage/walking-ground.ts'
import { hasWalkingNetwork } from './queries.ts'
import { sumOf } from '../engine/sum.ts'
import type { CountedFeature } from '../green-indicators/green-indicators.ts'
import { type Limits, readGreenLand } from '../green-indicators/inputs.ts'
import { findCountyPart, type GreenLandRow } from '../green-indicators/queries.ts'
import type { ExecuteTools } from '../planning/kind.ts'
import { listPositions } from '../supply/queries.ts'
import type { ReachInput, ReachOutput } from './computation-reach.ts'
import { radiiOf, summedParks } from './reach-parks.ts'

/** More homes than this are not drawn; the heaviest stay. */
const DRAWN_HOMES = 60_000
/** Of more units than this no area for each person is measured. */
const MEASURED_UNITS = 400
const EQUAL = 1e-9

const NO_PEOPLE = { reasonZh: '范围内没有人口数据，或没有人居住。', reasonEn: 'there are no data of people in it, or nobody lives there.' }
const NO_NETWORK = { reasonZh: '没有步行路网：请先导入（import --as paths）。', reasonEn: 'there is no walking network: import one (--as paths).' }
const TOLD = { reasonZh: null, reasonEn: null }

interface Ground {
  parks: readonly FacilityRow[]
  walking: WalkingGround | null
  /** Homes with people; null where nobody is on record. */
  homes: { set: PointSet; rows: number[]; points: Float64Array; people: Float64Array } | null
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

async function readGround(city: CityRow, limits: Limits, isWalked: boolean, { db, signal, progress }: ExecuteTools<null>): Promise<Ground> {
  const { cityId, measureSrid: srid } = city
  const heard = () => signal.throwIfAborted()
  // Every green space at once; each rule takes its own out of them.
  const request: AnalysisRequest = { city, rule: null, input: { facility: 'green', layers: [], demand: 'population', radiusMeters: 1, everyFeature: true, clipToCity: false } }
  const walking = isWalked && (await hasWalkingNetwork(db, cityId)) ? await readWalkingGround(request, { db, signal, progress: () => progress('ground', 62) }) : null
  const { facilities: parks } = walking ? walking.counted : await readCountedFacilities(request, { db, signal })
  const available = await findAvailableDemands(db, cityId)
  const set = available.people ? await readDemandPoints(db, cityId, srid, 'population', available, heard) : null
  const rows = set ? [...set.people.keys()].filter((point) => set.people[point]! > 0) : []
  const levels = []
  for (const level of ['county', 'street'] as const) if (limits.unit === null || (limits.unit.level === 'county' && level === 'street')) levels.push({ level, units: await listAreas(db, cityId, srid, level) })
  return {
    parks, walking, levels,
    homes: set && { set, rows, points: Float64Array.from(rows.flatMap((point) => [set.points[point * 2]!, set.points[point * 2 + 1]!])), people: Float64Array.from(rows, (point) => set.people[point]!) },
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

function measureOf({ rule, ruler }: AskedMeasure, found: ReachOutput | null, covered: number | undefined): ReachMeasure {
  const none = { ruler, covered: null, total: null, ratio: null, missing: null, met: null }
  if (!found || !(found.total > 0)) return { ...none, ...NO_PEOPLE }
  if (covered === undefined) return { ...none, total: found.total, ...NO_NETWORK }
  const ratio = ratioOf(covered, found.total)
  return { ruler, covered, total: found.total, ratio, missing: found.total - covered, met: rule.leastShare === null || ratio === null ? null : ratio >= rule.leastShare * (1 - EQUAL), ...TOLD }
}

function perPersonOf({ perPerson }: ReachRule, areaM2: number, people: number | null): ReachFigure['perPerson'] {
  if (!perPerson) return null
  if (people === null || !(people > 0)) return { value: null, areaM2, people, met: null, difference: null, ...NO_PEOPLE }
  const value = areaM2 / people
  return { value, areaM2, people, met: value >= perPerson.squareMeters * (1 - EQUAL), difference: areaM2 - perPerson.squareMeters * people, ...TOLD }
}

/** Green land of each unit within the scope, by id; units where nobody lives are left out. */
async function readUnitGreen(city: CityRow, limits: Limits, ground: Ground, found: ReachOutput, { db, signal }: ExecuteTools<null>): Promise<Map<string, ReadonlyMap<string, GreenLandRow>>> {
  const plane = planeOf(db.engine, city.measureSrid)
  const lived = ground.levels.flatMap(({ level, units }, at) => units.flatMap((unit, index) => (found.unitTotals[at]![index]! > 0 ? [{ level, ...unit }] : [])))
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

async function drawHomes(ground: Ground, asked: readonly AskedMeasure[], found: ReachOutput, { db }: ExecuteTools<null>): Promise<ReachDrawing | null> {
  const { homes } = ground
  if (!homes) return null
  const counted = [...homes.rows.keys()].filter((home) => found.counted[home])
  const isCut = counted.length > DRAWN_HOMES
  const drawn = isCut ? counted.sort((a, b) => homes.people[b]! - homes.people[a]! || a - b).slice(0, DRAWN_HOMES) : counted
  const rowIdOf = (home: number) => homes.set.rowIds[homes.rows[home]!]!
  const places = await listPositions(db, homes.set.kind, drawn.map(rowIdOf))
  const placed = drawn.filter((home) => places.has(rowIdOf(home)))
  return {
    positions: placed.flatMap((home) => places.get(rowIdOf(home))!),
    people: placed.map((home) => homes.people[home]!),
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

/** Answers rules over a scope. @throws the signal's reason when cancelled */
export async function answerReach(city: CityRow, limits: Limits, rules: readonly ReachRule[], tools: ExecuteTools<null>): Promise<ReachAnswer> {
  const { signal, progress } = tools
  await progress('ground', 56)
  const held = rules.filter(({ notHeldZh }) => notHeldZh === null)
  const ground = await readGround(city, limits, held.some(({ rulers }) => rulers.includes('walk')), tools)
  const { parks, homes, within } = ground
  const asked = held.flatMap((rule): AskedMeasure[] => rule.rulers.map((ruler) => ({ rule, ruler, radii: radiiOf(rule, parks) })))
  await progress('reach', 68)
  let found: ReachOutput | null = null
  if (homes) {
    const thread = takeComputationThread()
    try {
      found = await thread.compute('reachByRules', {
        facilities: parks.map(({ wkb }): Uint8Array => wkb), measures: asked.map(({ radii, ruler }) => ({ radii, ruler })), points: homes.points, people: homes.people,
        scope: limits.clip, levels: ground.levels.map(({ units }) => units.map(({ wkb }): Uint8Array => wkb)), walk: walkOf(ground.walking),
      }, signal)
    } finally {
      thread.release()
    }
  }
  await progress('units', 82)
  const unitGreen = found && held.some(({ perPerson }) => perPerson) ? await readUnitGreen(city, limits, ground, found, tools) : new Map<string, ReadonlyMap<string, GreenLandRow>>()
  const inScope = (numbers: readonly number[]) => numbers.filter((park) => within.has(parks[park]!.id))

  const figureOf = (rule: ReachRule): ReachFigure => {
    if (rule.notHeldZh !== null) return { rule, parks: 0, parksM2: 0, reachingParks: 0, measures: [], perPerson: null, reasonZh: rule.notHeldZh, reasonEn: rule.notHeldEn, units: [] }
    const own = [...asked.keys()].filter((measure) => asked[measure]!.rule === rule)
    const summed = summedParks(rule, parks)
    const units = ground.levels.flatMap(({ level, units: all }, at) =>
      all.flatMap(({ code, name }, index) => {
        const people = found?.unitTotals[at]![index] ?? 0
        const green = unitGreen.get(`${level}:${code}`)
        return people > 0 ? [{ level, code, name, people, covered: own.map((measure) => found?.measures[measure]?.units[at]![index] ?? null), perPerson: rule.perPerson && green ? areaOf(parks, summed, green) / people : null }] : []
      }))
    return {
      rule, parks: inScope(summed).length, parksM2: areaOf(parks, summed, within),
      reachingParks: own.length > 0 ? [...asked[own[0]!]!.radii].filter((radius) => !Number.isNaN(radius)).length : 0,
      measures: own.map((measure) => measureOf(asked[measure]!, found, found?.measures[measure]?.people)),
      perPerson: perPersonOf(rule, areaOf(parks, summed, within), found?.total ?? null),
      ...TOLD, units,
    }
  }
  return {
    figures: rules.map(figureOf),
    homes: found && (await drawHomes(ground, asked, found, tools)),
    walking: ground.walking && found?.footing ? { settingsVersion: ground.walking.settings.version, gates: ground.walking.gates.length, ...found.footing } : null,
    rowsOf: (rule) => inScope(rule.notHeldZh === null ? summedParks(rule, parks) : []).map((park) => within.get(parks[park]!.id)!).map((row) => ({ ...row, counted: row.areaM2 })).sort((a, b) => b.counted - a.counted || (a.id < b.id ? -1 : 1)),
  }
}
