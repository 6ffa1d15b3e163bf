/** What a city settles about its evaluation: denominators, weights, minimum samples, bands. Kept by version; an edit is a new version. */
import { z } from 'zod'
import { COUNT_KEYS, type CountKey } from './evaluation-counts.ts'
import { ObjectKind } from './evaluation-objects.ts'
import { RATE_KEYS, type RateKey, RATES } from './evaluation-rates.ts'

const Rate = z.enum(RATE_KEYS as [RateKey, ...RateKey[]])
const Count = z.enum(COUNT_KEYS as [CountKey, ...CountKey[]])
const Words = z.string().trim().min(1).max(500)

/** One part of a composite score: full points at `fullAt`, none at `zeroAt`, in the rate's own unit, linear between. */
export const ScorePart = z.object({
  indicator: Rate,
  weight: z.number().positive().max(100),
  zeroAt: z.number(),
  fullAt: z.number(),
}).refine((part) => part.zeroAt !== part.fullAt, { message: '零分与满分的值不能相同。ZeroAt and fullAt must differ', path: ['fullAt'] })
export type ScorePart = z.infer<typeof ScorePart>

export const ScoreSheet = z.object({
  parts: z.array(ScorePart).min(1).max(20).refine((parts) => new Set(parts.map((part) => part.indicator)).size === parts.length, 'each indicator once'),
  /** Which count says how much an object had to do, and how much it needs to be ranked. */
  sample: Count,
  minimumSample: z.number().int().min(1).max(100_000),
})
export type ScoreSheet = z.infer<typeof ScoreSheet>

export const RuleContent = z.object({
  denominators: z.partialRecord(Rate, Count),
  sheets: z.record(ObjectKind, ScoreSheet),
  /** Grades 1 (best) to 4 begin at these scores; below the last is grade 5. */
  bands: z.array(z.number().min(0).max(100)).length(4).refine((bands) => bands.every((from, index) => index === 0 || from < (bands[index - 1] ?? 101)), 'each must be lower than the one before'),
  recurrence: z.object({
    radiusMeters: z.number().positive().max(1000),
    days: z.number().int().min(1).max(366),
    /** Taken off the score for each percent of closed cases that came back. */
    pointsPerPercent: z.number().min(0).max(10),
    maximumPoints: z.number().min(0).max(100),
  }),
  /** Standard score of the confidence interval: 1.96 for 95 %. */
  confidenceZ: z.number().min(0.5).max(4),
  /** Ranked by what the sample proves (the unfavourable end of the intervals), or by the bare score. */
  rankBy: z.enum(['lower_bound', 'score']),
  publicSources: z.array(z.string()).min(1),
}).superRefine((rule, context) => {
  for (const [rate, count] of Object.entries(rule.denominators)) {
    const allowed: readonly string[] = RATES[rate as RateKey].denominators
    if (count !== undefined && !allowed.includes(count)) context.addIssue({ code: 'custom', path: ['denominators', rate], message: `choose one of: ${allowed.join(', ')}` })
  }
})
export type RuleContent = z.infer<typeof RuleContent>

export const EvaluationRule = z.object({
  id: z.string(),
  version: z.number().int(),
  /** Whether it is the city's own or the one that comes with the program. */
  isOwn: z.boolean(),
  content: RuleContent,
  source: z.string(),
  verified: z.boolean(),
  note: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.iso.datetime({ offset: true }),
})
export type EvaluationRule = z.infer<typeof EvaluationRule>

export const NewRule = z.object({ content: RuleContent, source: Words, verified: z.boolean().default(false), note: Words.optional(), /** The version it was made from: a newer one in between is a conflict. */ basedOn: z.number().int() })
export type NewRule = z.infer<typeof NewRule>
