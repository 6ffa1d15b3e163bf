/** Whom the parks of many rules reach, by the straight line and on foot, over the same homes. Runs in the computation thread. */
import { computeCovered, locatePoints } from '../engine/membership.ts'
import { NetworkSearch } from '../engine/network/search.ts'
import { packWkb } from '../engine/packed-geometry.ts'
import { FOOTING, footingOf, type GatesInput, gateSources, type GateTolerances, type PathsInput, WalkingNetwork, walksOf } from '../engine/walking/walking-network.ts'

export interface ReachInput {
  facilities: Uint8Array[]
  /** Radius of each facility (NaN: it does not count), by which ruler, and which of the weights it sums, for each measure. */
  measures: { radii: Float64Array; ruler: 'straight' | 'walk'; weighing: number }[]
  /** x, y interleaved, metres. */
  points: Float64Array
  /** Those who have to be within reach at each point, group by group; the first is the one whose footing is told. */
  weights: Float64Array[]
  /** Homes outside it are not counted; null: everywhere. */
  scope: Uint8Array | null
  /** Unit polygons, one list per level. */
  levels: Uint8Array[][]
  walk: ({ paths: PathsInput; gates: GatesInput; homeToleranceMeters: number; scrapShare: number } & GateTolerances) | null
}

export interface ReachOutput {
  /** 1 for homes that are counted. */
  counted: Uint8Array
  /** Of each of the weights: all of them, and those of every unit, for each level. */
  totals: { people: number; units: Float64Array[] }[]
  /** Of each measure; a walk without a network has none. */
  measures: ({ covered: Uint8Array; people: number; units: Float64Array[] } | null)[]
  /** People beside no path at all, and on a scrap of the network; null without a walk. */
  footing: { offNetwork: number; onScrap: number } | null
  /** How each facility is entered, one of `ENTRY`; null without a walk. */
  entries: Uint8Array | null
}

/** Sums people over homes that a test takes in, by unit too. */
function sumPeople(weights: Float64Array, owners: readonly Int32Array[], unitCounts: readonly number[], takes: (point: number) => boolean): { people: number; units: Float64Array[] } {
  const units = unitCounts.map((count) => new Float64Array(count))
  let sum = 0
  weights.forEach((weight, point) => {
    if (!takes(point)) return
    sum += weight
    owners.forEach((owner, level) => {
      if (owner[point]! >= 0) units[level]![owner[point]!]! += weight
    })
  })
  return { people: sum, units }
}

/** Says for a radius per facility which homes are within the walk. */
function walker({ walk, points, facilities }: ReachInput): { cover(radii: Float64Array): Uint8Array; footing: Uint8Array; entries: Uint8Array } | null {
  if (!walk) return null
  const network = new WalkingNetwork(walk.paths, walk.scrapShare)
  const homes = network.placeHomes(points, walk.homeToleranceMeters)
  const entered = network.placeGates(walk.gates.points, walk, walk.gates.isPoint)
  const search = new NetworkSearch(network.graph)
  return {
    footing: footingOf(homes),
    entries: network.entriesOf(entered, walk.gates.facility, facilities.length),
    cover(radii) {
      const covered = new Uint8Array(points.length / 2)
      // Facilities of one radius are searched from together.
      for (const radius of new Set(radii)) {
        if (Number.isNaN(radius)) continue
        const { owner } = walksOf(search.run(gateSources(entered, walk.gates.facility, (facility) => radii[facility] === radius), radius), homes, radius)
        owner.forEach((of, home) => of >= 0 && (covered[home] = 1))
      }
      return covered
    },
  }
}

/** Whom each measure reaches, with sums by unit. */
export function reachByRules(input: ReachInput): ReachOutput {
  const { points, weights, measures } = input
  const inside = input.scope ? locatePoints(points, packWkb([input.scope])) : null
  const counted = Uint8Array.from({ length: points.length / 2 }, (_value, point) => (inside === null || inside[point]! >= 0 ? 1 : 0))
  const owners = input.levels.map((units) => locatePoints(points, packWkb(units)))
  const unitCounts = input.levels.map((units) => units.length)
  const facilities = packWkb(input.facilities)
  const walks = walker(input)
  const standing = (footing: number) => sumPeople(weights[0]!, [], [], (point) => counted[point] === 1 && walks?.footing[point] === footing).people
  return {
    counted,
    totals: weights.map((of) => sumPeople(of, owners, unitCounts, (point) => counted[point] === 1)),
    measures: measures.map(({ radii, ruler, weighing }) => {
      const covered = ruler === 'straight' ? computeCovered(points, facilities, radii) : walks?.cover(radii)
      return covered ? { covered, ...sumPeople(weights[weighing]!, owners, unitCounts, (point) => counted[point] === 1 && covered[point] === 1) } : null
    }),
    entries: walks && walks.entries,
    footing: walks && { offNetwork: standing(FOOTING.none), onScrap: standing(FOOTING.scrap) },
  }
}
