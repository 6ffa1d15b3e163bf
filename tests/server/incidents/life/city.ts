/** A city for one play: bodies, people of every post, areas, calendar and rules, written in a few statements. */
import { v7 as uuidv7 } from 'uuid'
import { type Principal, SYSTEM } from '../../../../server/access/principal.ts'
import type { Db } from '../../../../server/db/db.ts'
import { sql } from '../../../../server/db/sql.ts'
import { aCity, type TestCity } from '../../../helpers/db.ts'
import { aLayer } from '../reporting.ts'
import { CALENDAR_ROW, type DayEnds, type Limit } from './calendar.ts'
import type { Body, Person, Rules } from './model.ts'

const STAGE_LIMITS: Record<string, Limit> = {
  accept: { amount: 1, unit: 'work_hour' }, verify: { amount: 1, unit: 'natural_day' }, file: { amount: 2, unit: 'work_hour' }, dispatch: { amount: 1, unit: 'urgent_hour' }, return_window: { amount: 2, unit: 'work_hour' },
  check: { amount: 4, unit: 'work_hour' }, close: { amount: 1, unit: 'work_day' }, total: { amount: 6, unit: 'work_day' },
}

const COUNTY = '420101'
/** Two streets side by side and a place in each. */
export const STREETS = [
  { code: '420101001', from: 113.99, to: 114, place: [113.995, 30] },
  { code: '420101002', from: 114, to: 114.01, place: [114.005, 30] },
] as const

export interface World {
  city: TestCity
  bodies: Body[]
  people: Person[]
  principals: Map<string, Principal>
  rules: Rules
}

export interface Settings {
  filingRole: 'operator' | 'shift_leader'
  requiresPhotos: boolean
  allowsPhotoCheck: boolean
  reworkTimer: 'new' | 'remaining'
  dayEnds: DayEnds
}

type Wanted = [role: string, where?: { area?: string; body?: number }][]
const [WEST, EAST] = [STREETS[0].code, STREETS[1].code]

/** One post, or several that tempt to judge one's own work. */
const CAST: Wanted[] = [
  [['operator']], [['operator']], [['shift_leader']], [['shift_leader']], [['dispatcher']], [['dispatcher']], [['leader']], [['leader']], [['viewer']], [['evaluator']],
  [['collector', { area: WEST }]], [['collector', { area: WEST }]], [['collector', { area: EAST }]], [['collector', { area: EAST }]], [['checker', { area: COUNTY }]], [['grid_manager', { area: WEST }]],
  [['department_manager', { body: 0 }]], [['disposal_person', { body: 0 }]], [['disposal_person', { body: 0 }]], [['department_manager', { body: 1 }]], [['disposal_person', { body: 1 }]], [['disposal_person', { body: 2 }]],
  [['department_manager', { body: 0 }], ['disposal_person', { body: 0 }]],
  [['operator'], ['shift_leader'], ['collector', { area: COUNTY }]],
  [['dispatcher'], ['leader'], ['disposal_person', { body: 1 }]],
  [['collector', { area: WEST }], ['disposal_person', { body: 0 }]],
]

async function insertPeople(db: Db, city: TestCity, bodies: readonly Body[]): Promise<Person[]> {
  const wanted = CAST.map((posts, index) => ({ id: uuidv7(), name: `${posts.map(([role]) => role).join('+')} ${index}`, posts }))
  const rows = await db.query<{ id: number; publicId: string }>(sql`
    insert into accounts (public_id, kind, login, name) select id, 'person', id::text, name from unnest(${wanted.map(({ id }) => id)}::uuid[], ${wanted.map(({ name }) => name)}::text[]) as t (id, name)
    returning id, public_id as "publicId"`)
  const numbers = new Map(rows.map(({ id, publicId }) => [publicId, id]))
  const people = wanted.map(({ id, name, posts }): Person => ({
    id, name, number: numbers.get(id) ?? 0, posts: posts.map(([role, where]) => ({ role, areaCode: where?.area ?? null, body: where?.body === undefined ? null : (bodies[where.body] ?? null) })),
  }))
  const posts = people.flatMap((person) => person.posts.map((post) => ({ ...post, number: person.number })))
  await db.query(sql`
    insert into posts (public_id, account_id, role, city_id, organisation_id, area_code)
    select id, account_id, role, ${city.cityId}, organisation_id, area_code
    from unnest(${posts.map(() => uuidv7())}::uuid[], ${posts.map(({ number }) => number)}::bigint[], ${posts.map(({ role }) => role)}::text[], ${posts.map(({ body }) => body?.number ?? null)}::bigint[],
      ${posts.map(({ areaCode }) => areaCode)}::text[]) as t (id, account_id, role, organisation_id, area_code)`)
  return people
}

async function insertBodies(db: Db, city: TestCity): Promise<Body[]> {
  const bodies: Body[] = []
  for (const [name, kind, above] of [['环卫中心', 'department', null], ['园林中心', 'department', null], ['保洁公司', 'contractor', 0]] as const) {
    const id = uuidv7()
    const parent = above === null ? null : (bodies[above] ?? null)
    const rows = await db.query<{ id: number }>(sql`
      insert into organisations (public_id, city_id, code, kind, parent_id, name_zh, name_en) values (${id}, ${city.cityId}, ${`B${id.slice(-12)}`}, ${kind}, ${parent?.number ?? null}, ${name}, ${name}) returning id`)
    bodies.push({ id, number: rows[0]?.id ?? 0, above: parent })
  }
  return bodies
}

async function insertAreas(db: Db, city: TestCity): Promise<void> {
  const layerId = await aLayer(db, city, 'areas', 'administrative_areas')
  const areas = [{ code: COUNTY, level: 'county', parent: null, from: 113.99, to: 114.01 }, ...STREETS.map(({ code, from, to }) => ({ code, level: 'street', parent: COUNTY, from, to }))]
  await db.query(sql`
    insert into administrative_areas (public_id, city_id, layer_id, source_key, content_hash, level, code, parent_code, name, area_m2, geom)
    select id, ${city.cityId}, ${layerId}, code, '', level, code, parent, code, 1, st_multi(st_makeenvelope(xmin, 29.99, xmax, 30.01, 4490))
    from unnest(${areas.map(() => uuidv7())}::uuid[], ${areas.map(({ code }) => code.padEnd(12, '0'))}::text[], ${areas.map(({ level }) => level)}::text[],
      ${areas.map(({ parent }) => parent && parent.padEnd(12, '0'))}::text[], ${areas.map(({ from }) => from)}::float8[], ${areas.map(({ to }) => to)}::float8[]) as t (id, code, level, parent, xmin, xmax)`)
}

async function insertRules(db: Db, { cityId }: TestCity, settings: Settings): Promise<void> {
  await db.query(sql`
    insert into workflow_settings (city_id, version, filing_role, photo_check_classes, requires_photos, source, verified, effective_from)
    values (${cityId}, 1, ${settings.filingRole}, ${settings.allowsPhotoCheck ? null : []}::text[], ${settings.requiresPhotos}, 'test', true, '2000-01-01')`)
  await db.query(sql`
    insert into work_calendars (city_id, version, weekdays, slots, holidays, extra_workdays, work_day_ends, years, source, verified)
    values (${cityId}, 1, ${CALENDAR_ROW.weekdays}::smallint[], ${JSON.stringify(CALENDAR_ROW.slots)}::jsonb, ${JSON.stringify(CALENDAR_ROW.holidays)}::jsonb, ${JSON.stringify(CALENDAR_ROW.extraWorkdays)}::jsonb,
      ${settings.dayEnds}, '{2026}', 'test', true)`)
  const stages = Object.entries(STAGE_LIMITS)
  await db.query(sql`
    insert into stage_limits (city_id, version, stage, amount, unit, source, verified)
    select ${cityId}, 1, stage, amount, unit, 'test', true
    from unnest(${stages.map(([stage]) => stage)}::text[], ${stages.map(([, { amount }]) => amount)}::numeric[], ${stages.map(([, { unit }]) => unit)}::text[]) as t (stage, amount, unit)`)
  await db.query(sql`
    insert into clock_rules (city_id, version, blue_share, amber_share, dark_red_share, rework_timer, supervises_overdue, supervises_about_to_be_overdue, source, verified)
    values (${cityId}, 1, 0.5, 0.8, 2, ${settings.reworkTimer}, true, false, 'test', true)`)
}

/** Makes a city of its own, so that a play can be repeated by itself. */
export async function aWorld(db: Db, settings: Settings): Promise<World> {
  const city = await aCity(db)
  const bodies = await insertBodies(db, city)
  const people = await insertPeople(db, city, bodies)
  await insertAreas(db, city)
  await insertRules(db, city, settings)
  const principals = new Map(
    people.map((person): [string, Principal] => [
      person.id,
      {
        ...SYSTEM, kind: 'person', id: person.id, login: person.id, name: person.name, accountId: person.number,
        posts: person.posts.map(({ role, areaCode, body }) => ({
          id: uuidv7(), role: role as Principal['posts'][number]['role'], cityKey: city.key, organisation: body && { id: body.id, code: 'B', nameZh: 'x', nameEn: 'x' }, organisationId: body?.number ?? null, areaCode,
        })),
      },
    ]),
  )
  return { city, bodies, people, principals, rules: { ...settings, limits: STAGE_LIMITS } }
}
