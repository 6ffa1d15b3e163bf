/** A city with people and cases for the load test of the closed loop: what stands in the database before anybody signs in. */
import { hashPassword } from '../../server/accounts/secrets.ts'
import type { CityRow } from '../../server/cities/cities.ts'
import type { Role } from '../../server/contract/permissions.ts'
import type { Db } from '../../server/db/db.ts'
import { sql } from '../../server/db/sql.ts'
import { backfillClocks } from '../../server/incidents/clock-watch.ts'

export const PASSWORD = 'correct horse battery staple'
const DEPARTMENTS = 3

export interface Worker {
  login: string
  name: string
  role: Role
}

export interface Staff {
  workers: Worker[]
  /** Public ids of the handling departments. */
  departmentIds: string[]
}

/** How many of each of the loop's roles, in the shares in which its steps fall to them: nine steps from acceptance to the end. */
export function staffing(people: number): [Role, number][] {
  const shares: [Role, number][] = [['dispatcher', 0.11], ['department_manager', 0.12], ['checker', 0.12], ['shift_leader', 0.22], ['disposal_person', 0.22]]
  const counted = shares.map(([role, share]): [Role, number] => [role, Math.max(1, Math.round(people * share))])
  const left = people - counted.reduce((sum, [, count]) => sum + count, 0)
  return [['operator', Math.max(1, left)], ...counted]
}

/** Hires people with passwords; those of departments in turn for each department. */
export async function hire(db: Db, cityId: number, people: number): Promise<Staff> {
  const passwordHash = await hashPassword(PASSWORD)
  const departments = await db.query<{ id: number; publicId: string }>(sql`
    insert into organisations (public_id, city_id, code, kind, name_zh, name_en)
    select gen_random_uuid(), ${cityId}, 'loop-' || n, 'department', '处置单位' || n, 'Department ' || n from generate_series(1, ${DEPARTMENTS}::int) n returning id, public_id as "publicId"`)
  const workers: Worker[] = []
  for (const [role, count] of staffing(people)) {
    for (let number = 0; number < count; number++) {
      const worker = { login: `loop-${cityId}-${role}-${number}`, name: `${role} ${number}`, role }
      const isOfDepartment = role === 'department_manager' || role === 'disposal_person'
      await db.query(sql`
        with account as (insert into accounts (public_id, kind, login, name, password_hash) values (gen_random_uuid(), 'person', ${worker.login}, ${worker.name}, ${passwordHash}) returning id)
        insert into posts (public_id, account_id, role, city_id, organisation_id) select gen_random_uuid(), id, ${role}, ${cityId}, ${isOfDepartment ? (departments[number % DEPARTMENTS]?.id ?? null) : null} from account`)
      workers.push(worker)
    }
  }
  return { workers, departmentIds: departments.map(({ publicId }) => publicId) }
}

/** The straight way through the loop: each step and the state it leads to. */
export const STRAIGHT = [
  ['register', 'pending_accept'], ['accept', 'pending_filing'], ['file', 'pending_dispatch'], ['dispatch', 'pending_dispose'], ['claim', 'disposing'], ['submit_result', 'disposed'],
  ['confirm', 'pending_check'], ['send_check', 'checking'], ['check_passed', 'pending_close'],
] as const

/**
 * Fills a city with cases on the straight way, each with its whole flow and its clocks.
 * @param spread `even`: as many in each state, as on any day; `fresh`: all of them just reported.
 */
export async function fillWithOpenCases(db: Db, city: CityRow, cases: number, spread: 'even' | 'fresh', now: Date): Promise<void> {
  const actions = STRAIGHT.map(([action]) => action)
  const states = STRAIGHT.map(([, state]) => state)
  await db.query(
    sql`
    with classes as (
      select c.kind, c.code, c.large_code, c.name_zh, row_number() over (order by c.code) - 1 as rank, count(*) over () as total
      from case_classes c join filing_conditions f on f.scheme_id = c.scheme_id and f.kind = c.kind and f.class_code = c.code and f.ordinal = 1 where c.scheme_id = 'GBT30428.2-2013' and c.kind = 'event' and c.ended_at is null
    ),
    departments as (select id, name_zh, row_number() over (order by id) - 1 as rank from organisations where city_id = ${city.cityId} and code like 'loop-%'),
    made as (
      insert into incidents (public_id, city_id, report_number, case_number, scheme_id, class_kind, class_code, class_name, large_code, condition_ordinal, severity, severity_from, state, source, reported_by,
        department_id, department, description, address, place_method, geom, county_code, street_code, community_code, facts, reported_at, received_at, state_since, filed_at, dispatched_at, due_at, disposed_at, version)
      select gen_random_uuid(), ${city.cityId}, 'SL-LOOP-' || n, case when step >= 3 then 'AJ-LOOP-' || n end, 'GBT30428.2-2013', k.kind, k.code, k.name_zh, k.large_code, case when step >= 3 then 1 end, 1 + n % 3, 'class',
        (${states}::text[])[step], 'hotline_12345', '12345 话务员', case when step >= 4 then d.id end, case when step >= 4 then d.name_zh end, '路面积水，影响通行', '人民路' || n || '号', 'gps',
        st_setsrid(st_makepoint(113.991 + (n % 100) * 0.00018, 29.991 + (n / 100 % 100) * 0.00018), 4490), '420101000000', '420101001000', '420101001002',
        '{"road": null, "greenLines": [], "controlAreas": [], "permits": [], "owner": null}',
        reported_at, reported_at, reported_at, case when step >= 3 then reported_at end, case when step >= 4 then reported_at end, case when step >= 4 then ${now.toISOString()}::timestamptz + interval '1 day' end,
        case when step >= 6 then reported_at end, step
      from (select n, case when ${spread} = 'fresh' then 1 else 1 + n % ${states.length}::int end as step, ${now.toISOString()}::timestamptz - make_interval(secs => 60 + n % 600) as reported_at from generate_series(1, ${cases}::int) n) c
      join classes k on k.rank = c.n % k.total join departments d on d.rank = c.n % ${DEPARTMENTS}::int
      returning id, version, reported_at
    )
    insert into incident_flow (incident_id, sequence, action, operation, from_state, to_state, actor, at)
    select m.id, s.n, (${actions}::text[])[s.n], 'forward', case when s.n > 1 then (${states}::text[])[s.n - 1] end, (${states}::text[])[s.n], '先前', m.reported_at from made m cross join lateral generate_series(1, m.version) s(n)`,
    { timeoutMs: 600_000 },
  )
  for (let place: Awaited<ReturnType<typeof backfillClocks>> | undefined; place !== null; ) place = await backfillClocks(db, city, now, place)
}
