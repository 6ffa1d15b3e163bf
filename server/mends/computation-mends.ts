/** The pure part of mends: a city in typed arrays in, ranked mends out. Runs in the computation thread. */
import { type Candidates, type CandidateSettings, crossingCandidates, gateCandidates, joinCandidates, siteCandidates, UnservedPeople } from '../engine/mends/candidates.ts'
import { findMends, type MendAnswer, type MendQuestion } from '../engine/mends/find-mends.ts'
import { effortOf, type MendEdit, type MendEfforts } from '../engine/mends/mend.ts'
import { StraightMendGround } from '../engine/mends/straight-ground.ts'
import { WalkingMendGround } from '../engine/mends/walking-ground.ts'
import { locatePoints } from '../engine/membership.ts'
import { packWkb } from '../engine/packed-geometry.ts'
import { FOOTING, footingOf, type GatesInput, type PathsInput } from '../engine/walking/walking-network.ts'
import type { MendKind } from '../contract/mends.ts'

export interface SitesInput {
  shapes: Uint8Array[]
  /** NaN where it would not count. */
  radii: Float64Array
  gates: Float64Array[]
  areasM2: Float64Array
}

export interface MendsInput {
  /** Null for the straight ruler. */
  walking: {
    paths: PathsInput
    gates: GatesInput
    isOpenAllRound: Uint8Array
    barriers: Uint8Array[]
    homeToleranceMeters: number
    gateToleranceMeters: number
    pointToleranceMeters: number
    scrapShare: number
  } | null
  facilities: Uint8Array[]
  radii: Float64Array
  plots: SitesInput
  shut: SitesInput
  points: Float64Array
  /** What is asked after with each home, and the people in it. */
  weights: Float64Array
  people: Float64Array
  boundary: Uint8Array | null
  clipToBoundary: boolean
  spots: Uint8Array[]
  settings: CandidateSettings & Pick<MendQuestion, 'listed' | 'turns' | 'turnsFrom' | 'apartMeters'>
  efforts: MendEfforts
}

export interface MendsOutput extends Omit<MendAnswer, 'gaining'> {
  kinds: { kind: MendKind; found: number; computed: number; gaining: number; leftOut: Candidates['leftOut'] }[]
  unserved: { gain: number; people: number; homes: number }
  /** How each facility is entered, one of `ENTRY`, and what is asked after on scraps and beside no path; null by the straight line. */
  walking: { entries: Uint8Array; onScrap: number; offNetwork: number } | null
}

/** Weights of what is counted; 0 for homes outside the boundary where those are left out. */
function countedOf(input: MendsInput, weights: Float64Array): Float64Array {
  if (!input.boundary || !input.clipToBoundary) return weights
  const inside = locatePoints(input.points, packWkb([input.boundary]))
  return weights.map((weight, home) => (inside[home]! < 0 ? 0 : weight))
}

function standingOn(footing: Uint8Array, weights: Float64Array): { onScrap: number; offNetwork: number } {
  const on = (kind: number) => weights.reduce((sum, weight, home) => (footing[home] === kind ? sum + weight : sum), 0)
  return { onScrap: on(FOOTING.scrap), offNetwork: on(FOOTING.none) }
}

/** Mends of a city, each gain by the run of the ruler on the mended ground. */
export function findCityMends(input: MendsInput, heard?: (share: number) => void): MendsOutput {
  const { walking, points, radii, settings } = input
  const facilities = packWkb(input.facilities)
  const [weights, people] = [countedOf(input, input.weights), countedOf(input, input.people)]
  const ground = walking
    ? new WalkingMendGround({
        paths: walking.paths, points, radii,
        gates: { points: walking.gates.points, radiusMeters: Float64Array.from(walking.gates.facility, (facility) => radii[facility]!), isPoint: walking.gates.isPoint },
        homeToleranceMeters: walking.homeToleranceMeters, gateToleranceMeters: walking.gateToleranceMeters, pointToleranceMeters: walking.pointToleranceMeters, scrapShare: walking.scrapShare,
      })
    : new StraightMendGround({ facilities, radii, points, plots: packWkb(input.plots.shapes), shut: packWkb(input.shut.shapes) })
  const unserved = [...ground.covered.keys()].filter((home) => !ground.covered[home] && weights[home]! > 0)
  const unservedPeople = new UnservedPeople(points, weights, unserved)
  heard?.(0.05)
  const sitesOf = (kind: 'facility' | 'open', { shapes, radii: of, gates }: SitesInput) => siteCandidates(kind, { shapes: packWkb(shapes), radii: of, gates }, unservedPeople, settings.most)
  const ways: [MendKind, Candidates][] =
    ground instanceof WalkingMendGround && walking
      ? [
          ['gate', gateCandidates(ground, unservedPeople, { facilities, radii, gates: walking.gates, isOpenAllRound: walking.isOpenAllRound, gateToleranceMeters: walking.gateToleranceMeters, pointToleranceMeters: walking.pointToleranceMeters }, settings)],
          ['crossing', crossingCandidates(ground, unservedPeople, { isBridge: walking.paths.isBridge, barriers: packWkb(walking.barriers) }, settings, (length) => effortOf(input.efforts, 'crossing', length))],
          ['path', joinCandidates(ground, weights, walking.paths.isBridge, settings)],
        ]
      : []
  const candidates = new Map<MendKind, Candidates>([...ways, ['facility', sitesOf('facility', input.plots)], ['open', sitesOf('open', input.shut)]])
  heard?.(0.2)
  const sizeOf = (edit: MendEdit) => ('lengthMeters' in edit ? edit.lengthMeters : edit.kind === 'facility' ? input.plots.areasM2[edit.site]! : 0)
  const { gaining, ...answer } = findMends(
    ground,
    { candidates: [...candidates.values()], efforts: input.efforts, sizeOf, weights, people, spots: locatePoints(points, packWkb(input.spots)), spotCount: input.spots.length, listed: settings.listed, turns: settings.turns, turnsFrom: settings.turnsFrom, apartMeters: settings.apartMeters },
    (share) => heard?.(0.2 + 0.8 * share),
  )
  return {
    ...answer,
    kinds: [...candidates].map(([kind, { edits, found, leftOut }]) => ({ kind, found, computed: edits.length, gaining: gaining.get(kind) ?? 0, leftOut })),
    walking: ground instanceof WalkingMendGround && walking ? { entries: ground.entriesOf(walking.gates.facility, radii.length), ...standingOn(footingOf(ground.homes), weights) } : null,
    unserved: { gain: unserved.reduce((sum, home) => sum + weights[home]!, 0), people: unserved.reduce((sum, home) => sum + people[home]!, 0), homes: unserved.length },
  }
}
