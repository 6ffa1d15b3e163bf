/**
 * Terminology
 * - scenario 方案: what if something were different: edits over the city's data, which stay as they are.
 * - version: the edits as they stood at one time; never changed, so that a run over it can be told from its number.
 * - drift: what of the city's data changed since a version was made.
 */
import { z } from 'zod'
import { CityKey, CityParams } from './cities.ts'
import { CoverageQuestion } from './coverage.ts'
import { endpoint } from './endpoint.ts'
import { Position } from './geojson.ts'

const Ring = z.array(Position).min(4).max(2000)
/** What can be drawn: polygons, with holes or without, or a point. */
export const DrawnShape = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Polygon'), coordinates: z.array(Ring).min(1).max(50) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(Ring).min(1).max(50)).min(1).max(50) }),
  z.object({ type: z.literal('Point'), coordinates: Position }),
])
export type DrawnShape = z.infer<typeof DrawnShape>

const Id = z.uuid()
const Name = z.string().trim().max(80)
/** One change. `feature` is the id of a facility of the data, or of an edit that adds one. */
export const ScenarioEdit = z.discriminatedUnion('kind', [
  z.object({ id: Id, kind: z.literal('facility'), name: Name, geometry: DrawnShape }),
  z.object({ id: Id, kind: z.literal('change'), feature: Id, name: Name, geometry: DrawnShape }),
  z.object({ id: Id, kind: z.literal('close'), feature: Id, name: Name }),
  z.object({ id: Id, kind: z.literal('open'), feature: Id, name: Name }),
  z.object({ id: Id, kind: z.literal('gate'), feature: Id, name: Name, position: Position }),
  /** The gate of a facility nearest to a position is shut: one that is on record or found, not one that an edit puts in or a drawn path opens. */
  z.object({ id: Id, kind: z.literal('close_gate'), feature: Id, name: Name, position: Position }),
  /** A path; a crossing is a bridge or an underpass, which is stepped on only at its ends. */
  z.object({ id: Id, kind: z.literal('path'), name: Name, line: z.array(Position).min(2).max(500), isCrossing: z.boolean() }),
  /** The path nearest to a position is closed. */
  z.object({ id: Id, kind: z.literal('close_path'), name: Name, position: Position }),
])
export type ScenarioEdit = z.infer<typeof ScenarioEdit>

export const SCENARIO_MOST_EDITS = 200
const Edits = z.array(ScenarioEdit).max(SCENARIO_MOST_EDITS)
const Title = z.string().trim().min(1).max(80)
/** A scenario brings its edits; a question within it names none. */
const Question = CoverageQuestion.refine((question) => question.scenario === undefined, { message: '方案里不能再套方案。A scenario holds no other scenario', path: ['scenario'] })

export const ScenarioVersionHead = z.object({ number: z.number().int(), title: z.string().nullable(), editCount: z.number().int(), createdBy: z.string(), createdAt: z.iso.datetime({ offset: true }) })
export type ScenarioVersionHead = z.infer<typeof ScenarioVersionHead>

export const Scenario = z.object({
  id: z.string(),
  title: z.string(),
  /** Number of its newest version. */
  version: z.number().int(),
  editCount: z.number().int(),
  createdBy: z.string(),
  createdAt: z.iso.datetime({ offset: true }),
  updatedAt: z.iso.datetime({ offset: true }),
})
export type Scenario = z.infer<typeof Scenario>

/** What of a kind of data came and went since a version was made. */
export const ScenarioDrift = z.object({ kind: z.string(), added: z.number().int(), ended: z.number().int() })
export type ScenarioDrift = z.infer<typeof ScenarioDrift>

export const ScenarioVersion = z.object({
  scenario: Scenario,
  number: z.number().int(),
  title: z.string().nullable(),
  question: CoverageQuestion,
  edits: z.array(ScenarioEdit),
  createdBy: z.string(),
  createdAt: z.iso.datetime({ offset: true }),
  /** Kinds that changed since; empty where nothing did. */
  drift: z.array(ScenarioDrift),
})
export type ScenarioVersion = z.infer<typeof ScenarioVersion>

const ScenarioParams = z.object({ city: CityKey, scenario: z.uuid() })
const VersionParams = ScenarioParams.extend({ version: z.coerce.number().int().min(1) })

export const listScenarios = endpoint({ name: 'listScenarios', access: 'coverage.read', summary: 'Scenarios, the one changed last first', method: 'GET', path: '/cities/:city/scenarios', params: CityParams, query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }), reply: z.object({ scenarios: z.array(Scenario), total: z.number().int() }) })
export const createScenario = endpoint({ name: 'createScenario', access: 'coverage.run', summary: 'A new scenario with its first version', method: 'POST', path: '/cities/:city/scenarios', status: 201, params: CityParams, body: z.object({ title: Title, question: Question, edits: Edits.default([]) }), reply: ScenarioVersion })
export const listScenarioVersions = endpoint({ name: 'listScenarioVersions', access: 'coverage.read', summary: 'Versions of a scenario, newest first', method: 'GET', path: '/cities/:city/scenarios/:scenario/versions', params: ScenarioParams, query: z.object({ before: z.coerce.number().int().optional(), limit: z.coerce.number().int().min(1).max(200).default(50), named: z.enum(['true', 'false']).optional() }), reply: z.object({ versions: z.array(ScenarioVersionHead) }) })
export const getScenarioVersion = endpoint({ name: 'getScenarioVersion', access: 'coverage.read', summary: 'One version with its edits, and what of the data changed since', method: 'GET', path: '/cities/:city/scenarios/:scenario/versions/:version', params: VersionParams, reply: ScenarioVersion })
export const saveScenarioVersion = endpoint({
  name: 'saveScenarioVersion', access: 'coverage.run', summary: 'The next version of a scenario; a name makes it one to come back to', method: 'POST', path: '/cities/:city/scenarios/:scenario/versions', status: 201, params: ScenarioParams,
  /** `version`: the newest one that the caller saw; an older one is answered 409 `stale`. */
  body: z.object({ version: z.number().int(), title: Title.nullable().default(null), question: Question, edits: Edits }), reply: ScenarioVersion,
})
export const copyScenario = endpoint({ name: 'copyScenario', access: 'coverage.run', summary: 'A scenario of its own that starts as a version of another', method: 'POST', path: '/cities/:city/scenarios/:scenario/copy', status: 201, params: ScenarioParams, body: z.object({ version: z.number().int(), title: Title }), reply: ScenarioVersion })
export const renameScenario = endpoint({ name: 'renameScenario', access: 'coverage.run', summary: 'Another title', method: 'POST', path: '/cities/:city/scenarios/:scenario/title', params: ScenarioParams, body: z.object({ version: z.number().int(), title: Title }), reply: Scenario })
export const endScenario = endpoint({ name: 'endScenario', access: 'coverage.run', summary: 'Put a scenario away; its versions and their runs stay', method: 'POST', path: '/cities/:city/scenarios/:scenario/end', params: ScenarioParams, body: z.object({ version: z.number().int() }), reply: z.object({ ended: z.boolean() }) })

/** Areas of moves and of whole runs agree to this share, as overlays of the two database engines do. */
export const SCENARIO_AREA_TOLERANCE = 1e-8

/** Typed arrays and well-known binary as base64, little endian, in metres of the city's plane. */
const Bytes = z.string()
export const WhatIfGround = z.object({
  /** Definition of the city's plane (PROJ), to bring drawings into it. */
  plane: z.string(),
  bands: z.array(z.object({ minAreaM2: z.number(), maxAreaM2: z.number().nullable(), zone: z.enum(['all', 'historic_district']), radiusMeters: z.number() })),
  historic: z.array(Bytes),
  demand: z.object({ name: z.string(), unit: z.enum(['people', 'buildings', 'beds', 'pupils', 'facilities', 'm2']) }),
  /** Float64: x, y interleaved; and one weight for each. */
  points: Bytes,
  weights: Bytes,
  facilities: z.array(z.object({ id: z.string(), name: z.string().nullable(), wkb: Bytes, /** By its class and size, whoever may enter; null where it would not count. */ radiusMeters: z.number().nullable(), /** Nobody, or not everybody, may enter. */ isShut: z.boolean(), /** Not counted for its class, whatever its size. */ isBarred: z.boolean(), /** Its gates are on record: a path across its boundary opens none. */ isOnRecord: z.boolean(), gates: Bytes, /** One byte for each gate: 1 where it is the facility itself, stored as a point. */ isPoint: Bytes })),
  walking: z
    .object({ nodeCount: z.number().int(), from: Bytes, to: Bytes, lengthMeters: Bytes, isBridge: Bytes, impedance: z.object({ toFirst: Bytes, toLast: Bytes }).optional(), courses: Bytes, courseStart: Bytes, homeToleranceMeters: z.number(), gateToleranceMeters: z.number(), pointToleranceMeters: z.number(), openEdgeSpacingMeters: z.number(), scrapShare: z.number() })
    .nullable(),
  /** By the straight line: residential land as polygons, each square metre once, where the question is about it; else the ground whose served area is told. */
  area: z
    .discriminatedUnion('kind', [z.object({ kind: z.literal('residential'), parcels: Bytes, parcelStart: Bytes, areasM2: Bytes }), z.object({ kind: z.literal('served'), clip: Bytes.nullable() })])
    .nullable(),
})
export type WhatIfGround = z.infer<typeof WhatIfGround>
export const getWhatIfGround = endpoint({ name: 'getWhatIfGround', access: 'coverage.run', summary: 'What a question reads of a city, for a browser that answers moves by itself', method: 'POST', path: '/cities/:city/what-if-ground', params: CityParams, body: Question, reply: WhatIfGround })

/** GET, `?runs=ID,ID&format=xlsx|csv|gpkg|shp|geojson`; finished coverage runs of one question beside each other, the first being what the others are held against. */
export const COMPARISON_EXPORT_PATH = '/cities/:city/coverage-comparison/export'
/** The city as it is, and four versions. */
export const COMPARISON_MOST_RUNS = 5
