/** What comes with a step, looked up and held against the case: class, condition, department, person, master. */
import type { Principal } from '../access/principal.ts'
import type { CityRow } from '../cities/cities.ts'
import { ACTION_LABELS } from '../contract/incident-workflow.ts'
import { allowedActions, type CaseSituation } from '../contract/incident-actions.ts'
import { ENDED_STATES, type IncidentAction, type IncidentState, type IncidentTransition, transitionOf } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import type { CaseRequest } from '../contract/incidents.ts'
import { findReferredIncident, type IncidentRow } from './detail-queries.ts'
import { visibleIncident } from './filter-queries.ts'
import { findDepartment, findPerson } from './people-queries.ts'
import { findReportedClass, listFilingConditions } from './reference-queries.ts'
import type { Visibility } from './visibility.ts'
import { checkNeeds, fieldError, type Named, type StepInputs } from './workflow.ts'

/** The step a person is handed a case for: he has to be able to take it. */
const NEXT_OF: Partial<Record<IncidentAction, IncidentAction>> = { send_verify: 'verify_true', verify_again: 'verify_true', sign: 'submit_result', assign: 'submit_result', send_check: 'check_passed' }

async function findReceiver(tx: Queryable, city: CityRow, situation: CaseSituation, request: IncidentTransition, at: Date): Promise<Named | null> {
  const next = NEXT_OF[request.action]
  if (request.receiverId === undefined || next === undefined) return null
  const person = await findPerson(tx, city.cityId, request.receiverId)
  if (!person) throw fieldError('receiverId', '没有此承办人', 'there is no such person in this city')
  // A contractor's people work for the departments above them.
  const isWithin = person.above.some((id) => situation.departmentPath.includes(id))
  const then: CaseSituation = { ...situation, state: transitionOf(request.action).to ?? situation.state, holderId: null, departmentPath: isWithin ? [...situation.departmentPath, ...person.above] : situation.departmentPath }
  const choice = allowedActions(then, { kind: 'person', id: person.id, posts: person.posts }, at.getTime()).find(({ action }) => action === next)
  if (choice?.reason) throw fieldError('receiverId', `${person.name}不能承办：${choice.reason.zh}`, `${person.name} cannot take it: ${choice.reason.en}`)
  return { number: person.accountId, name: person.name }
}

async function findClass(tx: Queryable, row: IncidentRow, request: IncidentTransition): Promise<StepInputs['caseClass']> {
  if ((request.action !== 'accept' && request.action !== 'file') || request.classCode === undefined) return null
  const kind = request.classKind ?? row.classKind
  const found = await findReportedClass(tx, row.schemeId, kind, request.classCode)
  if (!found) throw fieldError('classCode', `分类体系 ${row.schemeId} 没有小类 ${request.classCode}`, `the scheme ${row.schemeId} has no ${kind} class ${request.classCode}`)
  return { kind, code: request.classCode, name: found.nameZh, largeCode: found.largeCode }
}

async function findCondition(tx: Queryable, row: IncidentRow, caseClass: StepInputs['caseClass'], request: IncidentTransition): Promise<number | null> {
  if (request.action !== 'file') return null
  const conditions = await listFilingConditions(tx, row.schemeId, caseClass?.kind ?? row.classKind, caseClass?.code ?? row.classCode)
  if (conditions.length === 0) return null
  const ordinals = conditions.map((condition) => condition.ordinal).join(', ')
  if (request.conditionOrdinal === undefined) throw fieldError('conditionOrdinal', `立案须选定立案条件（${ordinals}）`, `filing needs one of the class’s conditions (${ordinals})`)
  if (!conditions.some((condition) => condition.ordinal === request.conditionOrdinal)) {
    throw fieldError('conditionOrdinal', `该小类没有第 ${request.conditionOrdinal} 条立案条件，可选 ${ordinals}`, `the class has no condition ${request.conditionOrdinal}; choose from ${ordinals}`)
  }
  return request.conditionOrdinal
}

async function findChosenDepartment(tx: Queryable, city: CityRow, row: IncidentRow, request: IncidentTransition): Promise<Named | null> {
  if (request.action !== 'dispatch') return null
  const id = request.departmentId ?? row.departmentId
  if (!id) throw fieldError('departmentId', '派遣须指定处置部门', 'dispatching needs the department that is to handle it')
  const found = await findDepartment(tx, city.cityId, id)
  if (!found) throw fieldError('departmentId', '没有此处置部门，或已停用', 'there is no such department, or it has ended')
  return { number: found.departmentId, name: found.name }
}

async function findMaster(tx: Queryable, city: CityRow, row: IncidentRow, visibility: Visibility, request: IncidentTransition): Promise<number | null> {
  if (request.action !== 'merge_duplicate' || request.masterId === undefined) return null
  if (request.masterId === row.id) throw fieldError('masterId', '案件不能并入自身', 'an incident cannot be merged into itself')
  const found = await findReferredIncident(tx, city.cityId, request.masterId, visibleIncident(visibility))
  if (!found) throw fieldError('masterId', '没有此案件', 'there is no such incident')
  if ((ENDED_STATES as readonly IncidentState[]).includes(found.state)) throw fieldError('masterId', '并入的案件已结束', 'the incident to go on has ended')
  if (row.merged.length > 0) throw fieldError('masterId', '已有案件并入本案，本案不能再并入他案', 'others were merged into this one; it cannot be merged itself')
  return found.incidentId
}

function checkDeadline(row: IncidentRow, newDueAt: string | null | undefined, at: Date): void {
  if (!newDueAt) return
  const asked = Date.parse(newDueAt)
  if (asked <= at.getTime()) throw fieldError('newDueAt', '新的时限须在现在之后', 'the new deadline has to lie in the future')
  if (row.dueAt !== null && asked <= Date.parse(row.dueAt)) throw fieldError('newDueAt', '新的时限须晚于原时限', 'the new deadline has to be later than the present one')
}

export interface Step {
  inputs: StepInputs
  /** The deadline asked for, or granted. */
  newDueAt: string | null
}

/** @throws AppError bad_request naming the field that is missing or cannot be used. */
export async function prepareStep(tx: Queryable, city: CityRow, principal: Principal, row: IncidentRow, situation: CaseSituation, requests: readonly CaseRequest[], visibility: Visibility, request: IncidentTransition, at: Date): Promise<Step> {
  checkNeeds(request)
  const transition = transitionOf(request.action)
  const open = requests.find((one) => one.kind === transition.request?.kind && (one.status === 'asked' || one.status === 'endorsed'))
  const isExtension = request.action === 'request_extension' || request.action === 'extend'
  const newDueAt = isExtension ? (open?.newDueAt ?? request.newDueAt ?? null) : null
  if (isExtension && newDueAt === null) throw fieldError('newDueAt', `“${ACTION_LABELS[request.action].zh}”须给出新的时限`, `“${ACTION_LABELS[request.action].en}” needs the new deadline`)
  checkDeadline(row, newDueAt, at)
  const caseClass = await findClass(tx, row, request)
  return {
    newDueAt,
    inputs: {
      actor: { number: principal.accountId, name: principal.name },
      receiver: await findReceiver(tx, city, situation, request, at),
      department: await findChosenDepartment(tx, city, row, request),
      masterNumber: await findMaster(tx, city, row, visibility, request),
      caseClass,
      conditionOrdinal: await findCondition(tx, row, caseClass, request),
      request,
      specialKind: request.action === 'close_special' ? (open?.specialKind ?? request.specialKind ?? 'abnormal') : null,
    },
  }
}
