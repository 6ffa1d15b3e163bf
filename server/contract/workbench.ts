/** What the workbench asks beside the case itself: counts of queues, the next case, steps on many cases, filters that people keep. */
import { z } from 'zod'
import { CityKey, CityParams } from './cities.ts'
import { endpoint } from './endpoint.ts'
import { ErrorCode } from './errors.ts'
import { type IncidentAction, IncidentFilter, IncidentState, IncidentSummary, IncidentTransition } from './incidents.ts'
import { QueueKey } from './queues.ts'

export const QueueCount = z.object({ key: QueueKey, count: z.number().int(), overdue: z.number().int() })
export type QueueCount = z.infer<typeof QueueCount>

export const listQueues = endpoint({
  name: 'listQueues',
  access: 'incidents.read',
  summary: 'How many cases each queue holds under a filter, and how many of them are overdue',
  method: 'GET',
  path: '/cities/:city/queues',
  params: CityParams,
  query: IncidentFilter.omit({ queue: true }),
  reply: z.object({ queues: z.array(QueueCount), asOf: z.iso.datetime({ offset: true }) }),
})

export const getNextIncident = endpoint({
  name: 'getNextIncident',
  access: 'incidents.read',
  summary: 'The case after this one under a filter, in its order; after the last comes the first',
  method: 'GET',
  path: '/cities/:city/incidents/:id/next',
  params: z.object({ city: CityKey, id: z.uuid() }),
  query: IncidentFilter.extend({
    /** Without it, the order of the queue; newest first without a queue. */
    sort: z.enum(['reported', 'due', 'severity']).optional(),
  }),
  reply: z.object({
    /** Null when there is no other. */
    incident: IncidentSummary.nullable(),
    /** The end was reached and it goes on from the first. */
    isFromStart: z.boolean(),
  }),
})

/** Steps that can be taken back for a moment: they only pass a case on. Filing, ending and returning are acts that stand. */
export const UNDOABLE_ACTIONS = ['accept', 'send_verify', 'dispatch', 'sign', 'confirm', 'send_check', 'accept_on_evidence'] as const satisfies readonly IncidentAction[]
/** How long a step on many cases can be taken back. */
export const UNDO_SECONDS = 30

/** What became of one case of many. */
export const BulkOutcome = z.object({
  id: z.string(),
  outcome: z.enum(['done', 'refused']),
  /** Where it stands now; null when it is not there for the caller. */
  state: IncidentState.nullable(),
  version: z.number().int().nullable(),
  /** Why not; null when it was done. */
  code: ErrorCode.nullable(),
  reason: z.string().nullable(),
})
export type BulkOutcome = z.infer<typeof BulkOutcome>

export const BulkTransition = IncidentTransition.omit({ version: true, masterId: true, mediaIds: true }).extend({
  cases: z
    .array(z.object({ id: z.uuid(), version: z.number().int() }))
    .min(1)
    .max(200)
    .refine((cases) => new Set(cases.map(({ id }) => id)).size === cases.length, 'names a case twice'),
})
export type BulkTransition = z.infer<typeof BulkTransition>

export const bulkTransition = endpoint({
  name: 'bulkTransition',
  access: 'incidents.act',
  summary: 'One step on up to 200 incidents, each by itself: done, or refused with its reason',
  method: 'POST',
  path: '/cities/:city/incident-transitions',
  params: CityParams,
  body: BulkTransition,
  reply: z.object({
    outcomes: z.array(BulkOutcome),
    /** What to call to take it back, and until when; null where the step stands. */
    undo: z.object({ id: z.string(), until: z.iso.datetime({ offset: true }) }).nullable(),
  }),
})

export const undoBulk = endpoint({
  name: 'undoBulk',
  access: 'incidents.act',
  summary: 'Take a step on many incidents back within 30 seconds, where nobody has acted since',
  method: 'POST',
  path: '/cities/:city/incident-transitions/:id/undo',
  params: z.object({ city: CityKey, id: z.uuid() }),
  reply: z.object({ outcomes: z.array(BulkOutcome) }),
})
