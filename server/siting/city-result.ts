/** Turns what the thread found into what a planner reads: sites by name and gain, notices, and the picture. */
import type { SitingAnswer, SitingDrawing, SitingInput, SitingNotice, SitingResult, SitingSite } from '../contract/planning-siting.ts'
import type { Geometry, Position } from '../contract/geojson.ts'
import type { NotEnteredReason } from '../contract/not-entered.ts'
import { countNotEntered } from '../coverage/not-entered.ts'
import type { Db } from '../db/db.ts'
import type { SitingIssue } from '../engine/siting/issues.ts'
import type { SiteReason } from '../engine/siting/why.ts'
import { type CityGround, sideOf } from './city-ground.ts'
import { weightOf } from './ground.ts'
import { notEnteredReason } from '../engine/walking/walking-network.ts'
import { sumOf } from '../engine/sum.ts'
import { squareRing } from '../engine/packed-geometry.ts'
import { noticesOfShut, type ShutPlace } from './not-entered.ts'
import { listCommunityNames, listPlotShapes, toDegrees } from './plot-queries.ts'
import type { CityTold, SitingResult as Found } from './siting-worker.ts'
import { NOTICES } from './words.ts'

/** Places named in a notice, and homes drawn. */
const PLACES_TOLD = 200
const HOMES_DRAWN = 60_000

/** Everything known once the thread has laid out the problem. */
export interface Laid {
  input: SitingInput
  city: CityGround
  srid: number
  told: CityTold
  /** Degrees, interleaved, of homes and of the lattice. */
  homes: Float64Array
  lattice: Float64Array | null
  /** What stands and cannot be walked into. */
  shutStanding: readonly ShutPlace[]
}

const positionAt = (degrees: Float64Array, index: number): Position => [round(degrees[index * 2]!), round(degrees[index * 2 + 1]!)]
/** To a tenth of a metre. */
const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6

const candidateSites = ({ candidateOf }: CityTold): number[] => [...candidateOf.keys()].filter((site) => candidateOf[site]! >= 0)

/** Where a site of the problem lies. */
export function placeOf({ city, told, lattice }: Laid, site: number): Position {
  return positionOfCandidate({ city, lattice }, told.candidateOf[site]!)
}

function positionOfCandidate({ city, lattice }: Pick<Laid, 'city' | 'lattice'>, candidate: number): Position {
  const plot = city.plots?.[candidate]
  return plot ? [round(plot.longitude), round(plot.latitude)] : positionAt(lattice!, candidate)
}

/** Candidates that nobody could walk into. */
function shutCandidates({ entries }: CityTold): { candidate: number; reason: NotEnteredReason }[] {
  return [...(entries?.candidates ?? [])].flatMap((entry, candidate) => {
    const reason = notEnteredReason(entry)
    return reason ? [{ candidate, reason }] : []
  })
}

const LEFT_OUT_AS = { no_path: 'off_network', scrap: 'on_scrap', bridge: 'on_bridge' } as const

const leftOutByEntry = ({ entries }: CityTold): SitingResult['counts']['candidatesLeftOut'] => Object.entries(countNotEntered(entries?.candidates ?? [])).map(([reason, count]) => ({ reason: LEFT_OUT_AS[reason as NotEnteredReason], count }))

function candidateAt(laid: Laid, site: number) {
  const candidate = laid.told.candidateOf[site]!
  const plot = laid.city.plots?.[candidate]
  const position = placeOf(laid, site)
  return plot
    ? { id: plot.id, name: plot.name, landUse: plot.landUse, ownership: plot.ownership, areaM2: plot.areaM2, radiusMeters: plot.radiusMeters, position }
    : { id: null, name: null, landUse: null, ownership: null, areaM2: laid.city.lattice!.areaM2, radiusMeters: laid.city.lattice!.radiusMeters, position }
}

function noticeOfHomes(laid: Laid, homes: readonly number[], isFatal: boolean, words: Pick<SitingNotice, 'code' | 'zh' | 'en'>): SitingNotice {
  return { ...words, isFatal, count: homes.length, weight: weightOf(laid.city.ground.weights, homes), places: homes.slice(0, PLACES_TOLD).map((home) => positionAt(laid.homes, home)) }
}

/** What is to be known of a question, whether it has an answer or not. */
export function noticesOf(laid: Laid, issues: readonly SitingIssue[]): SitingNotice[] {
  const { input, city, told } = laid
  const notices: SitingNotice[] = []
  const plain = (words: Pick<SitingNotice, 'code' | 'zh' | 'en'>, isFatal: boolean, count = 0) => notices.push({ ...words, isFatal, count, weight: null, places: [] })
  const isAlone = !told.candidateOf.some((candidate) => candidate >= 0)
  const isEmpty = told.homeOf.length === 0
  if (isEmpty) plain(NOTICES.nobodyAsked(input.unservedOnly && city.ground.weights.length > 0), true)
  if (isAlone && !isEmpty) plain(NOTICES.noCandidates([...city.leftOut, ...told.putAside].reduce((sum, { count }) => sum + count, 0) + shutCandidates(told).length), true)
  const isCover = input.method === 'lscp' || input.method === 'mclp'
  const fate = input.method === 'mclp' ? 'unserved' : input.islands === 'leave_out' ? 'left_out' : 'refused'
  if (told.islands.length > 0 && (fate !== 'refused' || issues.some(({ code }) => code === 'islands'))) {
    notices.push(noticeOfHomes(laid, told.islands, fate === 'refused', NOTICES.islands(told.islands.length, weightOf(city.ground.weights, told.islands), fate, isCover ? null : input.reachMeters)))
  }
  if (told.homesOffNetwork.length > 0) notices.push(noticeOfHomes(laid, told.homesOffNetwork, false, NOTICES.homesOffNetwork(told.homesOffNetwork.length, weightOf(city.ground.weights, told.homesOffNetwork))))
  if (told.homesOnScrap.length > 0) notices.push(noticeOfHomes(laid, told.homesOnScrap, false, NOTICES.homesOnScrap(told.homesOnScrap.length, weightOf(city.ground.weights, told.homesOnScrap))))
  if (told.capacities) {
    const idle = candidateSites(told).filter((site) => told.capacities![site] === 0).length
    const total = told.weights.reduce((sum, weight) => sum + weight, 0)
    const boundless = candidateSites(told).filter((site) => told.capacities![site]! >= total && total > 0).length
    if (idle > 0) plain(NOTICES.capacityNone(idle), false, idle)
    if (boundless > 0) plain(NOTICES.capacityBoundless(boundless, total), false, boundless)
    if (city.capacityUnknown > 0) plain(NOTICES.capacityUnknown(city.capacityUnknown), false, city.capacityUnknown)
  }
  if (city.pathsWithoutRise > 0) plain(NOTICES.riseUnknown(city.pathsWithoutRise), false, city.pathsWithoutRise)
  if (city.walking) {
    notices.push(...noticesOfShut('standing', laid.shutStanding, city.walking))
    notices.push(...noticesOfShut('candidates', shutCandidates(told).map(({ candidate, reason }) => ({ reason, name: city.plots?.[candidate]?.name ?? null, position: positionOfCandidate(laid, candidate) })), city.walking))
  }
  for (const { code, zh, en, demands = [], weight } of issues) {
    const isTold = code === 'islands' || ((isEmpty || isAlone) && ['no_demands', 'no_sites', 'p_above_candidates', 'total_weight_zero', 'nothing_reachable'].includes(code))
    if (!isTold) notices.push({ code, zh, en, isFatal: true, count: demands.length, weight: weight ?? null, places: demands.slice(0, PLACES_TOLD).map((demand) => positionAt(laid.homes, told.homeOf[demand]!)) })
  }
  return notices
}

export function countsOf({ city, told }: Laid): SitingResult['counts'] {
  return {
    demands: told.homeOf.length,
    weight: told.weights.reduce((sum, weight) => sum + weight, 0),
    candidates: candidateSites(told).length,
    candidatesLeftOut: [...city.leftOut, ...told.putAside, ...leftOutByEntry(told)],
    existing: city.existing,
    pairs: told.pairs,
  }
}

/** By gain; sites of equal gain by whom they serve, then as they came. */
function rank(input: SitingInput, reasons: readonly SiteReason[]): SiteReason[] {
  return [...reasons].sort((a, b) => gainOf(input, b) - gainOf(input, a) || b.weight - a.weight || a.site - b.site)
}

function gainOf({ method, capacities }: SitingInput, reason: SiteReason): number {
  if (capacities) return reason.loss ?? 0
  return method === 'lscp' || method === 'mclp' ? reason.aloneWeight : (reason.loss ?? reason.weight)
}

async function sitesOf(db: Db, cityId: number, laid: Laid, reasons: readonly SiteReason[], loads: Float64Array | null): Promise<SitingSite[]> {
  const ranked = rank(laid.input, reasons)
  const others = ranked.map(({ runnerUp, substitutes }) => runnerUp?.site ?? substitutes[0] ?? null)
  const named = [...new Set([...ranked.map(({ site }) => site), ...others.filter((site) => site !== null)])]
  const names = new Map((await listCommunityNames(db, cityId, named.map((site) => placeOf(laid, site)))).map((name, index) => [named[index]!, name]))
  const candidate = (site: number) => ({ ...candidateAt(laid, site), communityName: names.get(site) ?? null })
  const costs = laid.city.ground.siteCosts
  return ranked.map((reason, index) => {
    const other = others[index]!
    return {
      number: index + 1,
      ...candidate(reason.site),
      cost: costs && costs[costs.length === 1 ? 0 : laid.told.candidateOf[reason.site]!]!,
      ...(loads && laid.told.capacities ? { capacity: laid.told.capacities[reason.site]!, load: round2(loads[reason.site]!) } : {}),
      gain: gainOf(laid.input, reason),
      serves: { demands: reason.demands, weight: reason.weight, meanMeters: reason.meanCost, greatestMeters: reason.greatestCost },
      loss: reason.loss,
      runnerUp: other === null ? null : { ...candidate(other), difference: reason.runnerUp?.difference ?? 0, weightFactor: reason.runnerUp?.weightFactor ?? null },
    }
  })
}

const round2 = (value: number) => Math.round(value * 100) / 100
/** Of what stands, the fullest named. */
const FULLEST = 20

/** What stands and how full it is. */
function standingOf({ told, city }: Laid, loads: Float64Array): SitingAnswer['standing'] {
  const places = [...told.standingOf].flatMap((place, site) => (place < 0 ? [] : [{ id: city.standing[place]!.id, name: city.standing[place]!.name, capacity: round2(told.capacities![site]!), load: round2(loads[site]!) }]))
  const isFull = ({ capacity, load }: { capacity: number; load: number }) => capacity > 0 && load >= capacity - 0.01
  return {
    sites: places.length, capacity: round2(sumOf(places.map(({ capacity }) => capacity))), load: round2(sumOf(places.map(({ load }) => load))), full: places.filter(isFull).length, unknown: city.capacityUnknown,
    fullest: places.filter(({ capacity }) => capacity > 0).sort((a, b) => b.load / b.capacity - a.load / a.capacity || b.load - a.load).slice(0, FULLEST),
  }
}

const finite = (value: number) => (Number.isFinite(value) ? value : 0)

/** The answer and its picture. */
export async function resultOf(db: Db, cityId: number, laid: Laid, found: Found): Promise<{ result: SitingResult; drawing: SitingDrawing }> {
  const { answer, reasons, curve, report } = found
  const { city, told } = laid
  const sites = await sitesOf(db, cityId, laid, reasons ?? [], report!.loads)
  const numbers = numbersOf(laid, sites, answer.sites)
  const { before, after } = report!
  const result: SitingResult = {
    answer: {
      objective: answer.objective, bound: finite(answer.bound), gap: answer.gap, isProven: answer.isProven, stoppedBy: answer.stoppedBy,
      before, after, sites,
      curve: curve && curve.map(({ p, objective, bound }) => ({ sites: p, objective, bound: finite(bound) })),
      ...(report!.loads ? { standing: standingOf(laid, report!.loads) } : {}),
      hasReasons: reasons !== null,
    },
    notices: [...noticesOf(laid, []), ...(answer.solverFault ? [{ ...NOTICES.solverGaveUp(answer.solverFault), isFatal: false, count: 0, weight: null, places: [] }] : [])],
    unit: city.unit,
    counts: countsOf(laid),
    bands: city.bands,
  }
  const shapes = city.plots ? new Map((await listPlotShapes(db, cityId, sites.flatMap(({ id }) => id ?? []))).map(({ id, geometry }) => [id, geometry])) : null
  const squares = shapes ? null : await squaresOf(db, laid, answer.sites, numbers)
  return {
    result,
    drawing: {
      sites: sites.map(({ number, position, id }) => ({ number, position, geometry: (id === null ? squares?.get(number) : shapes?.get(id)) ?? null })),
      homes: drawHomes(laid, (home) => numbers.get(report!.servedBy[home]!) ?? (report!.servedBy[home] === 0 ? 0 : -1)),
      candidates: candidateSites(told).map((site) => placeOf(laid, site)),
    },
  }
}

/** What would stand on the chosen points of the lattice, by number of the site: a square of the size that decides the radius, or a point. */
async function squaresOf(db: Db, { told, city, srid }: Laid, chosen: readonly number[], numbers: ReadonlyMap<number, number>): Promise<Map<number, Geometry>> {
  const side = sideOf(city.lattice?.areaM2 ?? 0)
  const places = chosen.map((site) => told.candidateOf[site]! * 2).map((at) => [told.lattice![at]!, told.lattice![at + 1]!] as const)
  const rings = places.map(([x, y]) => (side > 0 ? squareRing(x, y, side) : [x, y]))
  const degrees = await toDegrees(db, srid, Float64Array.from(rings.flat()))
  const corners = side > 0 ? 5 : 1
  return new Map(chosen.map((site, index) => {
    const at = (place: number) => Math.round(degrees[place]! * 1e9) / 1e9
    const ring = Array.from({ length: corners }, (_value, corner) => [at((index * corners + corner) * 2), at((index * corners + corner) * 2 + 1)])
    return [numbers.get(site)!, side > 0 ? { type: 'Polygon', coordinates: [ring] } : { type: 'Point', coordinates: ring[0]! }]
  }))
}

/** Number in the table of each chosen site of the problem. */
function numbersOf(laid: Laid, sites: readonly SitingSite[], chosen: readonly number[]): Map<number, number> {
  const byPlace = new Map(sites.map(({ position, number }) => [position.join(' '), number]))
  return new Map(chosen.map((site) => [site, byPlace.get(placeOf(laid, site).join(' '))!]))
}

function drawHomes({ homes, city }: Laid, servedBy: (home: number) => number, all = [...city.ground.weights.keys()]): SitingDrawing['homes'] {
  const { weights } = city.ground
  const count = all.length
  const drawn = all.length > HOMES_DRAWN ? all.sort((a, b) => weights[b]! - weights[a]!).slice(0, HOMES_DRAWN).sort((a, b) => a - b) : all
  return { positions: drawn.flatMap((home) => positionAt(homes, home)), weights: drawn.map((home) => Math.round(weights[home]! * 100) / 100), servedBy: drawn.map(servedBy), isCut: drawn.length < count }
}

/** What is said of a question without a meaningful answer; drawn are the homes that nothing reaches. */
export function refusedOf(laid: Laid, issues: readonly SitingIssue[]): { result: SitingResult; drawing: SitingDrawing } {
  return {
    result: { answer: null, notices: noticesOf(laid, issues), unit: laid.city.unit, counts: countsOf(laid), bands: laid.city.bands },
    drawing: { sites: [], homes: drawHomes(laid, () => -1, [...laid.told.islands]), candidates: candidateSites(laid.told).map((site) => placeOf(laid, site)) },
  }
}
