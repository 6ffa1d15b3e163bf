/** `npm run bench -- queues [--cases N]`: every queue and filter of the workbench over 200,000 cases, each order, first and fiftieth page, the counts beside them and their points on the map. */
import { v7 as uuidv7 } from 'uuid'
import { type CityRow, getCity } from '../../server/cities/cities.ts'
import { insertCity } from '../../server/cities/queries.ts'
import { IncidentFilter, type IncidentFilterInput } from '../../server/contract/incidents.ts'
import { QueueKey } from '../../server/contract/queues.ts'
import type { Db } from '../../server/db/db.ts'
import { sql } from '../../server/db/sql.ts'
import { countIncidents } from '../../server/incidents/counts.ts'
import { listIncidents, type Visibility } from '../../server/incidents/incidents.ts'
import { getIncidentPoints } from '../../server/incidents/points.ts'
import { listQueues } from '../../server/incidents/queues.ts'
import { syncCaseClasses } from '../../server/incidents/reference.ts'
import type { Bench, Comparison } from './bench.ts'
import { fillWithCases } from './queue-town.ts'
import { openThrowAway } from './throw-away.ts'

const NOW = new Date('2026-11-20T09:30:00Z')
const CASES = 200_000
const PAGE = 100
const GOAL_MS = 200

/** What people ask: each filter alone, common values and rare ones, then pairs that go together. */
const FILTERS: Record<string, IncidentFilterInput> = {
  all: {},
  open: { status: 'open' },
  overdue: { status: 'overdue' },
  ended: { status: 'ended' },
  'state, common': { states: 'closed' },
  'state, rare': { states: 'void' },
  'source, common': { sources: 'collector' },
  'source, rare': { sources: 'enforcement' },
  'severity 1': { severities: '1' },
  'severity 3': { severities: '3' },
  'large class': { classes: 'event:01' },
  'small class': { classes: 'event:0112' },
  county: { areas: '420101000000' },
  street: { areas: '420101012000' },
  community: { areas: '420101005003' },
  cell: { areas: '420101003004007' },
  'a day': { from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z' },
  'a month': { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' },
  'half a year': { from: '2025-12-01T00:00:00Z', to: '2026-06-01T00:00:00Z' },
  'small box': { boundingBox: '114.30,30.50,114.302,30.502' },
  'large box': { boundingBox: '114.25,30.45,114.4,30.58' },
  'word in many': { text: '路' },
  'word in some': { text: '塌陷' },
  'two words': { text: '路灯 99号' },
  'word in none': { text: '鼹鼠' },
  'number begun': { text: 'SL-20260605' },
  'whole number': { text: 'AJ-20260605-10000' },
  'with drills, outside': { includeDrills: 'true', includeOutside: 'true' },
  'open + severity 1': { status: 'open', severities: '1' },
  'open + street': { status: 'open', areas: '420101012000' },
  'open + word': { status: 'open', text: '井盖' },
  'overdue + street': { status: 'overdue', areas: '420101003000' },
  'source + large class': { sources: 'media', classes: 'event:05' },
  'month + street': { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z', areas: '420101005000' },
  'closed + word': { states: 'closed', text: '护栏' },
}

const SORTS = ['reported', 'due', 'severity'] as const
type Sort = (typeof SORTS)[number]

interface Looked {
  city: CityRow
  /** Who sees the whole city and handles cases of his own; a department's manager, who sees its cases and his own. */
  eyes: { whole: Visibility; department: Visibility }
}

async function aBenchCity(db: Db, cases: number): Promise<Looked> {
  await syncCaseClasses(db)
  await insertCity(db, { id: uuidv7(), key: 'bench', nameZh: '测速市', nameEn: 'Bench City', measureSrid: 4547, measureName: 'CGCS2000 / 3-degree Gauss-Kruger CM 114E', timeZone: 'Asia/Shanghai' })
  const city = await getCity(db, 'bench')
  const { accountId, departmentId } = await fillWithCases(db, city.cityId, cases, NOW)
  for (const table of ['incidents', 'case_digests', 'incident_flow', 'case_supervisions']) await db.exec(`vacuum analyze ${table}`)
  return { city, eyes: { whole: { isWhole: true, reaches: [], accountId }, department: { isWhole: false, reaches: [{ areaCode: null, organisationIds: [departmentId] }], accountId } } }
}

/** Where the fiftieth page begins, or the last read of a shorter list. */
async function findDeepCursor(db: Db, city: CityRow, eyes: Visibility, filter: IncidentFilter, sort: Sort): Promise<string | undefined> {
  let cursor: string | undefined
  for (let read = 0; read < 49 * PAGE; read += 490) {
    const { nextCursor } = await listIncidents(db, city, eyes, filter, { sort, cursor, limit: 490 }, NOW)
    if (nextCursor === null) break
    cursor = nextCursor
  }
  return cursor
}

async function comparisonsOf(db: Db, { city, eyes }: Looked): Promise<Comparison[]> {
  const comparisons: Comparison[] = []
  const page = (who: Visibility, filter: IncidentFilter, sort: Sort, cursor?: string) => async () => void (await listIncidents(db, city, who, filter, { sort, cursor, limit: PAGE }, NOW))
  const asked = [
    ...QueueKey.options.map((queue) => [`queue ${queue}`, { queue }, eyes.whole] as const),
    ...Object.entries(FILTERS).map(([name, filter]) => [name, filter, eyes.whole] as const),
    ...(['all', 'open', 'ended', 'word in some', 'a month'] as const).map((name) => [`department: ${name}`, FILTERS[name] ?? {}, eyes.department] as const),
    ...(['disposing', 'pending_confirm', 'returned'] as const).map((queue) => [`department: queue ${queue}`, { queue }, eyes.department] as const),
  ]
  for (const sort of SORTS) {
    const control = { name: 'all', run: page(eyes.whole, {}, sort) }
    for (const [name, given, who] of asked) {
      const filter = IncidentFilter.parse(given)
      const cursor = await findDeepCursor(db, city, who, filter, sort)
      comparisons.push({ name: `${name} by ${sort}`, size: 'first page', control, subjectAtMostMs: GOAL_MS, subject: { name: 'filter', run: page(who, filter, sort) } })
      if (cursor !== undefined) comparisons.push({ name: `${name} by ${sort}`, size: 'page 50 or last', control, subjectAtMostMs: GOAL_MS, subject: { name: 'filter', run: page(who, filter, sort, cursor) } })
    }
  }
  const control = { name: 'first page', run: page(eyes.whole, {}, 'reported') }
  for (const [who, visibility] of Object.entries(eyes)) {
    comparisons.push({ name: `counts of all queues, ${who}`, size: 'one statement', control, subjectAtMostMs: GOAL_MS, subject: { name: 'counts', run: async () => void (await listQueues(db, city, visibility, {}, NOW)) } })
  }
  // The counts beside a filter and its points on the map read every row that it lets through: held against one bare reading of the table.
  const reading = { name: 'read all cases once', run: async () => void (await db.query(sql`select count(*) from incidents i where i.city_id = ${city.cityId} and not i.is_drill and i.state <> 'draft' and not i.outside_city`)) }
  for (const [name, given, who] of asked) {
    const filter = IncidentFilter.parse(given)
    comparisons.push({ name: `every count beside ${name}`, size: 'all rows', control: reading, subjectAtMostMs: GOAL_MS, subject: { name: 'counts', run: async () => void (await countIncidents(db, city, who, filter, NOW)) } })
    comparisons.push({ name: `points of ${name}`, size: 'all rows', control: reading, subjectAtMostMs: GOAL_MS, subject: { name: 'points', run: async () => void (await getIncidentPoints(db, city, who, filter, NOW)) } })
  }
  return comparisons.map((comparison) => ({ ...comparison, rounds: 3 }))
}

export const bench: Bench = {
  name: 'queues',
  async prepare(options) {
    const at = options.indexOf('--cases')
    const cases = at >= 0 ? Number(options[at + 1]) : CASES
    if (!Number.isInteger(cases) || cases < 1) return { refused: '--cases wants a number of cases.' }
    const { db, drop } = await openThrowAway(4)
    return { comparisons: await comparisonsOf(db, await aBenchCity(db, cases)), close: drop }
  },
}
