/** One case, as somebody sees it and with what he may do with it. */
import type { Principal } from '../access/principal.ts'
import type { CityRow } from '../cities/cities.ts'
import { type ActionChoice, allowedActions, type CaseSituation } from '../contract/incident-actions.ts'
import type { CaseClock } from '../contract/clocks.ts'
import { isOverdue } from '../contract/incident-workflow.ts'
import type { CaseRequest, CaseSupervision, Incident, IncidentFlowEntry } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { limitWords } from './clocks.ts'
import { findIncident, type IncidentRow } from './detail-queries.ts'
import { getFacts } from './facts.ts'
import { visibleIncident } from './filter-queries.ts'
import { isPublicSource, maskName, maskPhone, maskReporter } from './reporter.ts'
import { type CityRules, getCityRules } from './city-rules.ts'
import { allowsPhotoCheck } from './settings.ts'
import { toStageClock } from './stage-clock-queries.ts'
import { clocksOfFlow, getClockRules, type KnownClocks, presentClocks } from './stage-clocks.ts'
import { lastRound } from './stage-clocks-decide.ts'
import { type Visibility, visibilityOf } from './visibility.ts'
import { limitOf } from './workflow.ts'

/** A case with all that decides on its next step. */
export interface KnownCase {
  row: IncidentRow
  flow: IncidentFlowEntry[]
  requests: CaseRequest[]
  supervisions: CaseSupervision[]
  situation: CaseSituation
  actions: ActionChoice[]
  clocks: KnownClocks
  rules: CityRules
}

/** Until when a department can return a case dispatched to it; null where nothing limits that. */
async function findReturnWindowEnd(db: Queryable, city: CityRow, row: IncidentRow, { held }: KnownClocks): Promise<Date | null> {
  if (row.state !== 'pending_dispose' || row.dispatchedAt === null) return null
  // A case from before clocks were kept goes by the rules of the day it was dispatched on.
  const clocks = held.length > 0 ? held : clocksOfFlow(row, await getClockRules(db, city, new Date(row.dispatchedAt)))
  return lastRound(clocks, 'return_window')?.dueAt ?? null
}

function situationOf(city: CityRow, row: IncidentRow, returnUntil: Date | null, { settings }: CityRules, at: Date): CaseSituation {
  const { requests, supervisions } = row
  const wasHandledLate = row.disposedAt !== null && row.dueAt !== null && Date.parse(row.disposedAt) > Date.parse(row.dueAt)
  return {
    cityKey: city.key,
    state: row.state,
    countyCode: row.countyCode,
    streetCode: row.streetCode,
    communityCode: row.communityCode,
    departmentPath: row.departmentPath,
    holderId: row.holderId,
    holder: row.holder,
    reporterId: row.reporterId,
    disposerId: row.disposerId,
    checkerId: row.checkerId,
    requests,
    openSupervisions: supervisions.filter((one) => one.repliedAt === null).length,
    reworkCount: row.reworkCount,
    hasFailedCheck: row.hasFailedCheck,
    wasLate: row.hadOverdueStep || wasHandledLate || isOverdue(row, at.getTime()),
    returnUntil: returnUntil?.getTime() ?? null,
    filingRole: settings.filingRole,
    allowsPhotoCheck: allowsPhotoCheck(settings, row.classKind, row.classCode),
  }
}

/**
 * @param known the city's rules, where they have been looked up already.
 * @throws AppError not_found, also for a case that is there but out of sight.
 */
export async function findCase(db: Queryable, city: CityRow, principal: Principal, visibility: Visibility, id: string, at: Date, known?: CityRules): Promise<KnownCase> {
  const [row, rules] = await Promise.all([findIncident(db, city.cityId, id, visibleIncident(visibility)), known ?? getCityRules(db, city, at)])
  if (!row) throw new AppError('not_found', `${city.nameZh}没有案件 ${id}，或您无权查看。There is no incident ${id} in ${city.nameEn}.`)
  const { flow, requests, supervisions } = row
  const held = row.heldClocks.map(toStageClock)
  const clocks: KnownClocks = { held, all: held.length > 0 ? held : clocksOfFlow(row, rules.clocks) }
  const situation = situationOf(city, row, await findReturnWindowEnd(db, city, row, clocks), rules, at)
  return { row, flow, requests, supervisions, situation, clocks, rules, actions: allowedActions(situation, principal, at.getTime()) }
}

/** A case as its reader gets it: without inner ids, the public's names masked. */
export async function presentCase(db: Queryable, city: CityRow, { row, flow, requests, supervisions, situation, actions }: KnownCase, clocks: CaseClock[]): Promise<Incident> {
  const {
    incidentId: _incidentId, schemeId: _schemeId, conditionOrdinal: _ordinal, countyCode: _county, limitAmount, limitUnit, departmentNumber: _department, departmentPath: _path, holderNumber: _holder,
    reporterNumber: _reporter, disposerNumber: _disposerNumber, checkerNumber: _checker, disposer: _disposer, dispatchedAt: _dispatchedAt, hadOverdueStep: _late, heldClocks: _held, keptFacts, ...incident
  } = row
  const limit = limitOf(limitAmount, limitUnit)
  const words = limit && limitWords(limit)
  const isMasked = isPublicSource(row.source)
  return {
    ...maskReporter(incident),
    reporterPhone: row.reporterPhone && maskPhone(row.reporterPhone),
    isReporterMasked: isMasked || row.reporterPhone !== null,
    limitZh: words?.zh ?? null,
    limitEn: words?.en ?? null,
    returnUntil: situation.returnUntil === null ? null : new Date(situation.returnUntil).toISOString(),
    clocks,
    facts: row.position === null ? null : (keptFacts ?? (await getFacts(db, city, row.incidentId))),
    requests,
    supervisions,
    actions,
    // The first step of a report of the public is its reporter's.
    flow: flow.map((step) => (isMasked && step.fromState === null && step.actor === row.reportedBy ? { ...step, actor: maskName(step.actor) } : step)),
  }
}

/** One incident with its whole flow and what the caller may do with it. @throws AppError not_found */
export async function getIncident(db: Queryable, city: CityRow, principal: Principal, id: string, at: Date): Promise<Incident> {
  const known = await findCase(db, city, principal, await visibilityOf(db, principal, city), id, at)
  return presentCase(db, city, known, presentClocks(known.clocks.all, known.rules.clocks, known.row.isSupervised, at))
}
