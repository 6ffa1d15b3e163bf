/** The one filter of incidents: list, counts, points, export and grid measures all splice these fragments, over the alias `i`. */
import { isEnded } from '../contract/incident-workflow.ts'
import type { IncidentFilter, IncidentState } from '../contract/incidents.ts'
import { type QueueContent, QUEUES } from '../contract/queues.ts'
import { empty, join, type Sql, sql } from '../db/sql.ts'
import type { Reach, Visibility } from './visibility.ts'

/** Not in one of ENDED_STATES. The states stand in the text, so that an index over open incidents can be used. */
export const openIncident: Sql = sql`i.state not in ('not_filed', 'closed', 'closed_special', 'void')`

/** In one of LIMIT_RUNNING_STATES. */
export const runningIncident: Sql = sql`i.state in ('pending_dispatch', 'pending_dispose', 'disposing', 'disposed')`

/** Says the same as `isOverdue` of the contract: the limit is running and has passed. */
export function overdueIncident(at: Date): Sql {
  return sql`(${runningIncident} and i.due_at < ${at.toISOString()}::timestamptz)`
}

/** Rows that totals leave out unless asked for: drills, places outside the city, and drafts, which nobody has reported yet. */
export const countedIncident: Sql = sql`not i.is_drill and not i.outside_city and i.state <> 'draft'`

function classCondition(reference: string): Sql {
  const [kind, code = ''] = reference.split(':')
  return code.length === 2 ? sql`(i.class_kind = ${kind} and i.large_code = ${code})` : sql`(i.class_kind = ${kind} and i.class_code = ${code})`
}

function boxCondition([west, south, east, north]: readonly [number, number, number, number]): Sql {
  // The index compares boxes rounded to single precision; the coordinates themselves decide.
  return sql`(i.geom && st_makeenvelope(${west}, ${south}, ${east}, ${north}, 4490)
    and st_x(i.geom) between ${west}::float8 and ${east}::float8 and st_y(i.geom) between ${south}::float8 and ${north}::float8)`
}

function clamp(box: readonly [number, number, number, number]): [number, number, number, number] {
  const [west, south, east, north] = box
  return [Math.max(-180, Math.min(180, west)), Math.max(-90, Math.min(90, south)), Math.max(-180, Math.min(180, east)), Math.max(-90, Math.min(90, north))]
}

/**
 * Every word of a question stands somewhere in what can be searched: numbers, class, address, description; whatever the case of its letters.
 * The index knows characters and pairs of characters, so that it decides words of up to two; longer ones it narrows and `strpos` decides.
 * The database folds both sides, so that they are folded alike.
 */
function textCondition(text: string): Sql {
  const words = [...new Set(text.split(/\s+/u).filter(Boolean))]
  const conditions = words.map((word) => {
    const { length } = [...word]
    const terms = length === 1 ? sql`array[lower(${word}::text)]` : sql`search_pairs(lower(${word}::text))`
    const indexed = sql`search_terms(i.search_text) @> ${terms}`
    return length <= 2 ? indexed : sql`${indexed} and strpos(i.search_text, lower(${word}::text)) > 0`
  })
  return join(conditions, ' and ')
}

export interface FilteredCity {
  cityId: number
}

function reachCondition(reach: Reach): Sql {
  const like = reach.areaCode === null ? null : `${reach.areaCode}%`
  const inArea = sql`(i.community_code like ${like} or i.street_code like ${like} or i.county_code like ${like})`
  const inDepartment = sql`i.department_id = any(${reach.organisationIds}::bigint[])`
  if (like === null) return reach.organisationIds === null ? sql`true` : inDepartment
  return reach.organisationIds === null ? inArea : sql`(${inArea} and ${inDepartment})`
}

/** What somebody sees of `incidents i`; says the same as `sees`. */
export function visibleIncident(visibility: Visibility): Sql {
  if (visibility.isWhole) return sql`true`
  const { accountId } = visibility
  const own = accountId === null ? [] : [sql`i.holder_id = ${accountId}`, sql`i.reporter_id = ${accountId}`, sql`i.disposer_id = ${accountId}`, sql`i.checker_id = ${accountId}`]
  const ways = [...visibility.reaches.map(reachCondition), ...own]
  return ways.length === 0 ? sql`false` : sql`(${join(ways, ' or ')})`
}

/** Pressed by somebody or by a rule, and not replied to. */
const pressedIncident: Sql = sql`(i.supervision_count > 0 and exists (select 1 from case_supervisions s where s.incident_id = i.id and s.replied_at is null))`

/** The last step that moved it was a return or a rework. */
const returnedIncident: Sql = sql`(i.return_count + i.rework_count > 0 and (
  select f.operation from incident_flow f where f.incident_id = i.id and f.from_state is distinct from f.to_state order by f.sequence desc limit 1) in ('return', 'rework'))`

/** One state is asked for by itself: an index is in order within a state, which it is not within an array of one. */
function stateCondition(states: readonly IncidentState[]): Sql {
  return states.length === 1 ? sql`i.state = ${states[0]}` : sql`i.state = any(${states}::text[])`
}

/** The same of open cases, as `open_cases` keeps it. */
const keptPressed: Sql = sql`i.id in (select o.id from open_cases o where o.is_pressed)`
const keptReturned: Sql = sql`i.id in (select o.id from open_cases o where o.is_returned)`

/** What a queue holds, or the same conditions given by themselves. */
function contentConditions(content: QueueContent, { accountId }: Visibility, { pressed, returned }: { pressed: Sql; returned: Sql }): Sql[] {
  return [
    content.states ? stateCondition(content.states) : undefined,
    content.mine && (accountId === null ? sql`false` : sql`i.holder_id = ${accountId}`),
    content.supervised && pressed,
    content.returned && returned,
  ].filter((condition): condition is Sql => condition !== undefined)
}

/** Whether a case is in a queue, as the caller sees it. */
export function queuedIncident(key: keyof typeof QUEUES, visibility: Visibility): Sql {
  return join([openIncident, ...contentConditions(QUEUES[key].content, visibility, { pressed: keptPressed, returned: keptReturned })], ' and ')
}

/** Whether it lies with the caller by name. */
export function ownIncident({ accountId }: Visibility): Sql {
  return accountId === null ? sql`false` : sql`coalesce(i.holder_id = ${accountId}, false)`
}

/** What `open_cases` keeps of a case; a filter that asks for more is asked of the cases themselves. */
const KEPT: ReadonlySet<string> = new Set<keyof IncidentFilter>(['states', 'status', 'mine', 'supervised', 'returned', 'includeDrills', 'includeOutside'])

/** The open cases that a filter lets through, as `from … where …` over the alias `i`, with what `open_cases` keeps of each: from its short rows alone when those tell enough. */
export function openCasesUnder(where: Sql, filter: IncidentFilter): Sql {
  const isKept = Object.entries(filter).every(([key, value]) => value === undefined || KEPT.has(key))
  return isKept ? sql`from open_cases i where ${where}` : sql`from (select c.*, o.is_pressed, o.is_returned from incidents c join open_cases o on o.id = c.id) i where ${where} and ${openIncident}`
}

function isOpenOnly({ queue, status, states }: IncidentFilter): boolean {
  return queue !== undefined || status === 'open' || status === 'overdue' || (states !== undefined && states.length > 0 && states.every((state) => !isEnded(state)))
}

/**
 * The cases that a filter lets through, as `from … where …` over the alias `i`, with `place` and `marks` of `case_digests`: from its short rows
 * alone, but where an index over the cases leads to few of them, as it does to words and to open ones.
 */
export function digestsUnder(where: Sql, filter: IncidentFilter): Sql {
  return filter.text || isOpenOnly(filter)
    ? sql`from (select c.*, d.place, d.marks from incidents c join case_digests d on d.id = c.id) i where ${where}`
    : sql`from case_digests i where ${where}`
}

/**
 * The conditions of a filter, to stand behind `where` in a statement over `incidents i`.
 * @param visibility whose eyes it is seen with.
 * @param at the instant that decides `overdue`.
 */
export function incidentFilter(city: FilteredCity, visibility: Visibility, filter: IncidentFilter, at: Date): Sql {
  const { areas } = filter
  const conditions: (Sql | false | undefined)[] = [
    sql`i.city_id = ${city.cityId}`,
    !visibility.isWhole && visibleIncident(visibility),
    !filter.states?.includes('draft') && sql`i.state <> 'draft'`,
    ...(filter.queue ? [queuedIncident(filter.queue, visibility)] : []),
    ...contentConditions({ ...(filter.mine ? { mine: true } : {}), ...(filter.supervised ? { supervised: true } : {}), ...(filter.returned ? { returned: true } : {}) }, visibility, { pressed: pressedIncident, returned: returnedIncident }),
    !filter.includeDrills && sql`not i.is_drill`,
    !filter.includeOutside && sql`not i.outside_city`,
    filter.states?.length ? stateCondition(filter.states) : undefined,
    filter.status === 'open' && openIncident,
    filter.status === 'overdue' && overdueIncident(at),
    filter.status === 'ended' && sql`not (${openIncident})`,
    filter.sources?.length ? sql`i.source = any(${filter.sources}::text[])` : undefined,
    filter.severities?.length ? sql`i.severity = any(${filter.severities}::smallint[])` : undefined,
    filter.classes?.length ? sql`(${join(filter.classes.map(classCondition), ' or ')})` : undefined,
    areas?.length
      ? sql`(i.street_code = any(${areas}::text[]) or i.community_code = any(${areas}::text[]) or i.county_code = any(${areas}::text[]) or i.grid_code = any(${areas}::text[]))`
      : undefined,
    filter.boundingBox && boxCondition(clamp(filter.boundingBox)),
    filter.from !== undefined && sql`i.reported_at >= ${new Date(filter.from).toISOString()}::timestamptz`,
    filter.to !== undefined && sql`i.reported_at < ${new Date(filter.to).toISOString()}::timestamptz`,
    filter.text ? textCondition(filter.text) : undefined,
    filter.layers?.length
      ? sql`i.layer_id in (select l.id from layers l where l.city_id = ${city.cityId} and l.key = any(${filter.layers}::text[]))`
      : undefined,
  ]
  const given = conditions.filter((condition): condition is Sql => typeof condition === 'object')
  return given.length > 0 ? join(given, ' and ') : empty
}
