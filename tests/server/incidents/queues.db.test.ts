import fc from 'fast-check'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SYSTEM } from '../../../server/access/principal.ts'
import { decodeIncidentPoints } from '../../../server/contract/incident-points.ts'
import { countIncidents, type IncidentFilterInput, IncidentState, listIncidents } from '../../../server/contract/incidents.ts'
import { QueueKey, QUEUES, queuesFor } from '../../../server/contract/queues.ts'
import { getNextIncident, listQueues } from '../../../server/contract/workbench.ts'
import { sql } from '../../../server/db/sql.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'

const NOW = new Date('2026-11-20T09:30:00Z')
const db = openTestDb()
let api: TestApi
let city: TestCity
let accountId: number

/** Cases of every state; each ninth is mine, some were pressed (and some of those answered), some came back. */
async function fill(): Promise<void> {
  const login = `q${uuidv7().replaceAll('-', '')}`
  const [account] = await db.query<{ id: number }>(sql`insert into accounts (public_id, kind, login, name) values (${uuidv7()}, 'person', ${login}, '甲') returning id`)
  accountId = account?.id ?? 0
  await db.query(sql`
    insert into incidents (public_id, city_id, report_number, scheme_id, class_kind, class_code, class_name, large_code, severity, severity_from, state, source, reported_by, place_method, geom, is_drill, outside_city,
      reported_at, due_at, holder_id, supervision_count, return_count, rework_count)
    select gen_random_uuid(), ${city.cityId}, 'Q-' || n, 'GBT30428.2-2013', 'event', '0112', '道路不洁', '01', 1 + n % 3, 'class', (${IncidentState.options}::text[])[1 + n % 16], 'collector', '乙', 'gps',
      st_setsrid(st_makepoint(114 + n / 1000.0, 30), 4490), n % 19 = 0, n % 23 = 0, ${NOW.toISOString()}::timestamptz - make_interval(hours => n / 3),
      case when n % 4 > 0 then ${NOW.toISOString()}::timestamptz + make_interval(hours => n % 9 - 4) end, case when n % 9 = 0 then ${accountId}::bigint end, n % 5, n % 7, 0
    from generate_series(1, 320) n`)
  await db.query(sql`
    insert into case_supervisions (public_id, incident_id, form, kind, text, by_name, at, reply, replied_at)
    select gen_random_uuid(), id, 'urge', 'important', '尽快', '丙', ${NOW.toISOString()}::timestamptz, case when id % 2 = 0 then '已办' end, case when id % 2 = 0 then ${NOW.toISOString()}::timestamptz end
    from incidents where city_id = ${city.cityId} and supervision_count > 0`)
  await db.query(sql`
    insert into incident_flow (incident_id, sequence, action, operation, from_state, to_state, actor)
    select i.id, s.n, case when s.n = 1 then 'return_to_dispatch' else 'dispatch' end, case when s.n = 1 then 'return' else 'forward' end, 'pending_dispose', 'pending_dispatch', '丁'
    from incidents i cross join generate_series(1, 2) s(n) where i.city_id = ${city.cityId} and i.return_count > 0 and (s.n = 1 or i.id % 3 = 0)`)
  // A side step after the return leaves it where it was: still returned.
  await db.query(sql`
    insert into incident_flow (incident_id, sequence, action, operation, from_state, to_state, actor)
    select i.id, 3, 'urge', 'supervise', 'pending_dispatch', 'pending_dispatch', '戊' from incidents i where i.city_id = ${city.cityId} and i.return_count > 0`)
}

beforeAll(async () => {
  await syncCaseClasses(db)
  city = await aCity(db)
  await fill()
  api = await openTestApi(aContext(db, { clock: () => NOW, identify: async () => ({ ...SYSTEM, accountId }) }))
})
afterAll(async () => {
  await api.close()
  await db.close()
})

const params = () => ({ city: city.key })

async function listAll(query: IncidentFilterInput, sort: 'reported' | 'due' | 'severity', limit = 40) {
  const rows = []
  let cursor: string | undefined
  do {
    const page = await api.call(listIncidents, { params: params(), query: { ...query, sort, limit, ...(cursor ? { cursor } : {}) } })
    rows.push(...page.rows)
    cursor = page.nextCursor ?? undefined
  } while (cursor)
  return rows
}

test('what a queue is said to hold is what its list, its map, its counts and its file hold, under any other filter', async () => {
  const filters = fc.record({ severities: fc.constantFrom('1', '1,2'), includeDrills: fc.constant('true'), includeOutside: fc.constant('true'), status: fc.constantFrom('open' as const, 'overdue' as const, 'ended' as const), mine: fc.constant('true'), returned: fc.constant('true') }, { requiredKeys: [] })
  await fc.assert(
    fc.asyncProperty(filters, fc.constantFrom(...QueueKey.options), fc.constantFrom('reported' as const, 'due' as const, 'severity' as const), async (filter: IncidentFilterInput, key, sort) => {
      const { queues } = await api.call(listQueues, { params: params(), query: filter })
      const told = queues.find((queue) => queue.key === key)
      const query = { ...filter, queue: key }
      const rows = await listAll(query, sort)
      const counts = await api.call(countIncidents, { params: params(), query })
      expect([told?.count, told?.overdue]).toEqual([counts.total, counts.overdue])
      expect(rows).toHaveLength(counts.total)
      expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length)
      const address = (path: string) => `/api/v1/cities/${city.key}/${path}?${new URLSearchParams(query as Record<string, string>).toString()}`
      const points = decodeIncidentPoints(await (await api.fetch(address('incident-points'))).arrayBuffer())
      expect([...points.ids].sort()).toEqual(rows.map((row) => row.id).sort())
      const file = (await (await api.fetch(`${address('incident-export')}&format=geojson`)).json()) as { features: { properties: { id: string } }[]; about: Record<string, string> }
      expect(file.features.map((feature) => feature.properties.id).sort()).toEqual(rows.map((row) => row.id).sort())
      expect(file.about['筛选 Filter: 队列 queue']).toContain(QUEUES[key].labelZh)
    }),
    { numRuns: 40 },
  )
})

test('each queue holds the cases it is named for', async () => {
  const truth = await db.query<{ id: string; state: IncidentState; mine: boolean; supervised: boolean; returned: boolean }>(sql`
    select i.public_id as id, i.state, i.holder_id is not null as mine, i.supervision_count > 0 and i.id % 2 = 1 as supervised, i.return_count > 0 and i.id % 3 <> 0 as returned
    from incidents i where i.city_id = ${city.cityId} and not i.is_drill and not i.outside_city and i.state not in ('draft', 'not_filed', 'closed', 'closed_special', 'void')`)
  for (const key of QueueKey.options) {
    const { states, mine, supervised, returned } = { states: undefined, mine: false, supervised: false, returned: false, ...QUEUES[key].content }
    const expected = truth.filter((row) => (!states || (states as readonly string[]).includes(row.state)) && (!mine || row.mine) && (!supervised || row.supervised) && (!returned || row.returned))
    expect((await listAll({ queue: key }, QUEUES[key].sort)).map((row) => row.id).sort(), key).toEqual(expected.map((row) => row.id).sort())
    expect(expected.length, key).toBeGreaterThan(0)
  }
})

test('every open state but draft has its queue, and everybody with work has one', () => {
  const inQueues = QueueKey.options.flatMap((key) => ('states' in QUEUES[key].content ? [...QUEUES[key].content.states] : []))
  expect([...inQueues].sort()).toEqual(IncidentState.options.filter((state) => !['draft', 'not_filed', 'closed', 'closed_special', 'void'].includes(state)).sort())
  expect(queuesFor(new Set(['dispatcher']))).toEqual(['mine', 'pending_dispatch', 'suspended', 'supervised', 'returned'])
  expect(queuesFor(new Set(['viewer']))).not.toContain('mine')
})

test.each(['reported', 'due', 'severity'] as const)('going from case to case by %s meets the whole list in its order and comes back to its first', async (sort) => {
  const list = (await listAll({ queue: 'supervised' }, sort)).map((row) => row.id)
  const walked = [list[0] as string]
  for (;;) {
    const { incident, isFromStart } = await api.call(getNextIncident, { params: { ...params(), id: walked.at(-1) as string }, query: { queue: 'supervised', sort } })
    expect(isFromStart).toBe(walked.length === list.length)
    if (isFromStart) break
    walked.push(incident?.id as string)
  }
  expect(walked).toEqual(list)
})

test('the next case is found from one that has left the queue meanwhile', async () => {
  const list = (await listAll({ queue: 'checking' }, 'severity')).map((row) => row.id)
  const [first, second] = [list[0] as string, list[1] as string]
  await db.query(sql`update incidents set state = 'pending_close' where public_id = ${first}::uuid`)
  expect((await api.call(getNextIncident, { params: { ...params(), id: first }, query: { queue: 'checking' } })).incident?.id).toBe(second)
})

test('the last case of a queue has none after it', async () => {
  const own = await aCity(db)
  const id = uuidv7()
  await db.query(sql`insert into incidents (public_id, city_id, report_number, scheme_id, class_kind, class_code, class_name, large_code, severity, severity_from, state, source, reported_by, place_method, reported_at)
    values (${id}, ${own.cityId}, 'Q-1', 'GBT30428.2-2013', 'event', '0112', '道路不洁', '01', 3, 'class', 'verifying', 'collector', '乙', 'none', ${NOW.toISOString()}::timestamptz)`)
  expect(await api.call(getNextIncident, { params: { city: own.key, id }, query: { queue: 'verifying' } })).toEqual({ incident: null, isFromStart: false })
  await expect(api.call(getNextIncident, { params: { city: own.key, id: uuidv7() }, query: {} })).rejects.toMatchObject({ code: 'not_found' })
})

test('the short rows that queues are counted from say what the cases say, through ending, taking up again, pressing, replying and coming back', async () => {
  const own = await aCity(db)
  await db.query(sql`
    insert into incidents (public_id, city_id, report_number, scheme_id, class_kind, class_code, class_name, large_code, severity, severity_from, state, source, reported_by, place_method, reported_at)
    select gen_random_uuid(), ${own.cityId}, 'K-' || n, 'GBT30428.2-2013', 'event', '0112', '道路不洁', '01', 3, 'class', (${IncidentState.options}::text[])[1 + n % 16], 'collector', '乙', 'none', ${NOW.toISOString()}::timestamptz from generate_series(1, 32) n`)
  const ids = (await db.query<{ id: number }>(sql`select id from incidents where city_id = ${own.cityId} order by id`)).map(({ id }) => id)
  const step = async (id: number, operation: string, from: string, to: string) =>
    db.query(sql`insert into incident_flow (incident_id, sequence, action, operation, from_state, to_state, actor) select ${id}::bigint, 1 + count(*), 'x', ${operation}, ${from}, ${to}, '丁' from incident_flow where incident_id = ${id}`)
  const happenings: ((id: number) => Promise<unknown>)[] = [
    ...(['closed', 'disposing', 'draft', 'void', 'pending_check'] as const).map((state) => (id: number) => db.query(sql`update incidents set state = ${state} where id = ${id}`)),
    (id) => db.query(sql`update incidents set holder_id = ${accountId}, due_at = ${NOW.toISOString()}::timestamptz, is_drill = not is_drill, return_count = return_count + 1, street_code = '420101001000' where id = ${id}`),
    (id) => db.query(sql`insert into case_supervisions (public_id, incident_id, form, kind, text, by_name, at) values (gen_random_uuid(), ${id}, 'urge', 'important', '尽快', '丙', ${NOW.toISOString()}::timestamptz)`),
    (id) => db.query(sql`update case_supervisions set reply = '已办', replied_at = ${NOW.toISOString()}::timestamptz where incident_id = ${id}`),
    (id) => step(id, 'return', 'disposing', 'pending_dispatch'),
    (id) => step(id, 'forward', 'pending_dispatch', 'disposing'),
    (id) => step(id, 'supervise', 'disposing', 'disposing'),
  ]
  const kept = () => db.query(sql`
    select id, city_id, department_id, holder_id, reporter_id, disposer_id, checker_id, due_at, is_pressed, is_returned, is_drill, outside_city, supervision_count, return_count, rework_count, state, county_code, street_code, community_code
    from open_cases where city_id = ${own.cityId} order by id`)
  const told = () => db.query(sql`
    select id, city_id, department_id, holder_id, reporter_id, disposer_id, checker_id, due_at, exists (select 1 from case_supervisions s where s.incident_id = i.id and s.replied_at is null) as is_pressed,
      coalesce((select f.operation from incident_flow f where f.incident_id = i.id and f.from_state <> f.to_state order by f.sequence desc limit 1) in ('return', 'rework'), false) as is_returned,
      is_drill, outside_city, supervision_count, return_count, rework_count, state, county_code, street_code, community_code
    from incidents i where city_id = ${own.cityId} and state not in ('not_filed', 'closed', 'closed_special', 'void') order by id`)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...happenings)), { minLength: 5, maxLength: 40 }), async (days) => {
      for (const [id, happens] of days) await happens(id)
      expect(await kept()).toEqual(await told())
    }),
    { numRuns: 12 },
  )
  expect((await kept()).filter((row) => row['is_returned']).length).toBeGreaterThan(0)
})
