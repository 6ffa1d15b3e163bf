/** A city's own siting problem: homes, what stands, and candidates in; costs by either ruler, and what an answer means for each home, out. Pure. */
import { measureLoads } from '../engine/siting/capacitated-cover.ts'
import { computeMembership } from '../engine/membership.ts'
import { countOf, packPoints, packSquares, packWkb } from '../engine/packed-geometry.ts'
import type { SitingMethod, SitingProblem, SitingQuestion } from '../engine/siting/problem.ts'
import type { SparseCosts } from '../engine/sparse-costs.ts'
import { straightLineCosts } from '../engine/straight-line-costs.ts'
import { Sum, sumOf } from '../engine/sum.ts'
import { type Lattice, latticeAmong, type Obstacles } from './lattice.ts'
import { ENTRY } from '../engine/walking/walking-network.ts'
import { refuseTooMany, type Standing, Walkers, type WalkingTerms } from './walkers.ts'

export interface SitingGround {
  method: SitingMethod
  /** Metres up to which p-median and p-center look; the coverings look as far as each site's radius. */
  reachMeters: number
  /** x, y interleaved, metres, of homes with weight. */
  points: Float64Array
  weights: Float64Array
  /** Facilities that count, with the radius of each. */
  standing: { shapes: Uint8Array[]; radii: Float64Array }
  /** Plots, or the lattice to be laid among homes that nothing serves. */
  candidates: { from: 'plots'; shapes: Uint8Array[]; radii: Float64Array } | { from: 'lattice'; spacingMeters: number; radiusMeters: number; /** Of the square that would stand there; 0 for a point. */ sideMeters: number; obstacles: Obstacles[] }
  /** People that each place can serve: candidates (one figure for a lattice), and what stands, as its shapes; null where nothing is limited. */
  capacities: { candidates: Float64Array; standing: Float64Array } | null
  /** What building on each candidate costs; one figure for a lattice; null where nobody asks. */
  siteCosts: Float64Array | null
  walking: WalkingTerms | null
  unservedOnly: boolean
  leavesOutIslands: boolean
}

export interface CityProblem {
  problem: SitingProblem
  /** Home of each demand, candidate of each site; −1 for what stands: one site in all, or the places themselves where they are limited. */
  homeOf: Uint32Array
  candidateOf: Int32Array
  /** Place among what stands of each site; −1 for candidates, and where all that stands is one. */
  standingOf: Int32Array
  /** How each candidate and each place that stands is entered, one of `ENTRY`, where the ruler walks; candidates that cannot be entered are no sites. */
  entries: { candidates: Uint8Array; standing: Uint8Array } | null
  /** Homes that neither stand nor candidate reaches, homes beside no path, and homes on a scrap of the network. */
  islands: number[]
  homesOffNetwork: number[]
  homesOnScrap: number[]
  radii: Float64Array
  /** x, y interleaved, of a lattice. */
  lattice: Float64Array | null
  /** Squares of the lattice without room, by reason. */
  putAside: Lattice['putAside']
  standing: Standing
}

function standingStraight({ points, standing }: SitingGround): Standing {
  const { covered, distance } = computeMembership(points, packWkb(standing.shapes), standing.radii)
  return { meters: distance, isServed: covered }
}

/** Which homes take part, and which of them nothing reaches. */
function takePart({ method, unservedOnly, leavesOutIslands, weights }: SitingGround, standing: Standing, isReached: (home: number) => boolean): { homes: number[]; islands: number[] } {
  const asked = [...weights.keys()].filter((home) => !unservedOnly || standing.isServed[home] === 0)
  const islands = asked.filter((home) => !isReached(home))
  // Maximal covering serves whom it can; the others have to serve everybody.
  const isLeftOut = method !== 'mclp' && leavesOutIslands
  return { homes: isLeftOut ? asked.filter(isReached) : asked, islands }
}

/** Figures of candidates: one for a whole lattice. */
const figureOf = (figures: Float64Array, candidate: number) => figures[figures.length === 1 ? 0 : candidate]!

/** Limits of what stands: none for what does not count. */
const limitsOf = (radii: Float64Array) => radii.map((radius) => (Number.isNaN(radius) ? -1 : radius))

/** Lays out the problem: all that stands is one site, since only the nearest of it matters, unless each place has a capacity of its own. @throws GroundTooLarge */
export function makeCityProblem(ground: SitingGround): CityProblem {
  const { method, points, weights, candidates, walking, reachMeters } = ground
  const isCover = method === 'lscp' || method === 'mclp'
  const walkers = walking && new Walkers(walking, points)
  const walked = walkers && walkers.standing(ground.standing, reachMeters)
  const standing: Standing = walked ? { meters: walked.meters, isServed: walked.isServed } : standingStraight(ground)
  const unserved = Float64Array.from([...weights.keys()].filter((home) => standing.isServed[home] === 0).flatMap((home) => [points[home * 2]!, points[home * 2 + 1]!]))
  const laid = candidates.from === 'lattice' ? latticeAmong(unserved, candidates.spacingMeters, candidates.sideMeters, candidates.obstacles) : null
  const lattice = laid && laid.points
  const shapes = candidates.from === 'lattice' ? (candidates.sideMeters > 0 ? packSquares(lattice!, candidates.sideMeters) : packPoints(lattice!)) : packWkb(candidates.shapes)
  const radii = candidates.from === 'lattice' ? new Float64Array(countOf(shapes)).fill(candidates.radiusMeters) : candidates.radii
  const limits = isCover ? radii : new Float64Array(radii.length).fill(reachMeters)
  const { costs, entries } = walkers
    ? walkers.costs(shapes, limits)
    : { costs: within(straightLineCosts(points, shapes, Math.max(0, ...limits)), limits), entries: null }
  const own = ground.capacities && limitsOf(ground.standing.radii)
  const standingCosts = own && (walkers ? walkers.standingCosts(own) : within(straightLineCosts(points, packWkb(ground.standing.shapes), Math.max(0, ...own)), own))
  const counted = own ? [...own.keys()].filter((place) => own[place]! >= 0) : [-1]
  const placeOf = new Int32Array(own?.length ?? 0).fill(-1)
  if (own) counted.forEach((place, index) => (placeOf[place] = index))
  const isNear = (home: number) => (isCover ? standing.isServed[home] === 1 : standing.meters[home]! <= reachMeters)
  const { homes, islands } = takePart(ground, standing, (home) => isNear(home) || costs.start[home + 1]! > costs.start[home]!)

  const kept = [...radii.keys()].filter((candidate) => !entries || entries[candidate] === ENTRY.entered)
  const siteOf = new Int32Array(radii.length).fill(-1)
  kept.forEach((candidate, index) => (siteOf[candidate] = counted.length + index))
  const start = new Uint32Array(homes.length + 1)
  const column: number[] = []
  const value: number[] = []
  homes.forEach((home, row) => {
    if (standingCosts) {
      for (let at = standingCosts.start[home]!; at < standingCosts.start[home + 1]!; at += 1) {
        column.push(placeOf[standingCosts.column[at]!]!)
        value.push(standingCosts.value[at]!)
      }
    } else if (isNear(home)) {
      column.push(0)
      value.push(standing.meters[home]!)
    }
    for (let at = costs.start[home]!; at < costs.start[home + 1]!; at += 1) {
      column.push(siteOf[costs.column[at]!]!)
      value.push(costs.value[at]!)
    }
    start[row + 1] = column.length
  })
  const { siteCosts, capacities } = ground
  const siteCount = counted.length + kept.length
  return {
    problem: {
      costs: { rowCount: homes.length, columnCount: siteCount, start, column: Uint32Array.from(column), value: Float64Array.from(value) },
      weights: Float64Array.from(homes, (home) => weights[home]!),
      existing: Uint8Array.from({ length: siteCount }, (_value, site) => (site < counted.length ? 1 : 0)),
      siteCosts: siteCosts && Float64Array.from({ length: siteCount }, (_value, site) => (site < counted.length ? 0 : figureOf(siteCosts, kept[site - counted.length]!))),
      capacities: capacities && Float64Array.from({ length: siteCount }, (_value, site) => (site < counted.length ? capacities.standing[counted[site]!]! : figureOf(capacities.candidates, kept[site - counted.length]!))),
    },
    homeOf: Uint32Array.from(homes),
    candidateOf: Int32Array.from([...counted.map(() => -1), ...kept]),
    standingOf: Int32Array.from([...counted, ...kept.map(() => -1)]),
    entries: entries && walked && { candidates: entries, standing: walked.entries },
    islands,
    homesOffNetwork: walkers ? [...weights.keys()].filter((home) => !walkers.homes.snaps[home]) : [],
    homesOnScrap: walkers ? [...weights.keys()].filter((home) => walkers.homes.snaps[home]?.isScrap) : [],
    radii,
    lattice,
    putAside: laid?.putAside ?? [],
    standing,
  }
}

/** Keeps pairs within the limit of their candidate. */
function within(costs: SparseCosts, limits: Float64Array): SparseCosts {
  refuseTooMany(costs.column.length)
  const start = new Uint32Array(costs.rowCount + 1)
  const column = new Uint32Array(costs.column.length)
  const value = new Float64Array(costs.column.length)
  let place = 0
  for (let row = 0; row < costs.rowCount; row += 1) {
    for (let at = costs.start[row]!; at < costs.start[row + 1]!; at += 1) {
      if (costs.value[at]! > limits[costs.column[at]!]!) continue
      column[place] = costs.column[at]!
      value[place] = costs.value[at]!
      place += 1
    }
    start[row + 1] = place
  }
  return { ...costs, start, column: column.slice(0, place), value: value.slice(0, place) }
}

export interface ServedFigures {
  /** Weight of homes within the radius of something that counts. */
  weight: number
  /** Way to the nearest by weight, and the farthest, of homes that reach one; null where none does. */
  meanMeters: number | null
  greatestMeters: number | null
}

export interface CityReport {
  /** Of every home: site of the problem that serves it (0 for all that stands), −1 for none. */
  servedBy: Int32Array
  before: ServedFigures
  after: ServedFigures
  /** Weight that each site of the problem serves; null where nothing is limited. */
  loads: Float64Array | null
}

function figuresOf(weights: Float64Array, homes: Iterable<number>, isServed: Uint8Array, meters: Float64Array): ServedFigures {
  const [weight, reached, walked] = [new Sum(), new Sum(), new Sum()]
  let greatest = -Infinity
  for (const home of homes) {
    if (isServed[home] === 1) weight.add(weights[home]!)
    if (meters[home] === Infinity) continue
    reached.add(weights[home]!)
    walked.add(weights[home]! * meters[home]!)
    greatest = Math.max(greatest, meters[home]!)
  }
  return { weight: weight.value, meanMeters: reached.value > 0 ? walked.value / reached.value : null, greatestMeters: Number.isFinite(greatest) ? greatest : null }
}

/** What an answer means for every home: the nearest that is open serves it. Homes that took no part keep what stands. */
export function reportOf(ground: SitingGround, city: CityProblem, question: SitingQuestion, sites: readonly number[]): CityReport {
  const { problem, homeOf, standing, radii, candidateOf } = city
  const isCover = question.method === 'lscp' || question.method === 'mclp'
  const limit = isCover ? Infinity : ground.reachMeters
  const before = Float64Array.from(standing.meters, (meters) => (meters <= limit ? meters : Infinity))
  const meters = before.slice()
  const isServed = standing.isServed.slice()
  const servedBy = Int32Array.from(before, (distance, home) => ((isCover ? standing.isServed[home] === 1 : distance < Infinity) ? 0 : -1))
  const isOpen = new Uint8Array(problem.costs.columnCount)
  for (const site of sites) isOpen[site] = 1
  homeOf.forEach((home, row) => {
    for (let at = problem.costs.start[row]!; at < problem.costs.start[row + 1]!; at += 1) {
      const site = problem.costs.column[at]!
      if (isOpen[site] === 0) continue
      const value = problem.costs.value![at]!
      if (value <= radii[candidateOf[site]!]!) isServed[home] = 1
      if (servedBy[home]! >= 0 && value >= meters[home]!) continue
      servedBy[home] = site
      meters[home] = Math.min(meters[home]!, value)
    }
  })
  const homes = [...ground.weights.keys()]
  if (problem.capacities) return limitedReport(city, question, sites, { before: figuresOf(ground.weights, homes, standing.isServed, before), after: figuresOf(ground.weights, homes, isServed, meters) })
  return { loads: null, servedBy, before: figuresOf(ground.weights, homes, standing.isServed, before), after: figuresOf(ground.weights, homes, isServed, meters) }
}

/** Where places are limited whoever is served is served within their capacities; ways are to the nearest all the same. */
function limitedReport({ problem, homeOf, candidateOf, standing }: CityProblem, question: SitingQuestion, sites: readonly number[], { before, after }: Pick<CityReport, 'before' | 'after'>): CityReport {
  const [alone, found] = [measureLoads(problem, question.radius, []), measureLoads(problem, question.radius, sites)]
  const servedBy = new Int32Array(standing.isServed.length).fill(-1)
  homeOf.forEach((home, row) => {
    const site = found.siteOf[row]!
    servedBy[home] = site >= 0 && candidateOf[site]! < 0 ? 0 : site
  })
  return { servedBy, loads: found.loads, before: { ...before, weight: sumOf([...alone.loads]) }, after: { ...after, weight: sumOf([...found.loads]) } }
}

/** Weight of some homes. */
export function weightOf(weights: Float64Array, homes: readonly number[]): number {
  return sumOf(homes.map((home) => weights[home]!))
}
