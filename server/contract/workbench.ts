/** What the workbench asks beside the case itself: counts of queues, the next case. */
import { z } from 'zod'
import { CityKey, CityParams } from './cities.ts'
import { endpoint } from './endpoint.ts'
import { IncidentFilter, IncidentSummary } from './incidents.ts'
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
