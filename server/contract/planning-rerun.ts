/** 复算: a finished run of coverage or of any tool of the bench computed again over the data as they are now, as a kind of planning run. */
import { z } from 'zod'
import { planningKind } from './planning-kind.ts'

export const RERUN_ENGINE_VERSION = '1'

/** What a run was made from and is made from now. `rowsAdded` and `rowsEnded` since the run began. */
export const RerunChange = z.object({
  what: z.enum(['engine', 'measure', 'rule', 'walking_settings', 'layer', 'gates', /** Rule, settings and the like, by the name that the passport has for them. */ 'basis', /** The city no longer answers the question; `after` says why. */ 'question', 'other']),
  name: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  rowsAdded: z.number().int().nullable(),
  rowsEnded: z.number().int().nullable(),
})
export type RerunChange = z.infer<typeof RerunChange>

export const RerunResult = z.object({
  /** The run that was computed again. */
  run: z.uuid(),
  /** Empty where everything the answer is made from is as it was. */
  changes: z.array(RerunChange),
  /** Numbers of the result (of coverage: summary, units and blind spots) that were held against each other, and how many are not the same to the last digit. */
  compared: z.number().int(),
  different: z.number().int(),
  /** The first of them. */
  differences: z.array(z.object({ figure: z.string(), before: z.number().nullable(), after: z.number().nullable() })),
  isSame: z.boolean(),
  /** A search ended by its time limit, here or in the run: with the same inputs it may have come farther or less far. Runs from before 2026-11-28 lack it. */
  isTimeLimited: z.boolean().optional(),
})
export type RerunResult = z.infer<typeof RerunResult>

export const RERUN = planningKind('rerun', {
  question: z.object({ run: z.uuid() }),
  /** Every asking is a new one: a stored comparison would prove nothing. */
  input: z.object({ run: z.uuid(), askedAt: z.iso.datetime() }),
  interim: z.null(),
  result: RerunResult,
  drawing: z.object({}),
})
