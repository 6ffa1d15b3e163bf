/**
 * Which unit a case should go to, ranked, each with its reasons: the rule that fits, the matrix, who owns the grid, what is in hand,
 * how far the nearest case in hand is, how often in time. It proposes; the dispatcher decides and says why when he decides otherwise.
 */
import type { Principal } from '../access/principal.ts'
import type { CityRow } from '../cities/cities.ts'
import type { Reason, Suggestion } from '../contract/dispatch.ts'
import type { Db, Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { visibleIncident } from '../incidents/filter-queries.ts'
import { visibilityOf } from '../incidents/visibility.ts'
import { findRoutedCase, type NamedPerson, type PlayedCase } from './rule-queries.ts'
import { countChoices, findGridOwner, type GridOwner, type Handler, insertChoice, listChoices, listHandlers, listMatrixHits, listUnitRecords, type MatrixHit, type UnitRecord, updateChoiceUndone } from './suggestion-queries.ts'
import { routedCase } from './replay.ts'
import { firstMatch, type TraceStep } from './routing.ts'
import { getRulesInForce, toUnit } from './rules.ts'

const DAY = 86_400_000
/** The record of a unit looks back so many days. */
const RECORD_DAYS = 90
/** Fewer cases than this say nothing of a unit's punctuality. */
const LEAST_RECORD = 10

/** Weights of the ranking: order of reasons, not a score anybody is judged by. */
const POINTS = { rule: 100, matrix: 50, narrowerMatrix: 10, gridOwner: 30, onTime: 10, load: -0.2, loadAtMost: -10, far: -1, farAtMost: -5 } as const

interface Candidate {
  rule?: NamingRule
  matrix?: MatrixHit
  owner?: GridOwner
}

/** The rule that fits a case. */
interface NamingRule {
  ordinal: number
  title: string
  organisationId: number
  person: NamedPerson | null
  legalBasis: string | null
}

function reasonsOf(candidate: Candidate, record: UnitRecord): Reason[] {
  const reasons: Reason[] = []
  const { rule, matrix, owner } = candidate
  if (rule) {
    const basis = rule.legalBasis ? `（${rule.legalBasis}）` : ''
    reasons.push({ key: 'rule', zh: `派遣规则第 ${rule.ordinal} 条“${rule.title}”指派${rule.person ? `，指名${rule.person.name}` : ''}${basis}`, en: `routing rule ${rule.ordinal} “${rule.title}” names it${rule.person ? `, and ${rule.person.name} there` : ''}${basis}`, points: POINTS.rule })
  }
  if (matrix) {
    const basis = matrix.legalBasis ? `（${matrix.legalBasis}）` : ''
    const points = POINTS.matrix - (matrix.priority - 1) * 5 + (matrix.classCode.length > 2 ? POINTS.narrowerMatrix : 0)
    reasons.push({ key: 'matrix', zh: `权责清单第 ${matrix.priority} 序位：${matrix.className ?? matrix.classCode}${basis}`, en: `responsibility matrix, priority ${matrix.priority}: class ${matrix.classCode}${basis}`, points })
  }
  if (owner) reasons.push({ key: 'grid_owner', zh: `${owner.areaName === null ? `${owner.areaCode} ` : `“${owner.areaName}”（${owner.areaCode}）`}的责任单位${owner.person ? `，责任人${owner.person}` : ''}`, en: `answers for ${owner.areaName === null ? '' : `“${owner.areaName}” `}${owner.areaCode}${owner.person ? `: ${owner.person}` : ''}`, points: POINTS.gridOwner })
  reasons.push({ key: 'load', zh: `在办 ${record.openCases} 件`, en: `${record.openCases} cases in hand`, points: Math.max(POINTS.loadAtMost, POINTS.load * record.openCases) })
  if (record.nearestOpenMeters !== null) {
    const meters = Math.round(record.nearestOpenMeters)
    reasons.push({ key: 'distance', zh: `最近的在办案件距此 ${meters} 米`, en: `its nearest case in hand is ${meters} m away`, points: Math.max(POINTS.farAtMost, (POINTS.far * meters) / 1000) })
  }
  if (record.handled >= LEAST_RECORD) {
    const rate = record.onTime / record.handled
    reasons.push({ key: 'on_time', zh: `近 ${RECORD_DAYS} 日按期处置率 ${(rate * 100).toFixed(1)}%（${record.onTime}/${record.handled}）`, en: `${(rate * 100).toFixed(1)} % in time in the last ${RECORD_DAYS} days (${record.onTime} of ${record.handled})`, points: POINTS.onTime * rate })
  } else {
    reasons.push({ key: 'on_time', zh: `近 ${RECORD_DAYS} 日仅处置 ${record.handled} 件，不足以评价`, en: `only ${record.handled} cases handled in the last ${RECORD_DAYS} days: too few to tell`, points: 0 })
  }
  return reasons
}

/** Whom the rule, else the grid, names first; then those with the least in hand. */
function peopleOf({ rule, owner }: Candidate, handlers: readonly Handler[]): Suggestion['people'] {
  const namedBy = (accountId: number): 'rule' | 'grid_owner' | null => (rule?.person?.accountId === accountId ? 'rule' : owner?.accountId === accountId ? 'grid_owner' : null)
  const place = { rule: 0, grid_owner: 1, none: 2 } as const
  return handlers
    .map(({ id, name, openCases, accountId }) => ({ id, name, openCases, namedBy: namedBy(accountId) }))
    .sort((a, b) => place[a.namedBy ?? 'none'] - place[b.namedBy ?? 'none'])
}

export interface Suggested {
  suggestions: Suggestion[]
  trace: TraceStep[]
  ruleSetVersion: number | null
}

interface Found {
  suggested: Suggested
  incidentId: number
  /** Inner id of the unit suggested first; null when none is. */
  firstId: number | null
}

async function suggestFor(db: Queryable, city: CityRow, one: PlayedCase, routed: { version: number | null; trace: TraceStep[]; rule?: NamingRule }, at: Date): Promise<Found> {
  const [hits, owner] = await Promise.all([listMatrixHits(db, city.cityId, one), findGridOwner(db, city.cityId, one)])
  const candidates = new Map<number, Candidate>()
  if (routed.rule) candidates.set(routed.rule.organisationId, { rule: routed.rule })
  for (const hit of hits) {
    const candidate = candidates.get(hit.organisationId) ?? {}
    candidate.matrix ??= hit
    candidates.set(hit.organisationId, candidate)
  }
  if (owner) candidates.set(owner.organisationId, { ...candidates.get(owner.organisationId), owner })
  const ids = [...candidates.keys()]
  if (ids.length === 0) return { suggested: { suggestions: [], trace: routed.trace, ruleSetVersion: routed.version }, incidentId: one.incidentId, firstId: null }
  const [records, people] = await Promise.all([
    listUnitRecords(db, city, one.incidentId, ids, new Date(at.getTime() - RECORD_DAYS * DAY).toISOString()),
    listHandlers(db, city.cityId, ids, [routed.rule?.person?.accountId, owner?.accountId].filter((account) => typeof account === 'number')),
  ])
  const ranked = records
    .map((record) => {
      const reasons = reasonsOf(candidates.get(record.organisationId) ?? {}, record)
      const { organisationId, openCases, handled, onTime, nearestOpenMeters, ...unit } = record
      return {
        organisationId, unit: toUnit({ organisationId, ...unit }), reasons, openCases, nearestOpenMeters, onTimeRate: handled > 0 ? onTime / handled : null,
        points: reasons.reduce((sum, reason) => sum + reason.points, 0),
        people: peopleOf(candidates.get(organisationId) ?? {}, people.filter((person) => person.organisationId === organisationId)),
      }
    })
    .sort((a, b) => b.points - a.points || a.unit.code.localeCompare(b.unit.code))
  const suggestions = ranked.map(({ organisationId: _id, ...suggestion }, index) => ({ rank: index + 1, ...suggestion }))
  return { suggested: { suggestions, trace: routed.trace, ruleSetVersion: routed.version }, incidentId: one.incidentId, firstId: ranked[0]?.organisationId ?? null }
}

async function suggestIn(tx: Queryable, city: CityRow, principal: Principal, id: string, at: Date): Promise<Found> {
  const visible = visibleIncident(await visibilityOf(tx, principal, city))
  const [one, { version, rules }] = await Promise.all([findRoutedCase(tx, city.cityId, visible, id), getRulesInForce(tx, city, principal, at)])
  if (!one) throw new AppError('not_found', `There is no incident ${id} in ${city.nameZh} ${city.nameEn}.`)
  const { rule, trace } = firstMatch(rules, routedCase(one, city.timeZone))
  return suggestFor(tx, city, one, { version, trace, ...(rule ? { rule: { ordinal: rule.ordinal, title: rule.title, organisationId: rule.target.organisationId, person: rule.person, legalBasis: rule.legalBasis } } : {}) }, at)
}

/** @throws AppError not_found */
export async function suggestDispatch(db: Db, city: CityRow, principal: Principal, id: string, at: Date): Promise<Suggested> {
  return (await db.transaction((tx) => suggestIn(tx, city, principal, id, at))).suggested
}

/**
 * Notes what a dispatcher chose, in the transaction of the dispatch. The program's own dispatches are no choice of anybody.
 * @param chosenId inner id of the unit
 * @throws AppError bad_request when he chose otherwise than suggested and does not say why.
 */
export async function recordChoice(tx: Queryable, city: CityRow, principal: Principal, id: string, chosenId: number, overrideReason: string | undefined, at: Date): Promise<void> {
  if (principal.kind === 'system') return
  const { suggested, incidentId, firstId } = await suggestIn(tx, city, principal, id, at)
  const isOverride = firstId !== null && firstId !== chosenId
  const reason = overrideReason?.trim()
  const first = suggested.suggestions[0]
  if (isOverride && !reason) {
    const message = `建议派往“${first?.unit.nameZh ?? ''}”；改派其他单位须说明理由 · “${first?.unit.nameEn ?? ''}” is suggested; say why it goes elsewhere`
    throw new AppError('bad_request', message, { errors: [{ path: 'body.overrideReason', message }] })
  }
  await insertChoice(tx, city.cityId, {
    incidentId, ruleSetVersion: suggested.ruleSetVersion, suggestedId: firstId, chosenId, reasons: first?.reasons ?? [], overrideReason: isOverride ? (reason ?? null) : null, chosenBy: principal.accountId, at: at.toISOString(),
  })
}

/** A dispatch was taken back: it counts in no figure any more. */
export function withdrawChoice(tx: Queryable, incidentId: number, at: Date): Promise<void> {
  return updateChoiceUndone(tx, incidentId, at.toISOString())
}

export interface OverridesAsked {
  from?: string | undefined
  to?: string | undefined
  part: 'overridden' | 'dispatched'
}

/**
 * How often the suggestion was not followed, with the rows of one part of the figure; without bounds the 30 days before `at`. No value when nothing was dispatched with a suggestion.
 * @throws AppError bad_request for a period that ends before it begins.
 */
export function getOverrideRate(db: Queryable, city: CityRow, principal: Principal, asked: OverridesAsked & { limit: number }, at: Date) {
  return readOverrides(db, city, principal, asked, asked.limit, 'dispatch.read', at)
}

/** The same for whoever may see cases by `permission`, with as many rows as wanted. */
export async function readOverrides(db: Queryable, city: CityRow, principal: Principal, asked: OverridesAsked, limit: number, permission: 'dispatch.read' | 'incidents.export', at: Date) {
  const to = asked.to ? new Date(asked.to) : at
  const from = asked.from ? new Date(asked.from) : new Date(to.getTime() - 30 * DAY)
  if (from >= to) throw new AppError('bad_request', '时段的结束须晚于开始。The period must end after it begins.', { errors: [{ path: 'query.to', message: '须晚于开始。Must be after from' }] })
  const period = { from: from.toISOString(), to: to.toISOString() }
  const visible = visibleIncident(await visibilityOf(db, principal, city, permission))
  const { dispatched, overridden } = await countChoices(db, city.cityId, visible, period.from, period.to)
  return { ...period, dispatched, overridden, rate: dispatched === 0 ? null : overridden / dispatched, rows: await listChoices(db, city.cityId, visible, period, asked.part, limit) }
}
