/**
 * Terminology
 * - rule: a versioned row of service-radius bands (minimum area → radius) with its standard and clause.
 * - demand: what is to be served: residential land (the official denominator), population, buildings, a group of the people (elders 65+, children 0 to 14), or hospitals and schools.
 * - served: within the radius of a qualifying facility, straight line, in the city's measuring system.
 * - blind spot 盲区: a connected piece of demand outside every service radius.
 */
import { z } from 'zod'
import { CityKey, CityParams } from './cities.ts'
import { endpoint } from './endpoint.ts'
import { BoundingBox, Geometry, Position } from './geojson.ts'
import { NotEnteredCounts, NotEnteredReason } from './not-entered.ts'
import { RUN_FILE_FORMATS } from './run-files.ts'

export const COVERAGE_ENGINE_VERSION = '7'

export const Demand = z.enum(['residential', 'population', 'buildings', 'elders', 'children', 'hospitals', 'schools'])
export type Demand = z.infer<typeof Demand>

export const RuleBand = z.object({
  minAreaM2: z.number().min(0),
  maxAreaM2: z.number().nullable(),
  zone: z.enum(['all', 'historic_district']),
  radiusMeters: z.number().positive().max(50_000),
})
export type RuleBand = z.infer<typeof RuleBand>

export const ServiceRule = z.object({
  id: z.string(),
  code: z.string(),
  version: z.number().int(),
  /** `green`, or a class of `facilities` such as `toilet`. */
  facility: z.string(),
  titleZh: z.string(),
  titleEn: z.string(),
  demand: Demand,
  bands: z.array(RuleBand),
  target: z.number().nullable(),
  standard: z.string(),
  clause: z.string(),
  verified: z.boolean(),
  note: z.string().nullable(),
  isOwn: z.boolean(),
})
export type ServiceRule = z.infer<typeof ServiceRule>

export const listServiceRules = endpoint({
  name: 'listServiceRules',
  access: 'coverage.read',
  summary: 'Service-radius rules with their standards; newest version of each',
  method: 'GET',
  path: '/cities/:city/service-rules',
  params: CityParams,
  reply: z.object({ rules: z.array(ServiceRule) }),
})

export const createServiceRule = endpoint({
  name: 'createServiceRule',
  access: 'coverage.rules',
  summary: 'A rule of one’s own (or a new version of it)',
  method: 'POST',
  path: '/cities/:city/service-rules',
  status: 201,
  params: CityParams,
  body: z.object({
    code: z.string().regex(/^[A-Z][A-Z0-9_]{1,39}$/),
    facility: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
    titleZh: z.string().min(1).max(80),
    titleEn: z.string().min(1).max(80),
    demand: Demand,
    bands: z.array(RuleBand).min(1).max(10),
    target: z.number().min(0).max(1).nullable().default(null),
    standard: z.string().max(120),
    clause: z.string().max(120),
  }),
  reply: ServiceRule,
})

/** 直线 straight: the official ruler; 步行 walk: over the walking network, from gates to homes. */
export const Ruler = z.enum(['straight', 'walk'])
export type Ruler = z.infer<typeof Ruler>

const StairsTaken = z.enum(['as_paths', 'slower', 'closed'])

/** 步行阻力: what makes a walk longer than its metres. Radii are then metres of level ground that take as much time, on the way to the facility. */
export const Impedance = z.object({
  /** Uphill slower, steep downhill slower, by the hiking function of the walking settings. */
  slope: z.boolean().default(false),
  /** As any path, slower by the factor of the walking settings, or closed (for wheels). */
  stairs: StairsTaken.default('as_paths'),
})
export type Impedance = z.infer<typeof Impedance>

/** What of it the network knew: stairs on the way, and paths whose rise is known; the others are walked as level. */
export const ImpedanceFacts = z.object({ slope: z.boolean(), stairs: StairsTaken, stairEdges: z.number().int(), edgesWithRise: z.number().int() })
export type ImpedanceFacts = z.infer<typeof ImpedanceFacts>

const FacilityName = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/)
const ASKED = {
  /** Catalogue layer keys the facilities are taken from; empty = all layers of the kind. */
  layers: z.array(z.string().max(80)).max(50).default([]),
  rule: z.string().max(40).optional(),
  radiusMeters: z.number().positive().max(50_000).optional(),
  minAreaM2: z.number().min(0).optional(),
  /** Count every feature whatever its class or access (for comparisons); default: only qualifying ones. */
  everyFeature: z.boolean().default(false),
  /** Leave demand outside the city boundary out of the totals. */
  clipToCity: z.boolean().default(false),
  /** Straight where it is left out. */
  ruler: Ruler.optional(),
  /** On foot only; every path by its length where it is left out. */
  impedance: Impedance.optional(),
  /** The city as a version of a scenario would have it. */
  scenario: z.object({ id: z.uuid(), version: z.number().int().min(1) }).optional(),
}
const hasOneMeasure = (asked: { rule?: string | undefined; radiusMeters?: number | undefined }) => (asked.rule === undefined) !== (asked.radiusMeters === undefined)
const ONE_MEASURE = { message: '规则与半径须给且只给一个。Give either a rule or a radius in metres, not both and not neither', path: ['rule'] }

/** What may be asked: a rule by code, or a plain radius with an optional minimum area. Facility and demand that are not given are the rule's own; without a rule, green space and residential land. */
export const CoverageQuestion = z.object({ facility: FacilityName.optional(), ...ASKED, demand: Demand.optional() }).refine(hasOneMeasure, ONE_MEASURE)
export type CoverageQuestion = z.output<typeof CoverageQuestion>

/** A question with its facility and demand settled, as a run keeps it. */
export const CoverageInput = z.object({ facility: FacilityName.default('green'), ...ASKED, demand: Demand.default('residential') }).refine(hasOneMeasure, ONE_MEASURE)
export type CoverageInput = z.output<typeof CoverageInput>

/** Numerator and denominator of one unit. `ratio` is null where total is 0: no value, not 0. */
export const CoverageRatio = z.object({ covered: z.number(), total: z.number(), ratio: z.number().nullable(), unit: z.enum(['m2', 'people', 'buildings', 'beds', 'pupils', 'facilities']) })
export type CoverageRatio = z.infer<typeof CoverageRatio>

export const CoverageSummary = z.object({
  /** The asked demand first; beside it the others that the city has data for (hospitals and schools only when they are asked about). */
  ratios: z.partialRecord(Demand, CoverageRatio),
  target: z.number().nullable(),
  servedAreaM2: z.number(),
  blindSpotCount: z.number().int(),
  blindSpotAreaM2: z.number(),
  blindSpotPeople: z.number().nullable(),
  /** Slivers left out of the list, after the ratios were taken. */
  sliversDropped: z.object({ count: z.number().int(), areaM2: z.number(), belowM2: z.number() }),
  facilitiesCounted: z.number().int(),
  notCounted: z.array(z.object({ reason: z.enum(['closed', 'ticketed', 'not_activity_site', 'class_not_counted', 'class_unknown', 'too_small', 'area_unknown', 'no_geometry', 'outside_city']), count: z.number().int(), examples: z.array(z.object({ id: z.string(), name: z.string().nullable() })) })),
  sensitivity: z.array(z.object({ radiusFactor: z.number(), minAreaFactor: z.number(), label: z.string(), ratio: z.number().nullable(), covered: z.number(), total: z.number() })),
  /** Relative error bound of the polygons (never of the ratios of points): inscribed circles of `quadSegments`. */
  polygonError: z.object({ quadSegments: z.number().int(), relativeAreaBound: z.number() }),
  outsideCity: z.object({ total: z.number(), unit: z.string() }).nullable(),
  /** By the walking ruler only: the network it was measured on, and what the straight line says of the same homes. */
  walking: z
    .object({
      nodes: z.number().int(),
      edges: z.number().int(),
      components: z.number().int(),
      /** Nodes of the largest connected part, 0 to 1. */
      mainShare: z.number(),
      gates: z.object({ given: z.number().int(), crossing: z.number().int(), openEdge: z.number().int(), /** Facilities stored as points, walked up to from the nearest path. */ point: z.number().int().optional(), unplaced: z.number().int() }),
      /** Facilities that count and that nobody can walk into. */
      withoutGate: z.object({ count: z.number().int(), /** Of runs from before 2026-11-28 it is not known. */ reasons: NotEnteredCounts.optional(), examples: z.array(z.object({ id: z.string(), name: z.string().nullable(), reason: NotEnteredReason.optional() })), /** How far from a path a gate, and a facility stored as a point, may lie. */ gateToleranceMeters: z.number().optional(), pointToleranceMeters: z.number().optional() }),
      /** Served on paper: the straight line over the same homes, and what it alone serves. */
      straight: z.object({ covered: z.number(), ratio: z.number().nullable(), only: z.number() }),
      /** Demand on a disconnected scrap of the network, and beside no path at all. */
      onScrap: z.number(),
      offNetwork: z.number(),
      settingsVersion: z.number().int(),
      /** Slopes and stairs, where they were asked for. */
      impedance: ImpedanceFacts.optional(),
    })
    .optional(),
})
export type CoverageSummary = z.infer<typeof CoverageSummary>

/** A layer with where its data come from and of what day they are. */
export const DatedLayer = z.object({ kind: z.string(), layer: z.string(), titleZh: z.string(), titleEn: z.string(), source: z.string(), dataDate: z.iso.date().nullable(), updatedAt: z.string() })
export type DatedLayer = z.infer<typeof DatedLayer>

export const CoveragePassport = z.object({
  engineVersion: z.string(),
  key: z.string(),
  rule: ServiceRule.nullable(),
  input: z.unknown(),
  inputs: z.array(z.object({ kind: z.string(), layer: z.string(), version: z.number().int(), rows: z.number().int() })),
  /** Title, source and date of each input as they stood when the run began; runs from before 2026-11-27 lack it. */
  layers: z.array(DatedLayer).optional(),
  measureSrid: z.number().int(),
  measureName: z.string(),
  formula: z.string(),
  methodZh: z.string(),
  methodEn: z.string(),
  engine: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  durationMilliseconds: z.number(),
})
export type CoveragePassport = z.infer<typeof CoveragePassport>

export const JobStatus = z.enum(['waiting', 'running', 'finished', 'failed', 'cancelled'])

export const CoverageRun = z.object({
  id: z.string(),
  status: JobStatus,
  /** 准备 prepare → 设施 facilities → 归属 membership → 面 polygons → 统计 statistics → 写入 store */
  stage: z.enum(['waiting', 'prepare', 'facilities', 'membership', 'polygons', 'statistics', 'store', 'done']),
  percent: z.number(),
  elapsedSeconds: z.number(),
  /** True when the answer was already in the store. */
  reused: z.boolean(),
  input: z.unknown(),
  summary: CoverageSummary.nullable(),
  passport: CoveragePassport.nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  createdAt: z.iso.datetime({ offset: true }),
  finishedAt: z.iso.datetime({ offset: true }).nullable(),
})
export type CoverageRun = z.infer<typeof CoverageRun>

const RunParams = z.object({ city: CityKey, run: z.uuid() })

export const startCoverageRun = endpoint({ name: 'startCoverageRun', access: 'coverage.run', summary: 'Ask for a coverage run; the same question is answered from the store', method: 'POST', path: '/cities/:city/coverage-runs', status: 202, params: CityParams, body: CoverageQuestion, reply: CoverageRun })
export const listCoverageRuns = endpoint({ name: 'listCoverageRuns', access: 'coverage.read', summary: 'Latest runs', method: 'GET', path: '/cities/:city/coverage-runs', params: CityParams, query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) }), reply: z.object({ runs: z.array(CoverageRun) }) })
export const getCoverageRun = endpoint({ name: 'getCoverageRun', access: 'coverage.read', summary: 'One run', method: 'GET', path: '/cities/:city/coverage-runs/:run', params: RunParams, reply: CoverageRun })
export const cancelCoverageRun = endpoint({ name: 'cancelCoverageRun', access: 'coverage.run', summary: 'Cancel a waiting or running run', method: 'POST', path: '/cities/:city/coverage-runs/:run/cancel', params: RunParams, reply: CoverageRun })

export const CoverageUnit = z.object({ level: z.enum(['city', 'county', 'street', 'community', 'cell']), code: z.string(), name: z.string().nullable(), covered: z.number(), total: z.number(), ratio: z.number().nullable() })
export type CoverageUnit = z.infer<typeof CoverageUnit>
/** With the feature that bears its code now, as the tiles name it, and its box; null where none does, and for the city. */
export const PlacedCoverageUnit = CoverageUnit.extend({ id: z.string().nullable(), boundingBox: BoundingBox.nullable() })
export type PlacedCoverageUnit = z.infer<typeof PlacedCoverageUnit>
export const listCoverageUnits = endpoint({
  name: 'listCoverageUnits',
  access: 'coverage.read',
  summary: 'Ratios by unit, each with where it lies',
  method: 'GET',
  path: '/cities/:city/coverage-runs/:run/units',
  params: RunParams,
  query: z.object({ level: z.enum(['city', 'county', 'street', 'community', 'cell']), demand: Demand.optional() }),
  reply: z.object({ demand: Demand, units: z.array(PlacedCoverageUnit) }),
})

/** Why a home is not served. */
export const SpotReasonKind = z.enum(['nothing_near', 'too_small', 'shut', 'data_missing', 'barrier', 'entrance_far', 'detour', 'no_entrance', 'off_network', 'disconnected'])
export type SpotReasonKind = z.infer<typeof SpotReasonKind>

export const BlindSpot = z.object({
  id: z.string(),
  rank: z.number().int(),
  areaM2: z.number(),
  residentialM2: z.number(),
  people: z.number().nullable(),
  peopleMethod: z.enum(['buildings', 'cells', 'none']),
  communityName: z.string().nullable(),
  streetName: z.string().nullable(),
  nearest: z.object({ id: z.string(), name: z.string().nullable(), distanceMeters: z.number() }).nullable(),
  /** Found for the home with the most people in it, or a point of the land where no home is on record; null in runs of earlier days. */
  why: z
    .object({
      kind: SpotReasonKind,
      /** Null by the straight line too. */
      walkedMeters: z.number().nullable(),
      barrier: z.object({ class: z.string(), name: z.string().nullable() }).nullable(),
      /** What would serve it if it counted: too small, closed or ticketed, or of unknown area or class. */
      cause: z.object({ id: z.string(), name: z.string().nullable(), areaM2: z.number().nullable(), distanceMeters: z.number() }).nullable(),
    })
    .nullable(),
  center: Position,
  boundingBox: BoundingBox,
})
export type BlindSpot = z.infer<typeof BlindSpot>

export const listBlindSpots = endpoint({
  name: 'listBlindSpots',
  access: 'coverage.read',
  summary: 'Blind spots by rank',
  method: 'GET',
  path: '/cities/:city/coverage-runs/:run/blind-spots',
  params: RunParams,
  query: z.object({ afterRank: z.coerce.number().int().min(0).default(0), limit: z.coerce.number().int().min(1).max(5000).default(500) }),
  reply: z.object({ total: z.number().int(), blindSpots: z.array(BlindSpot) }),
})

/** Polygons for the map, as GeoJSON in EPSG:4490. */
export const getCoverageMap = endpoint({
  name: 'getCoverageMap',
  access: 'coverage.read',
  summary: 'Served area and blind-spot polygons for drawing',
  method: 'GET',
  path: '/cities/:city/coverage-runs/:run/map',
  params: RunParams,
  reply: z.object({
    served: Geometry.nullable(),
    blindSpots: z.array(z.object({ id: z.string(), rank: z.number().int(), people: z.number().nullable(), geometry: Geometry })),
    /** Streets within the walk, by the walking ruler; `isCut` where there are more than are drawn. */
    streets: z.object({ geometry: Geometry, isCut: z.boolean() }).nullable(),
  }),
})

/** GET, `?format=xlsx|csv|gpkg|shp|geojson`; a file. */
export const COVERAGE_EXPORT_PATH = '/cities/:city/coverage-runs/:run/export'
export const COVERAGE_EXPORT_FORMATS = RUN_FILE_FORMATS
