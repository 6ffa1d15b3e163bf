/** Between the queues of the contract and the filter of the console. Pure. */
import type { IncidentFilterInput } from '../../server/contract/incidents.ts'
import type { AnyRole } from '../../server/contract/permissions.ts'
import { QueueKey, QUEUES, queuesFor } from '../../server/contract/queues.ts'

/** Conditions that a queue stands for; all else stays when the queue is changed. */
type QueuePart = Pick<IncidentFilterInput, 'queue' | 'status' | 'states' | 'mine' | 'supervised' | 'returned'>

/** What a queue asks of the filter; null: every open case. */
export function filterOfQueue(key: QueueKey | null): QueuePart {
  return { queue: key ?? undefined, status: key === null ? 'open' : undefined, states: undefined, mine: undefined, supervised: undefined, returned: undefined }
}

/** The queue that a filter shows; null for all open cases; undefined where the filter is none of them. */
export function queueOfFilter(filter: IncidentFilterInput): QueueKey | null | undefined {
  if (filter.queue !== undefined) return filter.queue
  return filter.status === 'open' && filter.states === undefined ? null : undefined
}

/** Conditions beside the queue itself. */
export function conditionsBeside(filter: IncidentFilterInput): IncidentFilterInput {
  const { queue: _queue, status: _status, states: _states, mine: _mine, supervised: _supervised, returned: _returned, ...rest } = filter
  return rest
}

/** The queues of somebody's work and the others, each in the order of the rail. Whoever only looks on has none of his own. */
export function splitQueues(roles: ReadonlySet<AnyRole>): { mine: QueueKey[]; others: QueueKey[] } {
  const own = queuesFor(roles)
  const isWorker = own.some((key) => (QUEUES[key].roles as readonly AnyRole[]).some((role) => roles.has(role)))
  const mine = isWorker ? own : []
  return { mine, others: QueueKey.options.filter((key) => !mine.includes(key) && key !== 'mine') }
}

/** Where somebody begins: the first queue along the life of a case that is his work. */
export function firstQueue(roles: ReadonlySet<AnyRole>): QueueKey | null {
  return splitQueues(roles).mine.find((key) => key !== 'mine') ?? null
}
