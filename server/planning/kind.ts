/** How a kind of planning run is carried out; each kind has one such description, named in kinds.ts. */
import type { CityRow } from '../cities/cities.ts'
import type { PlanningKindName, PlanningQuestion, PlanningRunOf, PlanningDrawing } from '../contract/planning.ts'
import type { Db } from '../db/db.ts'
import type { Logger } from 'pino'

export type QuestionOf<Kind extends PlanningKindName> = Extract<PlanningQuestion, { kind: Kind }>['input']
export type InputOf<Kind extends PlanningKindName> = PlanningRunOf<Kind>['input']
export type InterimOf<Kind extends PlanningKindName> = NonNullable<PlanningRunOf<Kind>['interim']>
export type ResultOf<Kind extends PlanningKindName> = NonNullable<PlanningRunOf<Kind>['result']>
export type DrawingOf<Kind extends PlanningKindName> = Extract<PlanningDrawing, { kind: Kind }>['drawing']

/** A question with what its answer depends on. */
export interface Settled<Input> {
  input: Input
  /** Kinds of layers that are read: their versions are part of the key. */
  reads: string[]
  /** Beside the layers: rule with version, settings … Part of the key and of the passport. */
  basis: Record<string, unknown>
}

export interface ExecuteTools<Interim> {
  db: Db
  log: Logger
  /** Aborted with AppError `cancelled` when somebody cancels, `unavailable` when the server stops. */
  signal: AbortSignal
  /** Called often; percent only grows. @throws the signal's reason once aborted. */
  progress(stage: string, percent: number, interim?: Interim): Promise<void>
}

export interface Executed<Result, Drawing> {
  result: Result
  drawing: Drawing
  formula: string
  methodZh: string
  methodEn: string
}

export interface PlanningKind<Kind extends PlanningKindName = PlanningKindName> {
  kind: Kind
  engineVersion: string
  /** Checks a question against the city. @throws AppError bad_request, saying what is there. */
  settle(db: Db, city: CityRow, question: QuestionOf<Kind>): Promise<Settled<InputOf<Kind>>>
  /**
   * Computes the answer, in a thread of its own where that takes long.
   * A kind that keeps the best so far answers it when it is cancelled; any other throws the signal's reason.
   */
  execute(city: CityRow, settled: Settled<InputOf<Kind>>, tools: ExecuteTools<InterimOf<Kind>>): Promise<Executed<ResultOf<Kind>, DrawingOf<Kind>>>
}
