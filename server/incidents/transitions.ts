/** A step of a case: guard, case row, flow row, clocks, requests, live event and log, in one transaction. */
import { v7 as uuidv7 } from 'uuid'
import type { Principal } from '../access/principal.ts'
import { appendAudit, type AuditEntry, openChain } from '../audit/audit.ts'
import type { CityRow } from '../cities/cities.ts'
import { rolesFor } from '../contract/incident-actions.ts'
import { ACTION_LABELS, STATE_LABELS } from '../contract/incident-workflow.ts'
import type { EvidenceKind } from '../contract/evidence.ts'
import { type Incident, type IncidentAction, type IncidentTransition, type Need, type SupervisionKind, transitionOf } from '../contract/incidents.ts'
import type { AnyRole } from '../contract/permissions.ts'
import type { Db, Queryable } from '../db/db.ts'
import { recordChoice } from '../dispatch/suggestions.ts'
import { AppError } from '../errors.ts'
import { type IncidentChange, insertFlow, insertRequest, insertSupervision, type NewFlowRow, updateIncidentState, updateRequestDecided, updateRequestEndorsed, updateRequestsWithdrawn, updateSupervisionsReplied } from './change-queries.ts'
import { localDay } from './clocks.ts'
import { findCase, type KnownCase, presentCase } from './detail.ts'
import { lockIncidents } from './detail-queries.ts'
import { type UsedEvidence, useEvidence } from './evidence.ts'
import { hashBody, once, type Once } from './idempotency.ts'
import { tellStep } from './live.ts'
import { takeNumber } from './queries.ts'
import { formatNumber } from './report.ts'
import { presentClocks, stepClocks, writeClocks } from './stage-clocks.ts'
import { prepareStep, type Step } from './step-inputs.ts'
import { type CaseScope, EVERYTHING, visibilityOf } from './visibility.ts'
import { decide, fieldError, limitOf, requestsLeftBehind } from './workflow.ts'

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text)
}

/** Tells who was quicker, and with what. */
function staleError({ row, flow }: KnownCase, seen: number): AppError {
  const last = flow.at(-1)
  const label = last && last.action in ACTION_LABELS ? ACTION_LABELS[last.action as IncidentAction] : undefined
  const zh = last ? `${last.actor} 已于 ${last.at} 将案件“${label?.zh ?? last.action}”` : '案件已有变化'
  const en = last ? `${last.actor} did “${label?.en ?? last.action}” at ${last.at}` : 'the incident has changed'
  return new AppError('stale', `${zh}，现在是“${STATE_LABELS[row.state].zh}”（第 ${row.version} 版，您看到的是第 ${seen} 版）。${en}; it is now “${STATE_LABELS[row.state].en}” (version ${row.version}, you saw ${seen}).`)
}

/** @throws AppError `illegal_transition` when the case forbids it, `forbidden` when it is somebody else's to do. */
function checkAllowed(known: KnownCase, action: IncidentAction): void {
  const choice = known.actions.find((one) => one.action === action)
  if (!choice?.reason) return
  const isAboutCase = choice.obstacle === 'state' || choice.obstacle === 'rule' || choice.obstacle === 'request'
  throw new AppError(isAboutCase ? 'illegal_transition' : 'forbidden', `${choice.reason.zh}。${choice.reason.en}.`)
}

const PHOTO_KINDS: Partial<Record<Need, { kinds: readonly EvidenceKind[]; zh: string; en: string }>> = {
  photo: { kinds: ['near', 'far', 'reference', 'before'], zh: '现场照片', en: 'a photograph of the place' },
  photo_after: { kinds: ['after'], zh: '处置后照片', en: 'a photograph taken after handling' },
  photo_check: { kinds: ['check', 'after'], zh: '核查照片', en: 'a photograph of the check' },
}

/** Reports of collectors, verification, results and checks are proved by photographs, where the city asks for them. */
function checkPhotos(known: KnownCase, principal: Principal, action: IncidentAction, evidence: readonly UsedEvidence[]): void {
  if (!known.rules.settings.requiresPhotos || principal.kind === 'system') return
  if (action === 'submit' && known.row.source !== 'collector') return
  for (const need of transitionOf(action).needs) {
    const photo = PHOTO_KINDS[need]
    if (photo && !evidence.some(({ kind }) => photo.kinds.includes(kind))) throw fieldError('mediaIds', `“${ACTION_LABELS[action].zh}”须附${photo.zh}`, `“${ACTION_LABELS[action].en}” needs ${photo.en}`)
  }
}

/** The role in which somebody does an action: one that it is for, else his first. */
function roleOf(principal: Principal, city: CityRow, known: KnownCase, action: IncidentAction): AnyRole | null {
  const roles = rolesFor(transitionOf(action), known.situation.filingRole)
  const posts = principal.posts.filter((post) => post.cityKey === null || post.cityKey === city.key)
  return (posts.find((post) => roles.includes(post.role)) ?? posts[0])?.role ?? null
}

/** Requests and supervisions that a step makes, passes on, decides or answers; the statements travel with the step's own. */
function writeSideRows(tx: Queryable, known: KnownCase, principal: Principal, request: StepRequest, { newDueAt }: Step, now: string): Promise<unknown>[] {
  const writes: Promise<unknown>[] = []
  const { incidentId, state } = known.row
  const transition = transitionOf(request.action)
  const by = { id: principal.accountId, name: principal.name }
  const opinion = request.opinion?.trim() ?? ''
  switch (transition.request?.does) {
    case 'ask':
      writes.push(insertRequest(tx, { publicId: uuidv7(), incidentId, kind: transition.request.kind, reason: opinion, newDueAt, specialKind: request.specialKind ?? null, by, at: now }))
      break
    case 'endorse':
      writes.push(updateRequestEndorsed(tx, incidentId, transition.request.kind, by, now))
      break
    case 'approve':
    case 'refuse':
      writes.push(updateRequestDecided(tx, incidentId, transition.request.kind, transition.request.does === 'approve' ? 'approved' : 'refused', by, opinion || null, now))
  }
  const to = transition.to ?? state
  const behind = to === state ? [] : requestsLeftBehind(to)
  if (known.requests.some(({ kind, status }) => behind.includes(kind) && (status === 'asked' || status === 'endorsed'))) writes.push(updateRequestsWithdrawn(tx, incidentId, behind, now))
  if (request.action === 'supervise' || request.action === 'urge') {
    const kind: SupervisionKind = request.supervisionKind ?? 'important'
    writes.push(insertSupervision(tx, { publicId: uuidv7(), incidentId, form: request.action, kind, text: opinion, by, at: now, ruleKey: request.ruleKey ?? null }))
  }
  if (request.action === 'reply_supervision') writes.push(updateSupervisionsReplied(tx, incidentId, opinion, by, now))
  return writes
}

function scopeOf(row: KnownCase['row']): CaseScope {
  const people = [row.holderNumber, row.reporterNumber, row.disposerNumber, row.checkerNumber].filter((number) => number !== null)
  return { county: row.countyCode, street: row.streetCode, community: row.communityCode, departmentId: row.departmentNumber, people }
}

export interface StepRequest extends IncidentTransition {
  /** What a rule raised a supervision for; a rule speaks once per case. */
  ruleKey?: string | undefined
}

/**
 * Takes a step in the caller's transaction. Ring the doorbell after the commit.
 * @param keep stores the answer with the last of the writes.
 * @throws AppError `not_found` outside the principal's reach, `stale` (somebody was quicker), `illegal_transition`, `forbidden` (each with the reason), `bad_request`.
 */
export async function takeStep(tx: Queryable, city: CityRow, principal: Principal, id: string, request: StepRequest, at: Date, keep?: (answer: Incident) => Promise<void>): Promise<Incident> {
  const { action } = request
  const visibility = await visibilityOf(tx, principal, city)
  // Statements that need none of each other's answers are sent together; the database works them off in this order.
  const [, known] = await Promise.all([lockIncidents(tx, city.cityId, request.masterId === undefined ? [id] : [id, request.masterId]), findCase(tx, city, principal, visibility, id, at)])
  const { row } = known
  if (row.version !== request.version) throw staleError(known, request.version)
  checkAllowed(known, action)
  const step = await prepareStep(tx, city, principal, row, known.situation, known.requests, visibility, request, at)
  const { inputs } = step
  const decision = decide(
    action,
    {
      state: row.state, caseNumber: row.caseNumber, departmentName: row.department, filedAt: row.filedAt, reporterNumber: row.reporterNumber,
      department: row.departmentNumber === null || row.department === null ? null : { number: row.departmentNumber, name: row.department },
      holder: row.holderNumber === null ? {} : { number: row.holderNumber, name: row.holder ?? '' },
      disposer: row.disposerNumber === null ? {} : { number: row.disposerNumber, name: row.disposer ?? '' },
      reworkCount: row.reworkCount, returnCount: row.returnCount, supervisionCount: row.supervisionCount,
    },
    inputs,
    at,
  )
  const now = at.toISOString()
  if (action === 'dispatch' && inputs.department?.number) await recordChoice(tx, city, principal, id, inputs.department.number, request.overrideReason, at)
  const clocks = stepClocks(
    known.clocks,
    {
      action, from: row.state, to: decision.to, at, stateSince: new Date(row.stateSince), limit: limitOf(row.limitAmount, row.limitUnit), dueAt: dateOf(row.dueAt),
      newDueAt: action === 'extend' ? (dateOf(step.newDueAt) ?? undefined) : undefined,
    },
    known.rules.clocks,
  )
  const sequence = (known.flow.at(-1)?.sequence ?? 0) + 1
  const evidence = await useEvidence(tx, row.incidentId, request.mediaIds ?? [], sequence)
  checkPhotos(known, principal, action, evidence)
  const day = localDay(at, city.timeZone)
  const change: IncidentChange = {
    ...decision.change,
    ...(clocks.dueAt === undefined ? {} : { dueAt: clocks.dueAt?.toISOString() ?? null }),
    ...(decision.takesCaseNumber ? { caseNumber: formatNumber('case', day, await takeNumber(tx, city.cityId, 'case', day)) } : {}),
  }
  const flow: NewFlowRow = {
    incidentId: row.incidentId,
    sequence,
    action,
    operation: transitionOf(action).operation,
    fromState: row.state,
    toState: decision.to,
    actor: principal.name,
    actorId: principal.accountId,
    actorRole: roleOf(principal, city, known, action),
    receiverId: inputs.receiver?.number ?? null,
    receiverName: inputs.receiver?.name ?? inputs.department?.name ?? null,
    stage: clocks.stage,
    spentMilliseconds: clocks.spentMilliseconds,
    wasOverdue: clocks.wasOverdue,
    at: now,
    opinion: request.opinion?.trim() || null,
    details: { ...decision.change, ...(evidence.length > 0 ? { evidence } : {}), ...(step.newDueAt === null ? {} : { newDueAt: step.newDueAt }) },
  }
  const entry: AuditEntry = { domain: 'incidents', action: 'transitionIncident', objectKind: 'incident', objectId: id, lane: id }
  const [version, , , after, chain] = await Promise.all([
    updateIncidentState(tx, row, decision.to, change, now),
    writeClocks(tx, row.incidentId, known.clocks, clocks.after),
    Promise.all([insertFlow(tx, flow), ...writeSideRows(tx, known, principal, request, step, now)]),
    findCase(tx, city, principal, EVERYTHING, id, at, known.rules),
    // Last of what is locked: the end of a chain is held until the commit.
    openChain(tx, entry, at),
  ])
  if (version === undefined) throw staleError(known, request.version)
  const incident = await presentCase(tx, city, after, presentClocks(clocks.after, known.rules.clocks, after.row.isSupervised, at))
  await Promise.all([
    tellStep(tx, city, after.row, action, scopeOf(after.row), scopeOf(row)),
    appendAudit(tx, chain, principal, city.cityId, { ...entry, details: { action, from: row.state, to: decision.to, version } }, at),
    keep?.(incident),
  ])
  return incident
}

/**
 * Moves an incident along its life; of two people pressing at once the first wins and the second is told who it was.
 * Ring the doorbell afterwards.
 * @throws AppError as `takeStep`, and as `once` does when a key is given.
 */
export function transitionIncident(db: Db, city: CityRow, principal: Principal, id: string, request: IncidentTransition, key: string | undefined, at: Date): Promise<Once<Incident>> {
  return db.transaction(async (tx) => {
    const work = (keep?: (answer: Incident) => Promise<void>) => takeStep(tx, city, principal, id, request, at, keep)
    if (key === undefined) return { answer: await work(), status: 201, replayed: false }
    const bodyHash = hashBody({ ...request, by: principal.accountId ?? principal.name })
    return once(tx, { cityId: city.cityId, endpoint: `transitionIncident ${id}`, key, ownerId: principal.accountId, bodyHash, status: 201 }, work)
  })
}
