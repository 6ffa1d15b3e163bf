/** A city's year of cases for the bench of queues: made by one statement in the database, the same for the same count. */
import type { Db } from '../../server/db/db.ts'
import { type Sql, sql } from '../../server/db/sql.ts'

const ROADS = ['人民路', '中山路', '解放路', '建设路', '文昌街', '滨江大道', '花园路', '学府路', '新华路', '和平路', '长江路', '沿河路', '站前路', '迎宾大道', '青年路', '育才路']
const THINGS = [
  '垃圾堆积约3平方米，影响通行', '井盖破损有缝隙，车辆经过有异响', '占道经营，油烟扰民', '路灯不亮', '行道树倾斜，枝条触及电线', '非机动车乱停放', '小广告张贴于电杆', '路面塌陷，直径约40厘米', '绿地内有建筑弃料',
  '雨水箅子堵塞，积水约10厘米', '广告牌松动，存在坠落隐患', '施工围挡倒伏', '护栏缺失一段', '公厕保洁不到位', '道路遗撒渣土', '宠物粪便未清理',
]
const PLACES = ['东北角', '西南侧', '公交站旁', '小学门口', '菜市场入口', '地铁口', '小区北门', '桥下']

/** Somebody who handles cases, and a department of middling load. */
export interface BenchPeople {
  accountId: number
  departmentId: number
}

/**
 * Fills a city with `count` cases over a year, nine in a hundred of them open, in the shares a city of this size has:
 * three in five from collectors, few of the first level, classes from common to rare, twelve streets.
 * Not the history of each case: lists and counts do not read it.
 */
export async function fillWithCases(db: Db, cityId: number, count: number, now: Date): Promise<BenchPeople> {
  const departments = await ids(db, sql`
    insert into organisations (public_id, city_id, code, kind, name_zh, name_en)
    select gen_random_uuid(), ${cityId}, 'bench-' || n, 'department', '处置单位' || n, 'Department ' || n from generate_series(0, 14) n returning id`)
  const accounts = await ids(db, sql`
    insert into accounts (public_id, kind, login, name) select gen_random_uuid(), 'person', 'bench-' || n, '处置员' || n from generate_series(1, 60) n returning id`)
  const rebuild = await dropIndexes(db)
  await db.query(
    sql`
    with dice as (
      select n, (hashint8extended(n, 1) & 1048575) / 1048576.0 as a, (hashint8extended(n, 2) & 1048575) / 1048576.0 as b, (hashint8extended(n, 3) & 1048575) / 1048576.0 as c,
        (hashint8extended(n, 4) & 1048575) / 1048576.0 as d, (hashint8extended(n, 5) & 1048575) / 1048576.0 as e, (hashint8extended(n, 6) & 1048575) / 1048576.0 as f
      from generate_series(1, ${count}::int) n
    ),
    classes as (select kind, code, large_code, name_zh, row_number() over (order by hashtext(kind || code)) - 1 as rank, count(*) over () as total from case_classes where scheme_id = 'GBT30428.2-2013' and ended_at is null),
    cases as (
      select d.n, d.a, d.b, d.c, d.d, d.e, d.f, k.kind, k.code, k.large_code, k.name_zh,
        ${now.toISOString()}::timestamptz - make_interval(secs => (1 - d.n::float8 / ${count}) * 365 * 86400) as reported_at,
        1 + floor(d.c * d.c * 12)::int as street, 1 + floor(d.d * 8)::int as community, 1 + floor(d.e * 20)::int as cell,
        -- Late cases are those still open; a few old ones stay behind.
        case when d.n > ${count} * 0.92 or d.a < 0.012 then
          (array['pending_accept', 'pending_accept', 'verifying', 'pending_filing', 'pending_dispatch', 'pending_dispatch', 'pending_dispose', 'pending_dispose', 'pending_dispose', 'disposing', 'disposing', 'disposing',
            'disposing', 'disposing', 'disposing', 'disposing', 'suspended', 'disposed', 'disposed', 'pending_check', 'checking', 'pending_close', 'draft'])[1 + floor(d.f * 23)::int]
        when d.a < 0.94 then 'closed' when d.a < 0.965 then 'not_filed' when d.a < 0.985 then 'closed_special' else 'void' end as state
      from dice d join classes k on k.rank = floor(d.b * d.b * d.b * k.total)
    )
    insert into incidents (public_id, city_id, report_number, case_number, scheme_id, class_kind, class_code, class_name, large_code, severity, severity_from, state, source, reported_by, department_id, department,
      description, address, place_method, geom, outside_city, is_drill, county_code, street_code, community_code, grid_code, reported_at, received_at, filed_at, due_at, ended_at)
    select md5(c.n::text)::uuid, ${cityId}, 'SL-' || to_char(c.reported_at, 'YYYYMMDD') || '-' || lpad((c.n % 100000)::text, 5, '0'),
      case when c.state not in ('draft', 'pending_accept', 'verifying', 'pending_filing', 'not_filed', 'void') then 'AJ-' || to_char(c.reported_at, 'YYYYMMDD') || '-' || lpad((c.n % 100000)::text, 5, '0') end,
      'GBT30428.2-2013', c.kind, c.code, c.name_zh, c.large_code, case when c.e < 0.02 then 1 when c.e < 0.12 then 2 else 3 end, 'class', c.state,
      (array['collector', 'collector', 'collector', 'collector', 'collector', 'collector', 'hotline_12345', 'hotline_12345', 'video_ai', 'citizen_app', 'citizen_app', 'leader', 'dept_transfer', 'media', 'iot', 'satellite', 'enforcement'])[1 + floor(c.f * c.f * 17)::int],
      '采集员' || (c.n % 200), case when c.state not in ('draft', 'pending_accept', 'verifying', 'pending_filing', 'pending_dispatch', 'not_filed', 'void') then (${departments}::bigint[])[1 + floor(c.b * 15)::int] end,
      case when c.state not in ('draft', 'pending_accept', 'verifying', 'pending_filing', 'pending_dispatch', 'not_filed', 'void') then '处置单位' || floor(c.b * 15)::int end,
      r.road || '与' || o.road || '交叉口' || p.place || t.thing,
      r.road || floor(c.e * 400)::int || '号', 'gps', st_setsrid(st_makepoint(114.2 + c.d * 0.2 + c.street * 0.01, 30.4 + c.e * 0.2), 4490), c.f < 0.01, c.f > 0.995,
      '420101000000', '420101' || lpad(c.street::text, 3, '0') || '000', '420101' || lpad(c.street::text, 3, '0') || lpad(c.community::text, 3, '0'),
      '420101' || lpad(c.street::text, 3, '0') || lpad(c.community::text, 3, '0') || lpad(c.cell::text, 3, '0'),
      c.reported_at, c.reported_at, c.reported_at + interval '40 minutes', case when c.f < 0.9 then c.reported_at + make_interval(secs => 7200 + c.e * 864000) end,
      case when c.state in ('closed', 'not_filed', 'closed_special', 'void') then c.reported_at + make_interval(secs => 3600 + c.b * 400000) end
    from cases c
    cross join lateral (select (${ROADS}::text[])[1 + c.n % 16] as road) r
    cross join lateral (select (${ROADS}::text[])[1 + floor(c.a * 16)::int] as road) o
    cross join lateral (select (${PLACES}::text[])[1 + floor(c.d * 8)::int] as place) p
    cross join lateral (select (${THINGS}::text[])[1 + floor(c.b * 16)::int] as thing) t
    order by c.n`,
    { timeoutMs: 600_000 },
  )
  await rebuild()
  await press(db, cityId, accounts, now)
  return { accountId: accounts[0] ?? 0, departmentId: departments[7] ?? 0 }
}

/** Takes the indexes of cases away while many are written. @returns what makes them again. */
async function dropIndexes(db: Db): Promise<() => Promise<void>> {
  const indexes = await db.query<{ name: string; definition: string }>(sql`
    select indexname as name, indexdef as definition from pg_indexes where tablename = 'incidents' and not exists (select 1 from pg_constraint c where c.conname = indexname)`)
  for (const { name } of indexes) await db.exec(`drop index ${name}`)
  return async () => {
    for (const { definition } of indexes) await db.exec(definition)
  }
}

/** Who has the open cases, which of them were pressed, and which came back. */
async function press(db: Db, cityId: number, accounts: readonly number[], now: Date): Promise<void> {
  await db.query(
    sql`
    update incidents set holder_id = case when state in ('disposing', 'verifying', 'checking') then (${accounts}::bigint[])[1 + id % 60] end,
      supervision_count = (id % 8 = 0)::int, return_count = (id % 11 = 0)::int
    where city_id = ${cityId} and state not in ('not_filed', 'closed', 'closed_special', 'void')`,
    { timeoutMs: 600_000 },
  )
  await db.query(sql`
    insert into case_supervisions (public_id, incident_id, form, kind, text, by_name, at, reply, replied_at)
    select gen_random_uuid(), id, 'urge', 'important', '尽快办理', '领导', ${now.toISOString()}::timestamptz, case when id % 16 = 0 then '已办' end, case when id % 16 = 0 then ${now.toISOString()}::timestamptz end
    from incidents where city_id = ${cityId} and supervision_count > 0`)
  await db.query(sql`
    insert into incident_flow (incident_id, sequence, action, operation, from_state, to_state, actor, at)
    select i.id, s.n, case when s.n = 5 and i.id % 2 = 0 then 'return_to_dispatch' else 'dispatch' end, case when s.n = 5 and i.id % 2 = 0 then 'return' else 'forward' end, 'pending_dispose', 'pending_dispatch', '派遣员', i.reported_at
    from incidents i cross join generate_series(1, 5) s(n) where i.city_id = ${cityId} and i.return_count > 0`)
}

async function ids(db: Db, statement: Sql): Promise<number[]> {
  return (await db.query<{ id: number }>(statement)).map((row) => row.id)
}
