/**
 * Terminology
 * - supply 供给: what facilities offer: m² of park, beds, places; each facility shares it among the people in its catchment.
 * - supply per person 人均供给: what somebody at a place gets of all that is in reach, summed.
 * - catchment 搜索半径: how far people go, metres by the ruler; said in minutes it is metres at a pace; with slopes or stairs, of level ground.
 * - paper only 账面已覆盖而供给不足: served by the official service radius, yet below the standard per person.
 */
import { z } from 'zod'
import { CityParams } from './cities.ts'
import { CoverageRatio, CoverageSummary, Demand, Impedance, ImpedanceFacts, Ruler } from './coverage.ts'
import { endpoint } from './endpoint.ts'
import { Geometry, Position } from './geojson.ts'
import { NotEnteredCounts, NotEnteredReason } from './not-entered.ts'
import { planningKind } from './planning-kind.ts'

export const SUPPLY_ENGINE_VERSION = '3'

/** Whom the supply is for; land asks for nothing. */
export const SupplyDemand = Demand.exclude(['residential'])
export type SupplyDemand = z.infer<typeof SupplyDemand>

/** 两步移动搜索法 2SFCA, with zones (E2SFCA), or with a Gaussian decay. */
export const SupplyMethod = z.enum(['2sfca', 'e2sfca', 'gaussian'])
export type SupplyMethod = z.infer<typeof SupplyMethod>

/** What is shared out: the area of facilities, what they say they hold, or each as one. */
export const SupplyBy = z.enum(['area', 'capacity', 'count'])
export type SupplyBy = z.infer<typeof SupplyBy>

/** What one of the supply is: m², beds, school places, other places, or a whole facility. */
export const SupplyUnitOf = z.enum(['m2', 'beds', 'pupils', 'places', 'facilities'])
export type SupplyUnitOf = z.infer<typeof SupplyUnitOf>

/** A versioned row: how far people go, how zones weigh, and how much is due to one of them. */
export const SupplyRule = z.object({
  id: z.string(),
  code: z.string(),
  version: z.number().int(),
  /** A facility by its name, or `*`: any that has no rule of its own. */
  facility: z.string(),
  titleZh: z.string(),
  titleEn: z.string(),
  supplyBy: SupplyBy.nullable(),
  /** Due to one person; null where no standard says how much. */
  standard: z.number().min(0).nullable(),
  catchmentMeters: z.number().positive(),
  /** Zones of the enhanced method: ends as shares of the catchment, ascending to 1, and their weights, not rising. */
  zones: z.array(z.object({ share: z.number().positive().max(1), weight: z.number().min(0).max(1) })).min(1).max(10),
  source: z.string(),
  clause: z.string(),
  zoneSource: z.string(),
  confidence: z.enum(['high', 'medium', 'low']),
  verified: z.boolean(),
  note: z.string().nullable(),
})
export type SupplyRule = z.infer<typeof SupplyRule>

export const listSupplyRules = endpoint({
  name: 'listSupplyRules',
  access: 'coverage.read',
  summary: 'What is due to one person by which standard, with catchments and zone weights; newest version of each',
  method: 'GET',
  path: '/cities/:city/supply-rules',
  params: CityParams,
  reply: z.object({ rules: z.array(SupplyRule) }),
})

const FacilityName = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/)
const CatchmentMeters = z.number().positive().max(50_000)
const CatchmentMinutes = z.number().positive().max(240)
const Standard = z.number().min(0).max(1e9).nullable()
const ASKED = {
  facility: FacilityName.default('green'),
  /** Catalogue layer keys the facilities are taken from; empty = all layers of the kind. */
  layers: z.array(z.string().max(80)).max(50).default([]),
  demand: SupplyDemand.default('population'),
  /** Who shares the supply: the group that is asked about alone, or all residents. */
  sharedBy: z.enum(['group', 'residents']).default('group'),
  ruler: Ruler.default('straight'),
  /** On foot only; every path by its length where it is left out. Catchments are then metres of level ground that take as long. */
  impedance: Impedance.optional(),
  method: SupplyMethod.default('2sfca'),
  /** Count every feature whatever its class or access; default: only qualifying ones. */
  everyFeature: z.boolean().default(false),
  /** Leave demand outside the city boundary out: it neither shares nor is told of. */
  clipToCity: z.boolean().default(false),
}

/** Rule, catchment, standard and what is shared out are the facility's own where they are not given; a standard of null asks for none. */
export const SupplyQuestion = z.object({
  ...ASKED,
  rule: z.string().max(40).optional(),
  catchmentMeters: CatchmentMeters.optional(),
  /** In place of metres, on foot only: so long at the pace of the walking settings, that of elders where they are asked about. */
  catchmentMinutes: CatchmentMinutes.optional(),
  standard: Standard.optional(),
  supplyBy: SupplyBy.optional(),
  /** Service-radius rule of the official ruler that the result is held against; the facility's first where it is not given, null for none. */
  paperRule: z.string().max(40).nullable().optional(),
})
export type SupplyQuestion = z.output<typeof SupplyQuestion>
/** With everything settled. */
export const SupplyInput = z.object({ ...ASKED, rule: z.string(), catchmentMeters: CatchmentMeters, catchmentMinutes: CatchmentMinutes.optional(), standard: Standard, supplyBy: SupplyBy, paperRule: z.string().nullable() })
export type SupplyInput = z.output<typeof SupplyInput>

const Value = z.number().nullable()

/** Figures of one unit; `perPerson` and the shares are null where nobody lives. */
export const SupplyUnit = z.object({
  level: z.enum(['city', 'county', 'street', 'community', 'cell']),
  code: z.string(),
  name: z.string().nullable(),
  people: z.number(),
  perPerson: Value,
  below: z.number(),
  belowShare: Value,
  outOfReach: z.number(),
  /** Null without an official rule to hold it against. */
  servedOnPaper: Value,
  paperOnly: Value,
})
export type SupplyUnit = z.infer<typeof SupplyUnit>

export const SupplySource = z.object({
  id: z.string(),
  name: z.string().nullable(),
  capacity: z.number(),
  /** Who reaches it, weighted. */
  peopleInReach: z.number(),
  /** What it gives to each of them; null where nobody reaches it. */
  perPerson: Value,
  position: Position,
})
export type SupplySource = z.infer<typeof SupplySource>

/** One class of the map: from (≥) to (<); `upTo` null: and more. The first holds those whom nothing reaches. */
export const SupplyClass = z.object({ from: z.number(), upTo: Value, demands: z.number().int(), people: z.number() })
export type SupplyClass = z.infer<typeof SupplyClass>

export const SupplyResult = z.object({
  unit: SupplyUnitOf,
  demandUnit: CoverageRatio.shape.unit.exclude(['m2']),
  equity: z.object({
    people: z.number(), mean: Value, least: Value, lowerQuartile: Value, median: Value, upperQuartile: Value, greatest: Value, gini: Value,
    lorenz: z.array(z.object({ people: z.number(), share: z.number() })).nullable(),
    below: z.object({ standard: z.number(), people: z.number(), share: Value }).nullable(),
  }),
  capacity: z.number(),
  demands: z.number().int(),
  demandsWithoutPeople: z.number().int(),
  supplies: z.number().int(),
  /** Facilities that count and offer nothing, or nothing that is known. */
  suppliesWithoutCapacity: z.number().int(),
  pairs: z.number().int(),
  /** Σ of what is handed out against Σ of what is there, over the supplies that reach anybody. */
  conservation: z.object({ supplied: z.number(), received: z.number(), relativeDifference: Value, isConserved: z.boolean() }),
  outOfReach: z.object({ demands: z.number().int(), people: z.number(), share: Value }),
  unused: z.object({ supplies: z.number().int(), capacity: z.number(), examples: z.array(z.object({ id: z.string(), name: z.string().nullable() })) }),
  notCounted: z.array(z.object({ reason: z.enum([...CoverageSummary.shape.notCounted.element.shape.reason.options, 'capacity_unknown']), count: z.number().int(), examples: z.array(z.object({ id: z.string(), name: z.string().nullable() })) })),
  outsideCity: z.number().nullable(),
  /** Why those below the standard are: each of them counts for one reason. Null without a standard; missing in answers of earlier days. */
  reasons: z.array(z.object({ kind: z.enum(['too_many', 'nothing_near', 'too_small', 'shut', 'data_missing', 'detour', 'off_network', 'disconnected']), demands: z.number().int(), people: z.number() })).nullable().optional(),
  /** What the official ruler says of the same people: served, and those of them below the standard here. */
  paper: z.object({ code: z.string(), titleZh: z.string(), titleEn: z.string(), served: z.number(), ratio: Value, only: Value, onlyShare: Value }).nullable(),
  walking: z.object({ nodes: z.number().int(), edges: z.number().int(), components: z.number().int(), mainShare: z.number(), gates: z.number().int(), gatesUnplaced: z.number().int(),
    /** Facilities that lie too far from every path to be entered, and the first of them by name; a point may lie farther than a gate. */
    withoutGate: z.number().int(), /** Of runs from before 2026-11-28 it is not known. */ reasonsWithoutGate: NotEnteredCounts.optional(), gateToleranceMeters: z.number().optional(), pointToleranceMeters: z.number().optional(),
    notEntered: z.array(z.object({ id: z.string(), name: z.string().nullable(), reason: NotEnteredReason.optional(), capacity: z.number().nullable(), position: Position })).optional(), onScrap: z.number(), offNetwork: z.number(),
    /** Slopes and stairs, where they were asked for. */
    impedance: ImpedanceFacts.optional() }).nullable(),
  classes: z.array(SupplyClass),
  /** City, counties, streets and communities; cells are in the drawing and in the files. */
  units: z.array(SupplyUnit),
  /** The supplies that give the least to each person, worst first. */
  crowded: z.array(SupplySource),
})
export type SupplyResult = z.infer<typeof SupplyResult>

const Area = SupplyUnit.omit({ level: true }).extend({ geometry: Geometry })
export const SupplyDrawing = z.object({
  /** Demands side by side. */
  points: z.object({ positions: z.array(z.number()), perPerson: z.array(z.number()), people: z.array(z.number()), isOutOfReach: z.array(z.number().int()), /** True where the lightest were left out of the picture. */ isCut: z.boolean() }),
  streets: z.array(Area),
  communities: z.array(Area),
  cells: z.array(Area),
  /** What supplies people, the least for each of them first, then what reaches nobody; those of more places than are drawn are left out. Missing in answers of earlier days. */
  places: z.array(SupplySource).optional(),
})
export type SupplyDrawing = z.infer<typeof SupplyDrawing>

export const SUPPLY = planningKind('supply', { question: SupplyQuestion, input: SupplyInput, interim: z.null(), result: SupplyResult, drawing: SupplyDrawing })
