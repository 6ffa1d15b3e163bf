/** Scenarios and their versions. */
import type { CoverageQuestion } from '../contract/coverage.ts'
import type { Scenario, ScenarioDrift, ScenarioEdit, ScenarioVersionHead } from '../contract/scenarios.ts'
import type { Queryable } from '../db/db.ts'
import { empty, identifier, join, sql, type Sql } from '../db/sql.ts'

export interface ScenarioRow extends Scenario {
  scenarioId: number
  isEnded: boolean
}

const instant = (column: Sql) => sql`to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

function selectScenarios(where: Sql): Sql {
  return sql`select s.id as "scenarioId", s.public_id as id, s.title, s.version, jsonb_array_length(v.edits) as "editCount", s.created_by as "createdBy", ${instant(sql`s.created_at`)} as "createdAt",
      ${instant(sql`s.updated_at`)} as "updatedAt", s.ended_at is not null as "isEnded"
    from scenarios s join scenario_versions v on v.scenario_id = s.id and v.number = s.version ${where}`
}

export function listScenarioRows(db: Queryable, cityId: number, limit: number): Promise<ScenarioRow[]> {
  return db.query<ScenarioRow>(selectScenarios(sql`where s.city_id = ${cityId} and s.ended_at is null order by s.updated_at desc, s.id desc limit ${limit}`))
}

export async function countScenarios(db: Queryable, cityId: number): Promise<number> {
  return (await db.query<{ count: number }>(sql`select count(*)::int as count from scenarios where city_id = ${cityId} and ended_at is null`))[0]!.count
}

export async function findScenario(db: Queryable, cityId: number, id: string): Promise<ScenarioRow | undefined> {
  return (await db.query<ScenarioRow>(selectScenarios(sql`where s.city_id = ${cityId} and s.public_id = ${id}`)))[0]
}

export interface VersionRow extends ScenarioVersionHead {
  question: CoverageQuestion
  edits: ScenarioEdit[]
}

export async function findVersion(db: Queryable, scenarioId: number, number: number): Promise<VersionRow | undefined> {
  return (
    await db.query<VersionRow>(sql`select number, title, jsonb_array_length(edits) as "editCount", created_by as "createdBy", ${instant(sql`created_at`)} as "createdAt", question, edits
      from scenario_versions where scenario_id = ${scenarioId} and number = ${number}`)
  )[0]
}

export function listVersions(db: Queryable, scenarioId: number, page: { before: number | null; limit: number; isNamed: boolean }): Promise<ScenarioVersionHead[]> {
  return db.query(sql`select number, title, jsonb_array_length(edits) as "editCount", created_by as "createdBy", ${instant(sql`created_at`)} as "createdAt" from scenario_versions
    where scenario_id = ${scenarioId} and (${page.before}::int is null or number < ${page.before}) ${page.isNamed ? sql`and title is not null` : empty} order by number desc limit ${page.limit}`)
}

export interface NewVersion {
  number: number
  title: string | null
  question: CoverageQuestion
  edits: ScenarioEdit[]
  createdBy: string
  at: string
}

export async function insertScenario(tx: Queryable, scenario: { id: string; cityId: number; title: string; copiedFromId: number | null; createdBy: string; at: string }): Promise<number> {
  const [row] = await tx.query<{ id: number }>(sql`insert into scenarios (public_id, city_id, title, version, copied_from_id, created_by, created_at, updated_at)
    values (${scenario.id}, ${scenario.cityId}, ${scenario.title}, 1, ${scenario.copiedFromId}, ${scenario.createdBy}, ${scenario.at}, ${scenario.at}) returning id`)
  return row!.id
}

export async function insertVersion(tx: Queryable, scenarioId: number, version: NewVersion): Promise<void> {
  await tx.query(sql`insert into scenario_versions (scenario_id, number, title, question, edits, created_by, created_at)
    values (${scenarioId}, ${version.number}, ${version.title}, ${JSON.stringify(version.question)}::jsonb, ${JSON.stringify(version.edits)}::jsonb, ${version.createdBy}, ${version.at})`)
}

/** Moves a scenario on to its next version, or gives it another title; false when it has moved on or ended meanwhile. */
export async function updateScenario(tx: Queryable, scenarioId: number, seen: number, change: { isNext: boolean; title: string | null; at: string }): Promise<boolean> {
  const rows = await tx.query(sql`update scenarios set version = version + ${change.isNext ? 1 : 0}, title = coalesce(${change.title}, title), updated_at = ${change.at}
    where id = ${scenarioId} and version = ${seen} and ended_at is null returning id`)
  return rows.length > 0
}

export async function updateScenarioEnded(tx: Queryable, scenarioId: number, seen: number, by: string, at: string): Promise<boolean> {
  const rows = await tx.query(sql`update scenarios set ended_by = ${by}, ended_at = ${at} where id = ${scenarioId} and version = ${seen} and ended_at is null returning id`)
  return rows.length > 0
}

const DRIFTING = ['green_spaces', 'facilities', 'green_entrances', 'path_edges', 'residential_areas', 'population_cells', 'buildings'] as const

/** Features that came and went since an instant; kinds without any are left out. */
export async function listDrift(db: Queryable, cityId: number, since: string): Promise<ScenarioDrift[]> {
  const rows = await db.query<ScenarioDrift>(
    join(
      DRIFTING.map((kind) => sql`select ${kind}::text as kind, count(*) filter (where valid_from > ${since}::timestamptz)::int as added, count(*) filter (where valid_to > ${since}::timestamptz)::int as ended
        from ${identifier(kind)} where city_id = ${cityId} and (valid_from > ${since}::timestamptz or valid_to > ${since}::timestamptz)`),
      ' union all ',
    ),
  )
  return rows.filter(({ added, ended }) => added + ended > 0)
}

export interface HistoricRow {
  wkb: Buffer
}

/** Historic districts in the plane. */
export function listHistoricShapes(db: Queryable, cityId: number, srid: number): Promise<HistoricRow[]> {
  return db.query(sql`select st_asbinary(st_transform(geom, ${srid}::int)) as wkb from historic_districts where city_id = ${cityId} and valid_to is null order by id limit 1000`)
}
