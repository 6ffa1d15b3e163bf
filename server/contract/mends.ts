/**
 * Terminology
 * - mend 补救: one change that brings people within the service of a rule who are outside it now: a gate 出入口, a crossing 跨越,
 *   a path 连接, a facility on a plot 选址, a green that is opened 开放.
 * - gain: what the run asks after (people, elders, buildings …) newly served, found by running the ruler on the mended ground. Alone: over the ground as it is. In turn: what it adds to those taken before.
 * - effort: what a mend takes against the others, in units of its own; an assumption until a city says otherwise.
 */
import { z } from 'zod'
import { CoverageRatio, Demand, Ruler } from './coverage.ts'
import { Geometry, Position } from './geojson.ts'
import { NotEntered } from './not-entered.ts'

export const MendKind = z.enum(['gate', 'crossing', 'facility', 'open', 'path'])
export type MendKind = z.infer<typeof MendKind>

/** The change itself, in EPSG:4490, as a scenario takes it. */
export const MendEdit = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('gate'), facilityId: z.uuid(), geometry: Geometry }),
  z.object({ kind: z.literal('crossing'), lengthMeters: z.number(), geometry: Geometry }),
  z.object({ kind: z.literal('path'), lengthMeters: z.number(), geometry: Geometry }),
  z.object({ kind: z.literal('facility'), facility: z.string(), plotId: z.uuid(), areaM2: z.number(), geometry: Geometry }),
  z.object({ kind: z.literal('open'), facilityId: z.uuid(), access: z.enum(['closed', 'ticketed']), geometry: Geometry }),
])
export type MendEdit = z.infer<typeof MendEdit>

export const Mend = z.object({
  /** 1 for the one with the most gain for its effort. */
  rank: z.number().int(),
  edit: MendEdit,
  /** Of the facility, the green or the plot; of a crossing, the barrier. */
  name: z.string().nullable(),
  /** The street or community it lies in. */
  place: z.string().nullable(),
  radiusMeters: z.number().nullable(),
  barrier: z.object({ class: z.string(), name: z.string().nullable() }).nullable(),
  /** The walk there is between the ends of a crossing; null where there is none. */
  wayRoundMeters: z.number().nullable(),
  /** Alone, in the unit of the run's demand. */
  gain: z.number(),
  people: z.number(),
  homes: z.number().int(),
  /** Homes that stand nearest to the new way then, and are served no longer; taken off already. */
  homesLost: z.number().int(),
  effort: z.number(),
  /** Gain for each unit of effort. */
  worth: z.number(),
  /** Where it is among those taken one after the other, what it adds to those before it, and all of them together. */
  turn: z.object({ number: z.number().int(), gain: z.number(), people: z.number(), homes: z.number().int(), togetherGain: z.number(), togetherPeople: z.number() }).nullable(),
  center: Position,
})
export type Mend = z.infer<typeof Mend>

/** Homes newly served by each mend, by its rank; `isCut` where there are more than are drawn. */
export const MendsDrawing = z.object({ served: z.array(z.object({ positions: z.array(Position), isCut: z.boolean() })) })
export type MendsDrawing = z.infer<typeof MendsDrawing>

export const MendKindCounts = z.object({
  kind: MendKind,
  /** Places looked at, candidates computed, and those that bring anybody. */
  found: z.number().int(),
  computed: z.number().int(),
  gaining: z.number().int(),
  leftOut: z.partialRecord(z.enum(['near_gate', 'no_path', 'nobody_near', 'short_way_round', 'over_limit', 'too_small']), z.number().int()),
  /** Why there is none of a kind at all. */
  missing: z.enum(['no_plots', 'no_barriers', 'straight_line', 'none_shut', 'no_scraps']).nullable(),
})
export type MendKindCounts = z.infer<typeof MendKindCounts>

export const MendSettings = z.object({
  version: z.number().int(),
  gateSpacingMeters: z.number(),
  gateLeastMeters: z.number(),
  crossingGreatestMeters: z.number(),
  crossingLeastRatio: z.number(),
  pathGreatestMeters: z.number(),
  apartMeters: z.number(),
  most: z.number().int(),
  mostJoins: z.number().int(),
  listed: z.number().int(),
  turns: z.number().int(),
  turnsFrom: z.number().int(),
  efforts: z.record(MendKind, z.object({ base: z.number(), perStep: z.number(), step: z.number() })),
  source: z.string(),
  verified: z.boolean(),
})
export type MendSettings = z.infer<typeof MendSettings>

export const MendsResult = z.object({
  /** The coverage run whose blind spots are mended. */
  run: z.uuid(),
  demand: Demand,
  ruler: Ruler,
  unit: CoverageRatio.shape.unit,
  /** Not served now. */
  unserved: z.object({ gain: z.number(), people: z.number(), homes: z.number().int() }),
  mends: z.array(Mend),
  kinds: z.array(MendKindCounts),
  /** Gaining mends that are not in the list: nearly the same as a better one, or beyond its end. */
  notListed: z.object({ alike: z.number().int(), beyond: z.number().int() }),
  /** The best mend of each blind spot that any mend reaches. */
  spots: z.array(z.object({ spot: z.uuid(), mend: z.number().int(), gain: z.number() })),
  settings: MendSettings,
  /** Facilities that nobody can walk into, and what is asked after on a disconnected part and beside no path: no mend but a path reaches them. Null by the straight line; answers from before 2026-11-28 lack it. */
  walking: z.object({ notEntered: NotEntered, onScrap: z.number(), offNetwork: z.number() }).nullable().optional(),
})
export type MendsResult = z.infer<typeof MendsResult>

/** What is asked: the mends of a finished coverage run. */
export const MendsInput = z.object({ run: z.uuid() })
export type MendsInput = z.infer<typeof MendsInput>
