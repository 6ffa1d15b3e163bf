/** Limits of the stages, thresholds of the lights, and what the clock does by itself: versions of a city. Deadlines given before stay. */
import { z } from 'zod'
import { CityParams } from './cities.ts'
import { CLOCK_STAGES, ClockStage, Limit } from './clocks.ts'
import { endpoint } from './endpoint.ts'

const Share = z.number().multipleOf(0.01, 'has at most two decimals')

export const ClockRulesDefinition = z
  .object({
    /** A stage that is not named has a clock without an end; handling goes by the filing condition first. */
    limits: z.array(z.object({ stage: ClockStage, limit: Limit.refine(({ amount }) => Math.abs(amount * 100 - Math.round(amount * 100)) < 1e-6, 'has at most two decimals') })).min(1, 'names no stage').max(CLOCK_STAGES.length)
      .refine((rows) => new Set(rows.map(({ stage }) => stage)).size === rows.length, 'names a stage twice'),
    /** Share of a limit at which a light turns blue, amber; dark red is above 1, after the limit has passed. */
    blueShare: Share.min(0.01).max(0.98),
    amberShare: Share.min(0.02).max(0.99),
    darkRedShare: Share.min(1.01).max(99),
    /** Whether a rework begins a new limit or goes on with what was left. */
    reworkTimer: z.enum(['new', 'remaining']),
    supervisesOverdue: z.boolean(),
    supervisesAboutToBeOverdue: z.boolean(),
    source: z.string().trim().min(1).max(1000),
    verified: z.boolean(),
  })
  .refine(({ blueShare, amberShare }) => blueShare < amberShare, { message: '须晚于蓝灯。Must come after blue', path: ['amberShare'] })
export type ClockRulesDefinition = z.infer<typeof ClockRulesDefinition>

export const ClockRulesView = z.object({
  owner: z.enum(['city', 'default']),
  version: z.number().int(),
  isInForce: z.boolean(),
  createdBy: z.string(),
  createdAt: z.iso.datetime({ offset: true }),
  definition: ClockRulesDefinition,
})
export type ClockRulesView = z.infer<typeof ClockRulesView>

export const listClockRules = endpoint({
  name: 'listClockRules',
  access: 'reference.read',
  summary: 'Limits of the stages and rules of the clock in a city, and earlier versions, newest first',
  method: 'GET',
  path: '/cities/:city/clock-rules',
  params: CityParams,
  reply: z.object({ rules: z.array(ClockRulesView) }),
})

/** Clocks that begin from now on go by it; those that run keep their deadlines. */
export const putClockRules = endpoint({
  name: 'putClockRules',
  access: 'reference.edit',
  summary: 'Write a new version of a city’s limits of the stages and rules of the clock',
  method: 'POST',
  path: '/cities/:city/clock-rules',
  status: 201,
  params: CityParams,
  body: z.object({
    /** Version of the city's own rules that was looked at; 0 when it has none. An older one is answered 409 `stale`. */
    version: z.number().int().min(0),
    definition: ClockRulesDefinition,
  }),
  reply: ClockRulesView,
})
