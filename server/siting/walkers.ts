/** Homes, what stands and candidates of a siting problem over the walking network: who is served, and what each candidate costs each home. Pure. */
import { PositionsByEdge } from '../engine/network/positions.ts'
import { improvedPositions } from '../engine/network/reach.ts'
import { NetworkSearch } from '../engine/network/search.ts'
import { countOf, isPointLike, type PackedGeometries } from '../engine/packed-geometry.ts'
import { type SparseCosts, sparseCostsFrom } from '../engine/sparse-costs.ts'
import { BoundaryGates } from '../engine/walking/boundary-gates.ts'
import { type GatesInput, gateSources, type PathsInput, type Placed, WalkingNetwork, walksOf } from '../engine/walking/walking-network.ts'

/** More pairs than this are not worked with: some hundreds of megabytes. */
export const MOST_PAIRS = 20_000_000

/** Too much for one question; `said` in both languages. */
export class GroundTooLarge extends Error {}

export interface WalkingTerms {
  paths: PathsInput
  /** Gates of what stands. */
  gates: GatesInput
  homeToleranceMeters: number
  gateToleranceMeters: number
  pointToleranceMeters: number
  openEdgeSpacingMeters: number
  scrapShare: number
}

/** How far homes are from what stands. */
export interface Standing {
  meters: Float64Array
  isServed: Uint8Array
}

/** @throws GroundTooLarge */
export function refuseTooMany(pairs: number): void {
  if (pairs > MOST_PAIRS) throw new GroundTooLarge(`候选点与住处的组合超过 ${MOST_PAIRS / 1e6} 百万对：请缩小查找距离、加大格点间距或筛选候选点。More than ${MOST_PAIRS / 1e6} million pairs of candidate and home: look less far, space the lattice wider, or filter the candidates.`)
}

/** The paths, homes and search of a walking question. */
export class Walkers {
  readonly network: WalkingNetwork
  readonly homes: Placed
  readonly #search: NetworkSearch
  readonly #byEdge: PositionsByEdge
  readonly #far: { distance: Float64Array; owner: Int32Array }
  readonly #terms: WalkingTerms

  constructor(terms: WalkingTerms, points: Float64Array) {
    this.#terms = terms
    this.network = new WalkingNetwork(terms.paths, terms.scrapShare)
    this.homes = this.network.placeHomes(points, terms.homeToleranceMeters)
    this.#search = new NetworkSearch(this.network.graph)
    this.#byEdge = new PositionsByEdge(this.homes, this.network.graph.edgeFrom.length)
    this.#far = { distance: new Float64Array(this.homes.edge.length).fill(Infinity), owner: new Int32Array(this.homes.edge.length).fill(-1) }
  }

  standing({ radii }: { radii: Float64Array }, reachMeters: number): Standing & { /** How each place is entered, one of `ENTRY`. */ entries: Uint8Array } {
    const { gates } = this.#terms
    const entered = this.network.placeGates(gates.points, this.#terms, gates.isPoint)
    const walk = (takes: (facility: number) => boolean, limit: number) => {
      return walksOf(this.#search.run(gateSources(entered, gates.facility, takes), limit), this.homes, limit)
    }
    const isServed = new Uint8Array(this.homes.snaps.length)
    const limits = [...new Set(radii)].filter((radius) => !Number.isNaN(radius))
    for (const radius of limits) walk((facility) => radii[facility] === radius, radius).owner.forEach((owner, home) => owner >= 0 && (isServed[home] = 1))
    return { meters: walk((facility) => !Number.isNaN(radii[facility]!), Math.max(reachMeters, ...limits)).meters, isServed, entries: this.network.entriesOf(entered, gates.facility, radii.length) }
  }

  /** Where a candidate would be entered, once it is built: as a drawn place of a scenario is. */
  #gatesOf(shapes: PackedGeometries): GatesInput {
    const boundary = new BoundaryGates(this.network.lines, this.#terms.paths.isBridge)
    const own = Array.from({ length: countOf(shapes) }, (_value, candidate) => boundary.of(shapes, candidate, this.#terms.openEdgeSpacingMeters))
    return { points: Float64Array.from(own.flatMap((points) => [...points])), facility: Uint32Array.from(own.flatMap((points, candidate) => Array.from({ length: points.length / 2 }, () => candidate))), isPoint: Uint8Array.from(own.flatMap((points, candidate) => Array.from({ length: points.length / 2 }, () => (isPointLike(shapes, candidate) ? 1 : 0)))) }
  }

  /** Walks from the gates of each candidate to the homes within its limit. */
  costs(shapes: PackedGeometries, limits: Float64Array): { costs: SparseCosts; entries: Uint8Array } {
    return this.#costsFrom(this.#gatesOf(shapes), limits)
  }

  /** Walks from the gates of each place that stands to the homes within its limit. */
  standingCosts(limits: Float64Array): SparseCosts {
    return this.#costsFrom(this.#terms.gates, limits).costs
  }

  #costsFrom(entrances: GatesInput, limits: Float64Array): { costs: SparseCosts; entries: Uint8Array } {
    const entered = this.network.placeGates(entrances.points, this.#terms, entrances.isPoint)
    const gatesOf = new Map<number, number[]>()
    entered.row.forEach((gate, at) => {
      const owner = entrances.facility[gate]!
      const known = gatesOf.get(owner)
      if (known) known.push(at)
      else gatesOf.set(owner, [at])
    })
    const [home, site, cost]: [number[], number[], number[]] = [[], [], []]
    limits.forEach((limit, candidate) => {
      const gates = gatesOf.get(candidate)
      if (!gates) return
      const sources = { edge: Uint32Array.from(gates, (at) => entered.edge[at]!), fraction: Float64Array.from(gates, (at) => entered.fraction[at]!), owner: new Uint32Array(gates.length), start: Float64Array.from(gates, (at) => entered.start[at]!) }
      const found = improvedPositions(this.#search.run(sources, limit), this.#byEdge, this.#far)
      found.position.forEach((position, at) => {
        const row = this.homes.row[position]!
        const walked = found.distance[at]! + this.homes.way[position]!
        if (walked > limit) return
        home.push(row)
        site.push(candidate)
        cost.push(walked)
      })
      refuseTooMany(cost.length)
    })
    return { costs: sparseCostsFrom(this.homes.snaps.length, limits.length, home, site, cost).costs, entries: this.network.entriesOf(entered, entrances.facility, limits.length) }
  }
}
