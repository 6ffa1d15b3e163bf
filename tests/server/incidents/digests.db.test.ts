import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IncidentSource, IncidentState } from '../../../server/contract/incidents.ts'
import { getCity } from '../../../server/cities/cities.ts'
import { sql } from '../../../server/db/sql.ts'
import { countIncidents } from '../../../server/incidents/counts.ts'
import { EVERYTHING } from '../../../server/incidents/visibility.ts'
import { aCity, openTestDb } from '../../helpers/db.ts'

const db = openTestDb()
const NOW = new Date('2026-11-20T09:30:00Z')

test('the database numbers states and sources in the order of the contract', async () => {
  const [numbers] = await db.query<{ states: number[]; sources: number[] }>(sql`
    select (select array_agg(incident_state_number(s) order by n) from unnest(${IncidentState.options}::text[]) with ordinality u(s, n)) as states,
      (select array_agg(incident_source_number(s) order by n) from unnest(${IncidentSource.options}::text[]) with ordinality u(s, n)) as sources`)
  expect(numbers).toEqual({ states: IncidentState.options.map((_, place) => place), sources: IncidentSource.options.map((_, place) => place) })
})

test('the short rows that counts and points are made of say what the cases say, whatever changes', async () => {
  const city = await getCity(db, (await aCity(db)).key)
  await db.query(sql`
    insert into incidents (public_id, city_id, report_number, scheme_id, class_kind, class_code, class_name, large_code, severity, severity_from, state, source, reported_by, place_method, geom, reported_at)
    select gen_random_uuid(), ${city.cityId}, 'D-' || n, 'GBT30428.2-2013', 'event', '0112', '道路不洁', '01', 1 + n % 3, 'class', (${IncidentState.options}::text[])[1 + n % 16], (${IncidentSource.options}::text[])[1 + n % 10], '乙', case when n % 4 > 0 then 'gps' else 'none' end,
      case when n % 4 > 0 then st_setsrid(st_makepoint(114 + n / 1000.0, 30.5), 4490) end, ${NOW.toISOString()}::timestamptz - n * interval '17 hours 1 millisecond' from generate_series(1, 40) n`)
  const ids = (await db.query<{ id: number }>(sql`select id from incidents where city_id = ${city.cityId} order by id`)).map(({ id }) => id)
  const changes: ((id: number) => Promise<unknown>)[] = [
    ...(['closed', 'disposing', 'draft', 'suspended', 'pending_dispose'] as const).map((state) => (id: number) => db.query(sql`update incidents set state = ${state} where id = ${id}`)),
    (id) => db.query(sql`update incidents set due_at = ${NOW.toISOString()}::timestamptz + (${id} % 7 - 3) * interval '1.0005 milliseconds' where id = ${id}`),
    (id) => db.query(sql`update incidents set due_at = null where id = ${id}`),
    (id) => db.query(sql`update incidents set geom = st_setsrid(st_makepoint(114.5, 30.5 + id / 1e6), 4490), place_method = 'map', street_code = '420101001000', community_code = '420101001001', county_code = '420101000000', grid_code = '420101001001001' where id = ${id}`),
    (id) => db.query(sql`update incidents set geom = null, place_method = 'none' where id = ${id}`),
    (id) => db.query(sql`update incidents set class_kind = 'part', class_code = '0203', large_code = '02', severity = 1, source = 'media' where id = ${id}`),
    (id) => db.query(sql`update incidents set is_drill = not is_drill where id = ${id}`),
    (id) => db.query(sql`update incidents set outside_city = not outside_city, supervision_count = supervision_count + 1, return_count = 2, rework_count = 1 where id = ${id}`),
    (id) => db.query(sql`update incidents set reported_at = reported_at - interval '40 days' where id = ${id}`),
    (id) => db.query(sql`update incidents set description = '改了说明' where id = ${id}`),
  ]
  const columns = sql`id, city_id, layer_id, department_id, holder_id, reporter_id, disposer_id, checker_id, reported_at, due_at, supervision_count, return_count, rework_count, severity, is_drill, outside_city,
    encode(st_asewkb(geom), 'hex') as geom, state, source, class_kind, large_code, class_code, county_code, street_code, community_code, grid_code`
  const kept = () => db.query(sql`select ${columns} from case_digests where city_id = ${city.cityId} order by id`)
  const told = () => db.query(sql`select ${columns} from incidents where city_id = ${city.cityId} order by id`)
  /** What the counts say, asked of the cases themselves. */
  const counted = async () => {
    const [row] = await db.query<Record<string, number>>(sql`
      select count(*)::int as total, coalesce(sum((state not in ('not_filed', 'closed', 'closed_special', 'void'))::int), 0)::int as open, coalesce(sum((geom is null)::int), 0)::int as "withoutPlace",
        coalesce(sum((state in ('pending_dispatch', 'pending_dispose', 'disposing', 'disposed') and due_at < ${NOW.toISOString()}::timestamptz)::int), 0)::int as overdue,
        count(distinct (reported_at at time zone ${city.timeZone})::date)::int as days, count(distinct state)::int as states, count(distinct source)::int as sources, count(distinct severity)::int as severities, coalesce(sum((severity = 1)::int), 0)::int as worst, coalesce(sum((source = 'media')::int), 0)::int as media,
        count(distinct class_kind || class_code)::int as classes, count(distinct street_code)::int as streets
      from incidents where city_id = ${city.cityId} and not is_drill and not outside_city and state <> 'draft'`)
    return row
  }
  const answered = async () => {
    const { total, open, withoutPlace, overdue, byDay, byState, bySource, bySeverity, byClass, byStreet } = await countIncidents(db, city, EVERYTHING, {}, NOW)
    const sizes = { days: byDay.length, states: Object.keys(byState).length, sources: Object.keys(bySource).length, severities: Object.keys(bySeverity).length, classes: byClass.length, streets: byStreet.length }
    return { total, open, withoutPlace, overdue, worst: bySeverity['1'] ?? 0, media: bySource.media ?? 0, ...sizes }
  }
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...changes)), { minLength: 5, maxLength: 40 }), async (days) => {
      for (const [id, change] of days) await change(id)
      expect(await kept()).toEqual(await told())
      expect(await answered()).toEqual(await counted())
    }),
    { numRuns: 12 },
  )
})
