/** The queues of the workbench: how much is in each, and which case comes next. */
import type { CityRow } from '../cities/cities.ts'
import type { Reply } from '../contract/endpoint.ts'
import type { IncidentFilter } from '../contract/incidents.ts'
import { type QueueContent, QueueKey, QUEUES } from '../contract/queues.ts'
import type { getNextIncident as getNextIncidentEndpoint, listQueues as listQueuesEndpoint } from '../contract/workbench.ts'
import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { incidentFilter, openCasesUnder, visibleIncident } from './filter-queries.ts'
import { listIncidentPage, type SortKey } from './queries.ts'
import { findPlaceInOrder, listQueueGroups, type QueueGroup } from './queue-queries.ts'
import type { Visibility } from './visibility.ts'

/** Says of a group what `queuedIncident` says of its cases. */
function isIn(group: QueueGroup, { states, mine, supervised, returned }: QueueContent): boolean {
  return (!states || states.includes(group.state)) && (!mine || group.isMine) && (!supervised || group.isSupervised) && (!returned || group.isReturned)
}

/** What each queue holds of what the filter lets through: the same rows that the list shows for that queue. */
export async function listQueues(db: Queryable, city: CityRow, visibility: Visibility, filter: IncidentFilter, at: Date): Promise<Reply<typeof listQueuesEndpoint>> {
  const groups = await listQueueGroups(db, openCasesUnder(incidentFilter(city, visibility, filter, at), filter), visibility, at)
  const queues = QueueKey.options.map((key) => {
    const content: QueueContent = QUEUES[key].content
    const own = groups.filter((group) => isIn(group, content))
    return { key, count: own.reduce((sum, { count }) => sum + count, 0), overdue: own.reduce((sum, { overdue }) => sum + overdue, 0) }
  })
  return { queues, asOf: at.toISOString() }
}

/** The order a list is worked in when nobody says otherwise. */
function sortOf(filter: IncidentFilter, sort: SortKey | undefined): SortKey {
  return sort ?? (filter.queue ? QUEUES[filter.queue].sort : 'reported')
}

/**
 * The case after this one, in the order of the list. This one need not be in it any more: it may just have been worked.
 * @throws AppError not_found when there is no such case for the caller.
 */
export async function getNextIncident(db: Queryable, city: CityRow, visibility: Visibility, id: string, filter: IncidentFilter, sort: SortKey | undefined, at: Date): Promise<Reply<typeof getNextIncidentEndpoint>> {
  const place = await findPlaceInOrder(db, city.cityId, id, visibleIncident(visibility))
  if (!place) throw new AppError('not_found', `${city.nameZh}没有案件 ${id}，或您无权查看。There is no incident ${id} in ${city.nameEn}.`)
  const order = sortOf(filter, sort)
  const where = incidentFilter(city, visibility, filter, at)
  const key = order === 'due' ? place.dueAt : order === 'severity' ? place.severity : null
  const [after] = await listIncidentPage(db, where, order, { ...place, key }, 1)
  if (after) return { incident: after.summary, isFromStart: false }
  const [first] = await listIncidentPage(db, where, order, undefined, 1)
  return first && first.summary.id !== id ? { incident: first.summary, isFromStart: true } : { incident: null, isFromStart: false }
}
