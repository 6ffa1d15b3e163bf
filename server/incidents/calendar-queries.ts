import type { WorkCalendarDefinition } from '../contract/clocks.ts'
import { PREPARED, type Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'
import { openIncident } from './filter-queries.ts'

/** A version of a calendar as the table holds it. */
export interface WorkCalendarRow {
  cityId: number | null
  timeZone: string | null
  version: number
  effectiveFrom: string
  createdBy: string
  createdAt: string
  definition: WorkCalendarDefinition
}

const DEFINITION: Sql = sql`json_build_object('weekdays', c.weekdays, 'slots', c.slots, 'holidays', c.holidays, 'extraWorkdays', c.extra_workdays, 'workDayEnds', c.work_day_ends,
    'years', c.years, 'source', c.source, 'verified', c.verified)`

const COLUMNS: Sql = sql`
  c.city_id as "cityId", c.time_zone as "timeZone", c.version, c.effective_from::text as "effectiveFrom", c.created_by as "createdBy",
  to_char(c.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "createdAt", ${DEFINITION} as definition`

export interface CalendarCity {
  cityId: number
  timeZone: string
}

/** The city's own calendar first, then the default of its time zone, then the one of any; the newest version before older ones. */
function ofCity(city: CalendarCity): { where: Sql; order: Sql } {
  return {
    where: sql`(c.city_id = ${city.cityId} or (c.city_id is null and (c.time_zone is null or c.time_zone = ${city.timeZone})))`,
    order: sql`c.city_id nulls last, c.time_zone nulls last, c.version desc`,
  }
}

/** Every version that concerns a city; the first whose `effectiveFrom` has come is in force. */
export function listWorkCalendarRows(db: Queryable, city: CalendarCity, limit: number): Promise<WorkCalendarRow[]> {
  const { where, order } = ofCity(city)
  return db.query<WorkCalendarRow>(sql`select ${COLUMNS} from work_calendars c where ${where} order by ${order} limit ${limit}`)
}

/** The definition of the calendar in force in a city on one of its days. */
export function workCalendarOf(city: CalendarCity, day: string): Sql {
  const { where, order } = ofCity(city)
  return sql`select ${DEFINITION} as definition from work_calendars c where ${where} and c.effective_from <= ${day}::date order by ${order} limit 1`
}

export async function findWorkCalendar(db: Queryable, city: CalendarCity, day: string): Promise<WorkCalendarDefinition | undefined> {
  return (await db.query<{ definition: WorkCalendarDefinition }>(workCalendarOf(city, day), PREPARED))[0]?.definition
}

/** How many running limits of open cases end in each year, by the city's clock. */
export function listDeadlineYears(db: Queryable, city: CalendarCity): Promise<{ year: number; count: number }[]> {
  return db.query(sql`
    select extract(year from i.due_at at time zone ${city.timeZone})::int as year, count(*)::int as count
    from incidents i where i.city_id = ${city.cityId} and i.due_at is not null and ${openIncident} group by 1 order by 1`)
}

/** The newest version of one owner, with the hash of the file it came from. One calendar is written at a time, whoever writes. */
export async function takeLastCalendarVersion(tx: Queryable, owner: { cityId: number } | { timeZone: string }): Promise<{ version: number; contentHash: string | null } | undefined> {
  const [cityId, timeZone] = 'cityId' in owner ? [owner.cityId, null] : [null, owner.timeZone]
  await tx.query(sql`select pg_advisory_xact_lock(7423190023)`)
  const rows = await tx.query<{ version: number; contentHash: string | null }>(sql`
    select version, content_hash as "contentHash" from work_calendars
    where city_id is not distinct from ${cityId}::bigint and time_zone is not distinct from ${timeZone}::text order by version desc limit 1`)
  return rows[0]
}

export interface NewWorkCalendar {
  cityId: number | null
  timeZone: string | null
  version: number
  effectiveFrom: string
  contentHash: string | null
  createdBy: string
  at: string
  definition: WorkCalendarDefinition
}

export async function insertWorkCalendar(tx: Queryable, row: NewWorkCalendar): Promise<void> {
  const { definition } = row
  await tx.query(sql`
    insert into work_calendars (city_id, time_zone, version, effective_from, weekdays, slots, holidays, extra_workdays, work_day_ends, years, source, verified, content_hash, created_by, created_at)
    values (${row.cityId}::bigint, ${row.timeZone}, ${row.version}, ${row.effectiveFrom}::date, ${definition.weekdays}::smallint[], ${JSON.stringify(definition.slots)}::jsonb,
      ${JSON.stringify(definition.holidays)}::jsonb, ${JSON.stringify(definition.extraWorkdays)}::jsonb, ${definition.workDayEnds}, ${definition.years}::smallint[],
      ${definition.source}, ${definition.verified}, ${row.contentHash}, ${row.createdBy}, ${row.at}::timestamptz)`)
}
