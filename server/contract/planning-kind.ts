/** What every kind of planning run has in common, and how a kind is described once for all of the contract. */
import { z } from 'zod'
import { DatedLayer, JobStatus } from './coverage.ts'

/** What an answer was made from: question, inputs with their versions, engine, formula and method in words. */
export const PlanningPassport = z.object({
  engineVersion: z.string(),
  key: z.string(),
  input: z.unknown(),
  /** Rule, settings and whatever else the answer depends on beside the layers. */
  basis: z.record(z.string(), z.unknown()),
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
export type PlanningPassport = z.infer<typeof PlanningPassport>

const head = {
  id: z.string(),
  status: JobStatus,
  /** `waiting`, stages of the kind's own, `done`. */
  stage: z.string(),
  percent: z.number(),
  elapsedSeconds: z.number(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  createdAt: z.iso.datetime({ offset: true }),
  finishedAt: z.iso.datetime({ offset: true }).nullable(),
}

/**
 * One kind of planning run.
 * @param of.question what may be asked; `input` the same with everything settled, as the run keeps it
 * @param of.interim the best so far while it runs; `result` the answer; `drawing` what the map draws of it, fetched by itself
 */
export function planningKind<const Kind extends string, Question extends z.ZodType, Input extends z.ZodType, Interim extends z.ZodType, Result extends z.ZodType, Drawing extends z.ZodType>(
  kind: Kind,
  of: { question: Question; input: Input; interim: Interim; result: Result; drawing: Drawing },
) {
  const named = { kind: z.literal(kind) }
  // A run keeps its question settled: what has a default in a question is always there.
  const input = of.input as unknown as z.ZodType<z.output<Input>, z.output<Input>>
  return {
    kind,
    ...of,
    asked: z.object({ ...named, input: of.question }),
    /** Without what is heavy. */
    listed: z.object({ ...head, ...named, input }),
    run: z.object({
      ...head, ...named,
      input,
      /** True when the answer was already in the store. */
      reused: z.boolean(),
      interim: of.interim.nullable(),
      /** Of a cancelled run the best so far, where the kind keeps one. */
      result: of.result.nullable(),
      passport: PlanningPassport.nullable(),
    }),
    drawn: z.object({ ...named, drawing: of.drawing }),
  }
}
