import type { CityRow } from '../cities/cities.ts'
import type { Reply } from '../contract/endpoint.ts'
import type { countIncidents as countIncidentsEndpoint, IncidentFilter } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { type CountBucket, countLeftOut, countOverdue, listCountBuckets } from './count-queries.ts'
import { incidentFilter } from './filter-queries.ts'
import type { Visibility } from './visibility.ts'

type Counts = Reply<typeof countIncidentsEndpoint>

/** Every count beside the filters; rows left out (drills, outside the city) are told beside the total. */
export async function countIncidents(db: Queryable, city: CityRow, visibility: Visibility, filter: IncidentFilter, at: Date): Promise<Counts> {
  const where = incidentFilter(city, visibility, filter, at)
  const [buckets, overdue, leftOut] = await Promise.all([
    listCountBuckets(db, city.cityId, city.timeZone, where),
    countOverdue(db, where, at),
    countLeftOut(db, incidentFilter(city, visibility, { ...filter, includeDrills: true, includeOutside: true }, at)),
  ])
  const of = (group: CountBucket['group']) => buckets.filter((bucket) => bucket.group === group)
  const record = (group: CountBucket['group']) => Object.fromEntries(of(group).map((bucket) => [bucket.key ?? '', bucket.count]))
  // Each case has one state: what the states add up to is the whole.
  const sum = (figure: 'count' | 'open' | 'withoutPlace') => of('state').reduce((total, bucket) => total + bucket[figure], 0)
  return {
    total: sum('count'),
    open: sum('open'),
    overdue,
    ended: sum('count') - sum('open'),
    withoutPlace: sum('withoutPlace'),
    ...leftOut,
    byState: record('state'),
    bySource: record('source'),
    bySeverity: record('severity'),
    byClass: of('class').map((bucket) => ({ key: bucket.key ?? '', name: bucket.name ?? '', count: bucket.count })),
    // Cases without a place, or outside every street, belong to none.
    byStreet: of('street').flatMap((bucket) => (bucket.key === null ? [] : [{ code: bucket.key, name: bucket.name ?? bucket.key, count: bucket.count }])),
    byDay: of('day').map((bucket) => ({ day: bucket.key ?? '', count: bucket.count })),
    asOf: at.toISOString(),
  }
}
