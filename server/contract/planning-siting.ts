/**
 * Terminology
 * - site 新建点: a place chosen for a new facility; candidate 候选点: a place that could be chosen.
 * - plot 边角地: a leftover plot on record; lattice 格点: points so far apart among the homes that nothing serves.
 * - gain 增益: what is served more because of one site, all others being there.
 * - gap 差距: distance between the value and the proven bound, as a share of the greater of the two.
 */
import { z } from 'zod'
import { CityParams } from './cities.ts'
import { type CoverageQuestion, CoverageRatio, Demand, Impedance, RuleBand, Ruler } from './coverage.ts'
import { endpoint } from './endpoint.ts'
import { Geometry, Position } from './geojson.ts'
import { planningKind } from './planning-kind.ts'

export const SITING_ENGINE_VERSION = '3'

export const SitingMethod = z.enum(['lscp', 'mclp', 'p-median', 'p-center'])
export type SitingMethod = z.infer<typeof SitingMethod>

/** Whom the sites are for: the demands of coverage that are counted at points. */
export const SitingDemand = Demand.exclude(['residential'])
export type SitingDemand = z.infer<typeof SitingDemand>

export const GreenLineFilter = z.enum(['any', 'inside', 'outside'])

const PlotCandidates = z.object({
  from: z.literal('plots'),
  minAreaM2: z.number().min(0).max(10_000_000).default(0),
  maxAreaM2: z.number().min(0).max(10_000_000).nullable().default(null),
  /** As the plots say; empty = all. */
  landUses: z.array(z.string().max(80)).max(50).default([]),
  ownerships: z.array(z.string().max(80)).max(50).default([]),
  greenLine: GreenLineFilter.default('any'),
  /** Leave out plots in areas where something else is controlled (scenic, key areas). */
  avoidsControlAreas: z.boolean().default(false),
})
const LatticeCandidates = z.object({
  from: z.literal('lattice'),
  spacingMeters: z.number().min(50).max(2000).default(200),
  /** Size that a new facility is taken to have: it decides the radius by the rule. */
  areaM2: z.number().min(0).max(1_000_000).nullable().default(null),
  /** Not in areas where something else is controlled; buildings, water and roads are kept clear of in any case. */
  avoidsControlAreas: z.boolean().default(false),
})
export const SitingCandidates = z.discriminatedUnion('from', [PlotCandidates, LatticeCandidates])
export type SitingCandidates = z.output<typeof SitingCandidates>

/**
 * How many people each place can serve, new ones and those that stand; maximal covering only.
 * rule: area by what a versioned norm says is due to one person; area: by a figure of the planner's own; people: so many each,
 * and those that state a capacity so many for each unit of it where that is given.
 */
export const SitingCapacities = z.discriminatedUnion('by', [
  z.object({ by: z.literal('rule'), rule: z.string().max(40).optional() }),
  z.object({ by: z.literal('area'), m2PerPerson: z.number().positive().max(100_000) }),
  z.object({ by: z.literal('people'), perSite: z.number().min(0).max(1e9), perStatedUnit: z.number().min(0).max(1e6).nullable().default(null) }),
])
export type SitingCapacities = z.output<typeof SitingCapacities>

const ASKED = {
  method: SitingMethod,
  /** New sites at most; null for location set covering, or where a budget limits them. */
  p: z.number().int().min(1).max(500).nullable().default(null),
  /** What the new sites may cost together (10,000 yuan or whatever the prices are in); maximal covering only. */
  budget: z.number().min(0).max(1e12).nullable().default(null),
  /** What a site costs to build: so much for any, and so much per square metre. */
  prices: z.object({ perSite: z.number().min(0).max(1e9), perM2: z.number().min(0).max(1e9) }).nullable().default(null),
  capacities: SitingCapacities.nullable().default(null),
  ruler: Ruler.default('straight'),
  /** On foot only; every path by its length where it is left out. Distances are then metres of level ground that take as long. */
  impedance: Impedance.optional(),
  rule: z.string().max(40).optional(),
  radiusMeters: z.number().positive().max(50_000).optional(),
  /** How far p-median and p-center look for a site. */
  reachMeters: z.number().min(100).max(20_000).default(5000),
  /** Count only homes that nothing serves now. */
  unservedOnly: z.boolean().default(false),
  /** Homes that no site can serve: refuse and name them, or leave them out and say so. */
  islands: z.enum(['refuse', 'leave_out']).default('refuse'),
  candidates: SitingCandidates.prefault({ from: 'plots' }),
  timeLimitSeconds: z.number().min(1).max(600).default(30),
  /** Points of the curve of gain; 0 for none. */
  curveTo: z.number().int().min(0).max(100).default(20),
}
const FacilityName = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/)
const hasOneMeasure = (asked: { rule?: string | undefined; radiusMeters?: number | undefined }) => (asked.rule === undefined) !== (asked.radiusMeters === undefined)
const ONE_MEASURE = { message: '规则与半径须给且只给一个。Give either a rule or a radius in metres, not both and not neither', path: ['rule'] }

export const SitingQuestion = z.object({ ...ASKED, facility: FacilityName.optional(), demand: SitingDemand.optional() }).refine(hasOneMeasure, ONE_MEASURE)
export type SitingQuestion = z.output<typeof SitingQuestion>
/** With facility and demand settled. */
export const SitingInput = z.object({ ...ASKED, facility: FacilityName, demand: SitingDemand }).refine(hasOneMeasure, ONE_MEASURE)
export type SitingInput = z.output<typeof SitingInput>

/** What the same facilities, homes and ruler are to a coverage run: a scenario of the sites is asked this. */
export function coverageQuestionOf({ facility, rule, radiusMeters, ruler, impedance, demand }: Partial<Pick<SitingInput, 'facility' | 'rule' | 'radiusMeters' | 'ruler' | 'impedance' | 'demand'>>): CoverageQuestion {
  return {
    layers: [], everyFeature: false, clipToCity: false,
    ...(demand === undefined ? {} : { demand }), ...(facility === undefined ? {} : { facility }), ...(rule === undefined ? {} : { rule }), ...(radiusMeters === undefined ? {} : { radiusMeters }),
    ...(ruler === 'walk' ? { ruler } : {}), ...(impedance ? { impedance } : {}),
  }
}

/** Why the search ended; see the engine. */
export const SitingStop = z.enum(['proven', 'time', 'cancelled', 'fast', 'size', 'solver'])

/** Something to know of the question, by name; `isFatal` where it keeps the question from having an answer. */
export const SitingNotice = z.object({
  code: z.string(),
  isFatal: z.boolean(),
  zh: z.string(),
  en: z.string(),
  /** How many demands or candidates it is about, and the weight of those demands. */
  count: z.number().int(),
  weight: z.number().nullable(),
  /** Places of some of them. */
  places: z.array(Position),
})
export type SitingNotice = z.infer<typeof SitingNotice>

const Candidate = {
  /** Public id of the plot; null for a point of the lattice. */
  id: z.string().nullable(),
  name: z.string().nullable(),
  landUse: z.string().nullable(),
  ownership: z.string().nullable(),
  areaM2: z.number().nullable(),
  radiusMeters: z.number().nullable(),
  communityName: z.string().nullable(),
  position: Position,
}

export const SitingSite = z.object({
  /** By gain, from 1. */
  number: z.number().int(),
  ...Candidate,
  cost: z.number().nullable(),
  /** People that it can serve and does, everybody going where there is room; missing where nothing is limited. */
  capacity: z.number().optional(),
  load: z.number().optional(),
  /** What is served more because of it, the others being there. */
  gain: z.number(),
  /** Who is nearest to it of all that is open, within its radius for the coverings. */
  serves: z.object({ demands: z.number().int(), weight: z.number(), meanMeters: z.number().nullable(), greatestMeters: z.number().nullable() }),
  /** How much worse the objective is without it; null where then not everybody is served. */
  loss: z.number().nullable(),
  /** The best other candidate in its place, and what it would take to choose it. */
  runnerUp: z
    .object({ ...Candidate, difference: z.number(), /** How many times their present weight those better off had to weigh. */ weightFactor: z.number().nullable() })
    .nullable(),
})
export type SitingSite = z.infer<typeof SitingSite>

const Served = z.object({ weight: z.number(), meanMeters: z.number().nullable(), greatestMeters: z.number().nullable() })

export const SitingAnswer = z.object({
  objective: z.number(),
  bound: z.number(),
  gap: z.number(),
  isProven: z.boolean(),
  stoppedBy: SitingStop,
  /** Weight within the radius of the rule, and the way to the nearest, with what stands and with the new sites. */
  before: Served,
  after: Served,
  sites: z.array(SitingSite),
  /** One site after the other, each the greatest gain then; for the p-center each number by itself. Null in answers of earlier engines. */
  curve: z.array(z.object({ sites: z.number().int(), objective: z.number().nullable(), bound: z.number() })).nullable(),
  /** What stands, where it is limited: people that it can serve and does, and the fullest of it. */
  standing: z
    .object({ sites: z.number().int(), capacity: z.number(), load: z.number(), full: z.number().int(), unknown: z.number().int(), fullest: z.array(z.object({ id: z.string(), name: z.string().nullable(), capacity: z.number(), load: z.number() })) })
    .optional(),
  /** Whether reasons could be worked out before it was stopped. */
  hasReasons: z.boolean(),
})
export type SitingAnswer = z.infer<typeof SitingAnswer>

export const SitingResult = z.object({
  /** Null where the question has no meaningful answer: the notices say why. */
  answer: SitingAnswer.nullable(),
  notices: z.array(SitingNotice),
  /** Of every weight; beds and pupils where all hospitals or schools state theirs, else each of them is one. */
  unit: CoverageRatio.shape.unit.exclude(['m2']),
  counts: z.object({
    demands: z.number().int(),
    weight: z.number(),
    candidates: z.number().int(),
    candidatesLeftOut: z.array(z.object({ reason: z.enum(['too_small', 'too_large', 'land_use', 'ownership', 'green_line', 'control_area', 'below_rule', 'off_network', 'on_scrap', 'on_bridge', 'on_building', 'on_water', 'on_road']), count: z.number().int() })),
    existing: z.number().int(),
    pairs: z.number().int(),
  }),
  /** Radii that decide who is served. */
  bands: z.array(RuleBand),
})
export type SitingResult = z.infer<typeof SitingResult>

export const SitingInterim = z.object({ stage: z.enum(['greedy', 'swap', 'bound', 'exact']), objective: z.number().nullable(), bound: z.number().nullable(), gap: z.number(), sites: z.number().int(), places: z.array(Position) })
export type SitingInterim = z.infer<typeof SitingInterim>

export const SitingDrawing = z.object({
  sites: z.array(z.object({ number: z.number().int(), position: Position, geometry: Geometry.nullable() })),
  /** Homes side by side: places, weights, and who serves them: the number of a site, 0 for what stands, −1 for nobody. */
  homes: z.object({ positions: z.array(z.number()), weights: z.array(z.number()), servedBy: z.array(z.number().int()), /** True where the lightest homes were left out of the picture. */ isCut: z.boolean() }),
  candidates: z.array(Position),
})
export type SitingDrawing = z.infer<typeof SitingDrawing>

export const SITING = planningKind('siting', { question: SitingQuestion, input: SitingInput, interim: SitingInterim, result: SitingResult, drawing: SitingDrawing })

const Choice = z.object({ value: z.string(), count: z.number().int() })

/** What a question can be filtered by, as the city's data are. */
export const getSitingChoices = endpoint({
  name: 'getSitingChoices',
  access: 'coverage.read',
  summary: 'What sites can be chosen from: plots by use and ownership, whether there is a walking network',
  method: 'GET',
  path: '/cities/:city/siting-choices',
  params: CityParams,
  reply: z.object({ plots: z.number().int(), landUses: z.array(Choice), ownerships: z.array(Choice), hasGreenLines: z.boolean(), hasControlAreas: z.boolean(), hasNetwork: z.boolean() }),
})
