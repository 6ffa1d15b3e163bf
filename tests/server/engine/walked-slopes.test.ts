/** Slopes as coverage, supply and siting walk them: one way to the facility, the same metres of level ground in all three. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NetworkSearch } from '../../../server/engine/network/search.ts'
import { walkingMinutes } from '../../../server/engine/network/walking-cost.ts'
import { polygonWkb } from '../../../server/engine/packed-geometry.ts'
import type { SparseCosts } from '../../../server/engine/sparse-costs.ts'
import type { DecayKernel } from '../../../server/engine/supply/decay.ts'
import { shareOut, type SharedOut } from '../../../server/engine/supply/share-out.ts'
import { walkingCosts } from '../../../server/engine/walking/walking-costs.ts'
import { gateSources, type PathsInput, WalkingNetwork, walksOf } from '../../../server/engine/walking/walking-network.ts'
import { Walkers } from '../../../server/siting/walkers.ts'
import { line, square } from './shapes.ts'

const SIDE = 5
const at = (node: number): [number, number] => [(node % SIDE) * 100, Math.floor(node / SIDE) * 100]
const LINKS = Array.from({ length: SIDE * SIDE }, (_value, node) => [...(node % SIDE < SIDE - 1 ? [[node, node + 1] as const] : []), ...(node < SIDE * (SIDE - 1) ? [[node, node + SIDE] as const] : [])]).flat()
const TOBLER = { decay: 3.5, easiest: 0.05 }
const TOLERANCES = { gateToleranceMeters: 30, pointToleranceMeters: 60 }
const FACILITIES = 3

interface Town {
  links: (readonly [number, number])[]
  /** Rise over length of each link of the grid. */
  slopes: number[]
  gates: { node: number; facility: number }[]
  homes: { node: number; people: number }[]
  within: number
}
const aTown = (slope: fc.Arbitrary<number>): fc.Arbitrary<Town> =>
  fc.record({
    links: fc.subarray(LINKS, { minLength: 20 }),
    slopes: fc.array(slope, { minLength: LINKS.length, maxLength: LINKS.length }),
    gates: fc.array(fc.record({ node: fc.nat(SIDE * SIDE - 1), facility: fc.nat(FACILITIES - 1) }), { minLength: 1, maxLength: 6 }),
    homes: fc.array(fc.record({ node: fc.nat(SIDE * SIDE - 1), people: fc.integer({ min: 1, max: 90 }) }), { minLength: 1, maxLength: 15 }),
    within: fc.integer({ min: 80, max: 900 }),
  })
const anySlope = fc.double({ min: -0.4, max: 0.4, noNaN: true })

function pathsOf({ links, slopes }: Town): PathsInput {
  const lengthMeters = new Float64Array(links.length).fill(100)
  const { costForward, costBackward } = walkingMinutes({ lengthMeters, riseMeters: Float64Array.from(links, (link) => slopes[LINKS.indexOf(link)]! * 100) }, { metersPerMinute: 1, slope: TOBLER })
  return { ...levelPathsOf(links), impedance: { toLast: costForward, toFirst: costBackward } }
}

function levelPathsOf(links: Town['links']): PathsInput {
  return { from: Uint32Array.from(links, ([from]) => from), to: Uint32Array.from(links, ([, to]) => to), nodeCount: SIDE * SIDE, lengthMeters: new Float64Array(links.length).fill(100), courses: links.map(([from, to]) => line([at(from), at(to)])), isBridge: new Uint8Array(links.length) }
}

/** Walks from every node to every other, by Floyd and Warshall. */
function everyWalk({ links }: Town, { impedance }: PathsInput): number[][] {
  const walk = Array.from({ length: SIDE * SIDE }, (_row, from) => Array.from({ length: SIDE * SIDE }, (_cell, to) => (from === to ? 0 : Infinity)))
  links.forEach(([from, to], edge) => {
    walk[from]![to] = impedance!.toLast[edge]!
    walk[to]![from] = impedance!.toFirst[edge]!
  })
  for (let by = 0; by < walk.length; by += 1) for (const row of walk) for (let to = 0; to < walk.length; to += 1) row[to] = Math.min(row[to]!, row[by]! + walk[by]![to]!)
  return walk
}

const pointsOf = (places: readonly { node: number }[]) => Float64Array.from(places.flatMap(({ node }) => at(node)))
const gatesOf = (town: Town) => ({ points: pointsOf(town.gates), facility: Uint32Array.from(town.gates, ({ facility }) => facility), isPoint: new Uint8Array(town.gates.length) })
const pairsOf = (costs: SparseCosts) => Array.from({ length: costs.rowCount }, (_value, home) => Array.from({ length: costs.start[home + 1]! - costs.start[home]! }, (_pair, place) => [`${home} ${costs.column[costs.start[home]! + place]!}`, costs.value[costs.start[home]! + place]!] as const)).flat().sort(([a], [b]) => (a < b ? -1 : 1))

test('supply and siting walk each pair alike, as far as from the home to the nearest gate, and to the nearest facility as coverage does', () => {
  fc.assert(
    fc.property(aTown(anySlope), (town) => {
      const paths = pathsOf(town)
      const network = new WalkingNetwork(paths, 0)
      const homes = network.placeHomes(pointsOf(town.homes), 20)
      const gates = gatesOf(town)
      const entered = network.placeGates(gates.points, TOLERANCES, gates.isPoint)
      const ofSupply = pairsOf(walkingCosts(network, homes, entered, gates.facility, FACILITIES, town.within))
      const walkers = new Walkers({ paths, gates, homeToleranceMeters: 20, ...TOLERANCES, openEdgeSpacingMeters: 50, scrapShare: 0 }, pointsOf(town.homes))
      expect(pairsOf(walkers.standingCosts(new Float64Array(FACILITIES).fill(town.within)))).toEqual(ofSupply)
      const known = new Map(ofSupply)
      const { meters } = walksOf(new NetworkSearch(network.graph).run(gateSources(entered, gates.facility, () => true), town.within), homes, town.within)
      const walk = everyWalk(town, paths)
      town.homes.forEach((home, row) => {
        const own = Array.from({ length: FACILITIES }, (_value, facility) => known.get(`${row} ${facility}`) ?? Infinity)
        expect(meters[row]).toBe(Math.min(...own))
        own.forEach((cost, facility) => {
          // Homes and gates off the network have no walks.
          if (!homes.snaps[row]) return expect(cost).toBe(Infinity)
          const ways = town.gates.flatMap((gate, index) => (gate.facility === facility && entered.snaps[index] && !entered.snaps[index].isScrap ? [walk[home.node]![gate.node]!] : []))
          const due = Math.min(Infinity, ...ways)
          if (Math.abs(due - town.within) < 1e-6) return
          if (due > town.within) expect(cost).toBe(Infinity)
          else expect(cost).toBeCloseTo(due, 5)
        })
      })
    }),
  )
})

const KERNELS: readonly ((within: number) => DecayKernel)[] = [(within) => ({ kind: 'step', within }), (within) => ({ kind: 'gaussian', within }), (within) => ({ kind: 'stepped', zones: [{ upTo: within / 3, weight: 1 }, { upTo: (within / 3) * 2, weight: 0.68 }, { upTo: within, weight: 0.22 }] })]

function shared(town: Town, paths: PathsInput, kernel: DecayKernel): SharedOut {
  const people = Float64Array.from(town.homes, (home) => home.people)
  const answer = shareOut({
    points: pointsOf(town.homes), people, sharers: people, facilities: Array.from({ length: FACILITIES }, (_value, facility) => polygonWkb([square(facility * 100, 0, 10)])), capacities: Float64Array.of(1000, 250, 4321.5),
    kernel, walk: { paths, gates: gatesOf(town), homeToleranceMeters: 20, ...TOLERANCES, scrapShare: 0 }, paperRadii: null, levels: [], boundary: null, clipToBoundary: false, standard: 8, lorenzSteps: 10, maxPairs: Infinity,
  })
  if ('isTooLarge' in answer) throw new Error('too large')
  return answer
}

test('nothing is lost of what is shared out on hills; on the plain it is shared out as without slopes', () => {
  fc.assert(
    fc.property(aTown(anySlope), fc.constantFrom(...KERNELS), (town, kernelOf) => {
      const kernel = kernelOf(town.within)
      const { conservation } = shared(town, pathsOf(town), kernel)
      expect(conservation.relativeDifference ?? 0).toBeLessThanOrEqual(1e-9)
      expect(shared(town, pathsOf({ ...town, slopes: town.slopes.map(() => 0) }), kernel)).toEqual(shared(town, levelPathsOf(town.links), kernel))
    }),
  )
})

test('steeper never brings anybody within reach, once a way is steep enough to be no help downhill', () => {
  const steep = fc.tuple(fc.double({ min: 0.05, max: 0.4, noNaN: true }), fc.boolean()).map(([slope, isDown]) => (isDown ? -slope : slope))
  fc.assert(
    fc.property(aTown(steep), fc.double({ min: 1, max: 3, noNaN: true }), (town, factor) => {
      const kernel: DecayKernel = { kind: 'step', within: town.within }
      const [before, after] = [shared(town, pathsOf(town), kernel), shared(town, pathsOf({ ...town, slopes: town.slopes.map((slope) => slope * factor) }), kernel)]
      expect(after.pairs).toBeLessThanOrEqual(before.pairs)
      after.peopleInReach.forEach((people, facility) => expect(people).toBeLessThanOrEqual(before.peopleInReach[facility]!))
      expect(after.outOfReach.people).toBeGreaterThanOrEqual(before.outOfReach.people)
    }),
  )
})
