import type { WorkflowSettings } from '../contract/incidents.ts'
import { PREPARED, type Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'
import { type CalendarCity, workCalendarOf } from './calendar-queries.ts'
import { workflowSettingsOf } from './settings-queries.ts'
import { type ClockRulesRow, clockRulesOf } from './stage-clock-queries.ts'

export interface CityRulesRow {
  settings: WorkflowSettings | null
  clockRules: ClockRulesRow | null
  /** JSON text of the calendar's definition, by which it is known again. */
  calendar: string | null
}

const oneOf = (row: Sql): Sql => sql`(select row_to_json(one) from (${row}) one)`

/** All that a step of a case goes by, in one statement. @param day of the city's calendar. */
export async function findCityRules(db: Queryable, city: CalendarCity, at: Date, day: string): Promise<CityRulesRow> {
  const rows = await db.query<CityRulesRow>(sql`
    select ${oneOf(workflowSettingsOf(city.cityId, at))} as settings, ${oneOf(clockRulesOf(city.cityId))} as "clockRules", (select c.definition::text from (${workCalendarOf(city, day)}) c) as calendar`, PREPARED)
  const row = rows[0]
  if (!row) throw new TypeError('a statement without a from clause answered no row')
  return row
}
