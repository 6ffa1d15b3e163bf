/**
 * Terminology
 * - planning run: a longer piece of planning work of one kind: asked, computed in the background, answered from the store when asked again.
 * - interim: the best so far while a run is under way.
 * - drawing: what the map draws of an answer.
 */
import { z } from 'zod'
import { CityKey, CityParams } from './cities.ts'
import { endpoint } from './endpoint.ts'
import { INDICATORS } from './planning-indicators.ts'
import { MENDS } from './planning-mends.ts'
import { RERUN } from './planning-rerun.ts'
import { SITING } from './planning-siting.ts'
import { SUPPLY } from './planning-supply.ts'

export { PlanningPassport } from './planning-kind.ts'

/** Every kind, one entry each. */
const KINDS = [SITING, MENDS, SUPPLY, INDICATORS, RERUN] as const

type Kinds = typeof KINDS
/** One schema of every kind, as a union takes them. */
type Each<All extends readonly unknown[], Part extends string> = { [Index in keyof All]: All[Index] extends Record<Part, infer Schema> ? Schema : never }
const each = <const Part extends 'asked' | 'listed' | 'run' | 'drawn'>(part: Part) => KINDS.map((kind) => kind[part]) as unknown as Each<Kinds, Part>

export type PlanningKindName = Kinds[number]['kind']
export const PLANNING_KIND_NAMES = KINDS.map(({ kind }) => kind) as [PlanningKindName, ...PlanningKindName[]]

/** A question of any kind: `{ kind, input }`. */
export const PlanningQuestion = z.discriminatedUnion('kind', each('asked'))
export type PlanningQuestion = z.output<typeof PlanningQuestion>

export const PlanningRun = z.discriminatedUnion('kind', each('run'))
export type PlanningRun = z.output<typeof PlanningRun>
/** A run of one kind. */
export type PlanningRunOf<Kind extends PlanningKindName> = Extract<PlanningRun, { kind: Kind }>

export const PlanningRunHead = z.discriminatedUnion('kind', each('listed'))
export type PlanningRunHead = z.output<typeof PlanningRunHead>

export const PlanningDrawing = z.discriminatedUnion('kind', each('drawn'))
export type PlanningDrawing = z.output<typeof PlanningDrawing>

const RunParams = z.object({ city: CityKey, run: z.uuid() })

export const startPlanningRun = endpoint({ name: 'startPlanningRun', access: 'coverage.run', summary: 'Ask for a planning run; the same question over the same inputs is answered from the store', method: 'POST', path: '/cities/:city/planning-runs', status: 202, params: CityParams, body: PlanningQuestion, reply: PlanningRun })
export const listPlanningRuns = endpoint({
  name: 'listPlanningRuns',
  access: 'coverage.read',
  summary: 'Latest planning runs, of one kind or of all',
  method: 'GET',
  path: '/cities/:city/planning-runs',
  params: CityParams,
  query: z.object({ kind: z.enum(PLANNING_KIND_NAMES).optional(), limit: z.coerce.number().int().min(1).max(100).default(20) }),
  reply: z.object({ runs: z.array(PlanningRunHead) }),
})
export const getPlanningRun = endpoint({ name: 'getPlanningRun', access: 'coverage.read', summary: 'One planning run', method: 'GET', path: '/cities/:city/planning-runs/:run', params: RunParams, reply: PlanningRun })
export const getPlanningDrawing = endpoint({ name: 'getPlanningDrawing', access: 'coverage.read', summary: 'What the map draws of an answer', method: 'GET', path: '/cities/:city/planning-runs/:run/drawing', params: RunParams, reply: PlanningDrawing })
export const cancelPlanningRun = endpoint({ name: 'cancelPlanningRun', access: 'coverage.run', summary: 'Cancel a waiting or running planning run; some kinds keep the best so far', method: 'POST', path: '/cities/:city/planning-runs/:run/cancel', params: RunParams, reply: PlanningRun })

/** GET, `?format=xlsx|csv|gpkg|shp|geojson`; the answer of a run of sites, supply or mends as a file. */
export const PLANNING_EXPORT_PATH = '/cities/:city/planning-runs/:run/export'
