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

/** Whom a kept view is for: oneself, the organisation of one's post, everybody in the city. */
export const SavedFilterShare = z.enum(['own', 'organisation', 'city'])

const Name = z.string().trim().min(1).max(60).refine((text) => !/[\p{Cc}\p{Surrogate}]/u.test(text), 'holds characters that cannot be stored')
/** The address of the view, as the console writes it behind `?`: keys and values, nothing of the cases themselves. */
const UrlState = z.string().max(4000).regex(/^[\x21-\x7e]*$/, 'must be the query of an address')

export const SavedFilter = z.object({
  id: z.string(),
  name: z.string(),
  share: SavedFilterShare,
  urlState: z.string(),
  owner: z.string(),
  isMine: z.boolean(),
  version: z.number().int(),
  updatedAt: z.iso.datetime({ offset: true }),
})
export type SavedFilter = z.infer<typeof SavedFilter>

export const SAVED_FILTERS_PER_ACCOUNT = 100

export const listSavedFilters = endpoint({
  name: 'listSavedFilters',
  access: 'incidents.read',
  summary: 'Views kept by the caller and those shared with him, his own first',
  method: 'GET',
  path: '/cities/:city/saved-filters',
  params: CityParams,
  reply: z.object({ filters: z.array(SavedFilter) }),
})

export const createSavedFilter = endpoint({
  name: 'createSavedFilter',
  access: 'incidents.read',
  summary: 'Keep a view under a name',
  method: 'POST',
  path: '/cities/:city/saved-filters',
  status: 201,
  params: CityParams,
  body: z.object({ name: Name, share: SavedFilterShare.default('own'), urlState: UrlState }),
  reply: SavedFilter,
})

export const changeSavedFilter = endpoint({
  name: 'changeSavedFilter',
  access: 'incidents.read',
  summary: 'Rename, share or re-point a view of one’s own',
  method: 'PATCH',
  path: '/cities/:city/saved-filters/:id',
  params: z.object({ city: CityKey, id: z.uuid() }),
  body: z.object({ version: z.number().int(), name: Name.optional(), share: SavedFilterShare.optional(), urlState: UrlState.optional() }),
  reply: SavedFilter,
})

export const endSavedFilter = endpoint({
  name: 'endSavedFilter',
  access: 'incidents.read',
  summary: 'Give a view of one’s own up',
  method: 'POST',
  path: '/cities/:city/saved-filters/:id/end',
  params: z.object({ city: CityKey, id: z.uuid() }),
  body: z.object({ version: z.number().int() }),
  reply: z.object({ id: z.string() }),
})
