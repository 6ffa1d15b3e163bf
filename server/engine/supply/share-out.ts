/** A city's supply per person in one piece: costs by either ruler, catchments, shares, how even they are, and the sums by unit. Runs in the computation thread. */
import { computeCovered, locatePoints } from '../membership.ts'
import { packWkb } from '../packed-geometry.ts'
import { type SparseCosts, TooManyPairsError } from '../sparse-costs.ts'
import { straightLineCosts } from '../straight-line-costs.ts'
import { sumOf } from '../sum.ts'
import { walkingCosts } from '../walking/walking-costs.ts'
import { footingOf, type GatesInput, type PathsInput, WalkingNetwork } from '../walking/walking-network.ts'
import { type DecayKernel, reachOf } from './decay.ts'
import { describeEquity, type Equity, isBelow } from './equity.ts'
import { computeSupply, type Conservation, weighCosts } from './floating-catchment.ts'

export interface WalkInput {
  paths: PathsInput
  gates: GatesInput
  homeToleranceMeters: number
  gateToleranceMeters: number
  pointToleranceMeters: number
  scrapShare: number
}

export interface ShareOutInput {
  /** Demands: x, y interleaved, metres. */
  points: Float64Array
  /** Those whose figures are told, and those who share the supply; the same unless another group shares it too. */
  people: Float64Array
  sharers: Float64Array
  facilities: Uint8Array[]
  /** What each offers; 0 where nothing is known of it. */
  capacities: Float64Array
  kernel: DecayKernel
  /** Null for the straight line. */
  walk: WalkInput | null
  /** Service radius of each facility by the official ruler, NaN where it does not count there; null where there is no such rule. */
  paperRadii: Float64Array | null
  /** Unit polygons, one list per level. */
  levels: Uint8Array[][]
  boundary: Uint8Array | null
  /** Leave demands outside the boundary out altogether: they neither share nor are told of. */
  clipToBoundary: boolean
  standard: number | null
  lorenzSteps: number
  maxPairs: number
}

/** Figures of the units of one level, side by side. */
export interface UnitFigures {
  people: Float64Array
  /** Σ people × supply per person. */
  amount: Float64Array
  below: Float64Array
  outOfReach: Float64Array
  servedOnPaper: Float64Array
  /** Served by the official ruler and below the standard here. */
  paperOnly: Float64Array
}

export interface SharedOut {
  pairs: number
  /** Of each demand. */
  perPerson: Float64Array
  /** 1 for demands that are counted. */
  isCounted: Uint8Array
  isOutOfReach: Uint8Array
  /** 0 on the network, 1 on a scrap of it, 2 off it; null by the straight line. */
  footing: Uint8Array | null
  isServedOnPaper: Uint8Array | null
  equity: Equity
  conservation: Conservation
  outOfReach: { demands: number; people: number }
  demandsWithoutPeople: number
  /** Of each supply: who reaches it, weighted, and what each of them gets of it (NaN where nobody does). */
  peopleInReach: Float64Array
  perSupply: Float64Array
  unused: { supplies: number[]; capacity: number }
  paper: { served: number; only: number } | null
  units: UnitFigures[]
  /** People outside the boundary; null where there is none. */
  outside: number | null
  walking: { nodes: number; edges: number; components: number; mainShare: number; isGatePlaced: Uint8Array; entries: Uint8Array; onScrap: number; offNetwork: number } | null
}

/** True where the catchment holds more pairs than may be kept. */
export type ShareOutAnswer = SharedOut | { isTooLarge: true }

interface Costs {
  costs: SparseCosts
  footing: Uint8Array | null
  walking: SharedOut['walking']
}

function costsOf({ points, facilities, kernel, walk, maxPairs }: ShareOutInput, people: Float64Array): Costs {
  const within = reachOf(kernel)
  if (!walk) return { costs: straightLineCosts(points, packWkb(facilities), within, maxPairs), footing: null, walking: null }
  const network = new WalkingNetwork(walk.paths, walk.scrapShare)
  const homes = network.placeHomes(points, walk.homeToleranceMeters)
  const gates = network.placeGates(walk.gates.points, walk, walk.gates.isPoint)
  const footing = footingOf(homes)
  const standing = (on: number) => sumOf(people.filter((_count, demand) => footing[demand] === on))
  const { graph } = network
  return {
    costs: walkingCosts(network, homes, gates, walk.gates.facility, facilities.length, within, maxPairs),
    footing,
    walking: {
      nodes: graph.inputNode.length, edges: graph.edgeFrom.length, components: graph.componentSize.length, mainShare: network.mainShare,
      isGatePlaced: Uint8Array.from(gates.snaps, (snap) => (snap && !snap.isScrap ? 1 : 0)), entries: network.entriesOf(gates, walk.gates.facility, facilities.length), onScrap: standing(1), offNetwork: standing(2),
    },
  }
}

function unitsOf({ points, levels, standard }: ShareOutInput, people: Float64Array, found: { perPerson: Float64Array; isOutOfReach: Uint8Array }, onPaper: Uint8Array | null): UnitFigures[] {
  return levels.map((shapes) => {
    const owners = locatePoints(points, packWkb(shapes))
    const figures: UnitFigures = { people: new Float64Array(shapes.length), amount: new Float64Array(shapes.length), below: new Float64Array(shapes.length), outOfReach: new Float64Array(shapes.length), servedOnPaper: new Float64Array(shapes.length), paperOnly: new Float64Array(shapes.length) }
    owners.forEach((unit, demand) => {
      const count = people[demand]!
      if (unit < 0 || count === 0) return
      const value = found.perPerson[demand]!
      const misses = standard !== null && isBelow(value, standard)
      figures.people[unit]! += count
      figures.amount[unit]! += count * value
      if (misses) figures.below[unit]! += count
      if (found.isOutOfReach[demand]) figures.outOfReach[unit]! += count
      if (onPaper?.[demand]) figures.servedOnPaper[unit]! += count
      if (onPaper?.[demand] && misses) figures.paperOnly[unit]! += count
    })
    return figures
  })
}

/**
 * Shares a city's supply out.
 * @throws RangeError for amounts or a kernel that are none, see `computeSupply` and `checkKernel`
 */
export function shareOut(input: ShareOutInput): ShareOutAnswer {
  const { points, facilities, capacities, kernel, paperRadii, standard } = input
  const inside = input.boundary ? locatePoints(points, packWkb([input.boundary])) : null
  const isCounted = Uint8Array.from({ length: points.length / 2 }, (_value, demand) => (inside && input.clipToBoundary && inside[demand]! < 0 ? 0 : 1))
  const counted = (amounts: Float64Array) => amounts.map((count, demand) => (isCounted[demand] ? count : 0))
  const people = counted(input.people)
  const sharers = counted(input.sharers)
  let found: Costs
  try {
    found = costsOf(input, people)
  } catch (error) {
    if (error instanceof TooManyPairsError) return { isTooLarge: true }
    throw error
  }
  const supply = computeSupply(weighCosts(found.costs, kernel), capacities, sharers)
  const onPaper = paperRadii && computeCovered(points, packWkb(facilities), paperRadii)
  const total = (takes: (demand: number) => boolean) => sumOf(people.filter((_count, demand) => takes(demand)))
  const misses = (demand: number) => standard !== null && isBelow(supply.perPerson[demand]!, standard)
  return {
    pairs: found.costs.column.length,
    perPerson: supply.perPerson, isCounted, isOutOfReach: supply.isOutOfReach, footing: found.footing, isServedOnPaper: onPaper,
    equity: describeEquity(supply.perPerson, people, { standard, lorenzSteps: input.lorenzSteps }),
    conservation: supply.conservation,
    outOfReach: { demands: supply.isOutOfReach.filter((out, demand) => out === 1 && people[demand]! > 0).length, people: total((demand) => supply.isOutOfReach[demand] === 1) },
    demandsWithoutPeople: people.filter((count, demand) => count === 0 && isCounted[demand] === 1).length,
    peopleInReach: supply.peopleInReach, perSupply: supply.perSupply, unused: supply.unused,
    paper: onPaper && { served: total((demand) => onPaper[demand] === 1), only: total((demand) => onPaper[demand] === 1 && misses(demand)) },
    units: unitsOf(input, people, supply, onPaper),
    outside: inside && sumOf(input.people.filter((_count, demand) => inside[demand]! < 0)),
    walking: found.walking,
  }
}
