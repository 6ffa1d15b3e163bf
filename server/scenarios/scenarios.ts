/** What can be done with scenarios. A version is written once; whoever saves over a newer one is told. */
import { v7 as uuidv7 } from 'uuid'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import { type CityRow, getCity } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import type { CoverageQuestion } from '../contract/coverage.ts'
import type { Scenario, ScenarioEdit, ScenarioVersion, ScenarioVersionHead } from '../contract/scenarios.ts'
import { placeEdits } from '../coverage/edits.ts'
import { getQuestion } from '../coverage/question.ts'
import type { Db, Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import * as queries from './queries.ts'

type Context = Pick<AppContext, 'db' | 'clock'>

const asScenario = ({ scenarioId: _id, isEnded: _isEnded, ...scenario }: queries.ScenarioRow): Scenario => scenario

async function getScenario(db: Queryable, cityKey: string, id: string): Promise<{ city: CityRow; scenario: queries.ScenarioRow }> {
  const city = await getCity(db, cityKey)
  const scenario = await queries.findScenario(db, city.cityId, id)
  if (!scenario) throw new AppError('not_found', `城市“${cityKey}”没有方案 ${id}。City "${cityKey}" has no scenario ${id}.`)
  return { city, scenario }
}

async function getVersion(db: Queryable, scenario: queries.ScenarioRow, number: number): Promise<queries.VersionRow> {
  const version = await queries.findVersion(db, scenario.scenarioId, number)
  if (!version) throw new AppError('not_found', `方案“${scenario.title}”没有第 ${number} 版，最新为第 ${scenario.version} 版。Scenario "${scenario.title}" has no version ${number}; its newest is ${scenario.version}.`)
  return version
}

async function tell(db: Queryable, city: CityRow, scenario: queries.ScenarioRow, { editCount: _count, ...version }: queries.VersionRow): Promise<ScenarioVersion> {
  return { scenario: asScenario(scenario), ...version, drift: await queries.listDrift(db, city.cityId, version.createdAt) }
}

/** @throws AppError bad_request for a question that the city cannot answer, a shape that cannot be used, and a name that stands for nothing. */
async function check(db: Db, city: CityRow, question: CoverageQuestion, edits: readonly ScenarioEdit[]): Promise<void> {
  await getQuestion(db, city.key, question)
  const twice = edits.findIndex((edit, index) => edits.findIndex(({ id }) => id === edit.id) !== index)
  if (twice >= 0) throw new AppError('bad_request', '同一改动在方案中出现了两次。One edit is in the list twice.', { errors: [{ path: `body.edits.${twice}.id`, message: '在方案中出现了两次。Twice in the list' }] })
  await placeEdits(db, city, edits)
}

export async function listScenarios({ db }: Context, cityKey: string, limit: number): Promise<{ scenarios: Scenario[]; total: number }> {
  const { cityId } = await getCity(db, cityKey)
  return { scenarios: (await queries.listScenarioRows(db, cityId, limit)).map(asScenario), total: await queries.countScenarios(db, cityId) }
}

interface Draft {
  title: string
  question: CoverageQuestion
  edits: ScenarioEdit[]
  copiedFromId: number | null
}

async function add({ db, clock }: Context, principal: Principal, city: CityRow, draft: Draft): Promise<ScenarioVersion> {
  const at = clock()
  const id = uuidv7()
  await db.transaction(async (tx) => {
    const scenarioId = await queries.insertScenario(tx, { id, cityId: city.cityId, title: draft.title, copiedFromId: draft.copiedFromId, createdBy: principal.name, at: at.toISOString() })
    await queries.insertVersion(tx, scenarioId, { number: 1, title: null, question: draft.question, edits: draft.edits, createdBy: principal.name, at: at.toISOString() })
    await recordAudit(tx, principal, city.cityId, { domain: 'coverage', action: draft.copiedFromId === null ? 'createScenario' : 'copyScenario', objectKind: 'scenario', objectId: id, details: { title: draft.title, edits: draft.edits.length } }, at)
  })
  return getScenarioVersion({ db, clock }, city.key, id, 1)
}

export async function createScenario(context: Context, principal: Principal, cityKey: string, draft: { title: string; question: CoverageQuestion; edits: ScenarioEdit[] }): Promise<ScenarioVersion> {
  const city = await getCity(context.db, cityKey)
  await check(context.db, city, draft.question, draft.edits)
  return add(context, principal, city, { ...draft, copiedFromId: null })
}

export async function listScenarioVersions({ db }: Context, cityKey: string, id: string, page: { before: number | null; limit: number; isNamed: boolean }): Promise<ScenarioVersionHead[]> {
  const { scenario } = await getScenario(db, cityKey, id)
  return queries.listVersions(db, scenario.scenarioId, page)
}

export async function getScenarioVersion({ db }: Context, cityKey: string, id: string, number: number): Promise<ScenarioVersion> {
  const { city, scenario } = await getScenario(db, cityKey, id)
  return tell(db, city, scenario, await getVersion(db, scenario, number))
}

/** @throws AppError stale, saying who saved what meanwhile; conflict for a scenario that was put away. */
async function refuseStale(db: Queryable, cityKey: string, id: string, seen: number): Promise<never> {
  const { scenario } = await getScenario(db, cityKey, id)
  if (scenario.isEnded) throw new AppError('conflict', `方案“${scenario.title}”已收起，不能再改；可复制后再改。Scenario "${scenario.title}" was put away: copy it to go on.`)
  const newest = await getVersion(db, scenario, scenario.version)
  throw new AppError('stale', `方案“${scenario.title}”已由 ${newest.createdBy} 存为第 ${scenario.version} 版（您看到的是第 ${seen} 版）。请载入最新版，或复制为另一方案。Scenario "${scenario.title}" was saved as version ${scenario.version} by ${newest.createdBy}; you saw version ${seen}. Load the newest one, or copy yours.`)
}

export async function saveScenarioVersion({ db, clock }: Context, principal: Principal, cityKey: string, id: string, next: { version: number; title: string | null; question: CoverageQuestion; edits: ScenarioEdit[] }): Promise<ScenarioVersion> {
  const { city, scenario } = await getScenario(db, cityKey, id)
  await check(db, city, next.question, next.edits)
  const at = clock()
  const isSaved = await db.transaction(async (tx) => {
    if (!(await queries.updateScenario(tx, scenario.scenarioId, next.version, { isNext: true, title: null, at: at.toISOString() }))) return false
    await queries.insertVersion(tx, scenario.scenarioId, { number: next.version + 1, title: next.title, question: next.question, edits: next.edits, createdBy: principal.name, at: at.toISOString() })
    await recordAudit(tx, principal, city.cityId, { domain: 'coverage', action: 'saveScenarioVersion', objectKind: 'scenario', objectId: id, details: { version: next.version + 1, edits: next.edits.length } }, at)
    return true
  })
  return isSaved ? getScenarioVersion({ db, clock }, cityKey, id, next.version + 1) : refuseStale(db, cityKey, id, next.version)
}

export async function copyScenario(context: Context, principal: Principal, cityKey: string, id: string, { version, title }: { version: number; title: string }): Promise<ScenarioVersion> {
  const { city, scenario } = await getScenario(context.db, cityKey, id)
  const { question, edits } = await getVersion(context.db, scenario, version)
  return add(context, principal, city, { title, question, edits, copiedFromId: scenario.scenarioId })
}

export async function renameScenario({ db, clock }: Context, principal: Principal, cityKey: string, id: string, { version, title }: { version: number; title: string }): Promise<Scenario> {
  const { city, scenario } = await getScenario(db, cityKey, id)
  const at = clock()
  const isRenamed = await db.transaction(async (tx) => {
    if (!(await queries.updateScenario(tx, scenario.scenarioId, version, { isNext: false, title, at: at.toISOString() }))) return false
    await recordAudit(tx, principal, city.cityId, { domain: 'coverage', action: 'renameScenario', objectKind: 'scenario', objectId: id, details: { title } }, at)
    return true
  })
  return isRenamed ? asScenario((await getScenario(db, cityKey, id)).scenario) : refuseStale(db, cityKey, id, version)
}

export async function endScenario({ db, clock }: Context, principal: Principal, cityKey: string, id: string, seen: number): Promise<{ ended: boolean }> {
  const { city, scenario } = await getScenario(db, cityKey, id)
  const at = clock()
  const isEnded = await db.transaction(async (tx) => {
    if (!(await queries.updateScenarioEnded(tx, scenario.scenarioId, seen, principal.name, at.toISOString()))) return false
    await recordAudit(tx, principal, city.cityId, { domain: 'coverage', action: 'endScenario', objectKind: 'scenario', objectId: id }, at)
    return true
  })
  return isEnded ? { ended: true } : refuseStale(db, cityKey, id, seen)
}
