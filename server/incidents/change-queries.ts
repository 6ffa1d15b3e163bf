import type { FlowAction, FlowOperation, IncidentState, RequestKind, SpecialKind, SupervisionKind } from '../contract/incidents.ts'
import { PREPARED, type Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'

/** What a step writes beside the state; a key left out stays as it is. Ids are inner ids, instants ISO text. */
export interface IncidentChange {
  caseNumber?: string
  classKind?: 'part' | 'event'
  classCode?: string
  className?: string
  largeCode?: string
  conditionOrdinal?: number | null
  departmentId?: number
  department?: string
  holderId?: number | null
  holder?: string | null
  reporterId?: number | null
  disposerId?: number | null
  checkerId?: number | null
  masterId?: number
  reportedAt?: string
  filedAt?: string
  dispatchedAt?: string
  dueAt?: string | null
  disposedAt?: string | null
  endedAt?: string
  stateSince?: string
  reworkCount?: number
  returnCount?: number
  supervisionCount?: number
  isSelfHandled?: boolean
  isOvertimeExempt?: boolean
  hasFailedCheck?: boolean
  verifiedSameTime?: boolean
  closingConditionMet?: boolean
  specialKind?: SpecialKind
  refusalReason?: string
}

const CHANGED_COLUMNS = {
  caseNumber: (value: unknown) => sql`, case_number = ${value}`,
  classKind: (value: unknown) => sql`, class_kind = ${value}`,
  classCode: (value: unknown) => sql`, class_code = ${value}`,
  className: (value: unknown) => sql`, class_name = ${value}`,
  largeCode: (value: unknown) => sql`, large_code = ${value}`,
  conditionOrdinal: (value: unknown) => sql`, condition_ordinal = ${value}::smallint`,
  departmentId: (value: unknown) => sql`, department_id = ${value}::bigint`,
  department: (value: unknown) => sql`, department = ${value}`,
  holderId: (value: unknown) => sql`, holder_id = ${value}::bigint`,
  holder: (value: unknown) => sql`, holder = ${value}`,
  reporterId: (value: unknown) => sql`, reporter_id = ${value}::bigint`,
  disposerId: (value: unknown) => sql`, disposer_id = ${value}::bigint`,
  checkerId: (value: unknown) => sql`, checker_id = ${value}::bigint`,
  masterId: (value: unknown) => sql`, master_id = ${value}::bigint`,
  reportedAt: (value: unknown) => sql`, reported_at = ${value}::timestamptz`,
  filedAt: (value: unknown) => sql`, filed_at = ${value}::timestamptz`,
  dispatchedAt: (value: unknown) => sql`, dispatched_at = ${value}::timestamptz`,
  dueAt: (value: unknown) => sql`, due_at = ${value}::timestamptz`,
  disposedAt: (value: unknown) => sql`, disposed_at = ${value}::timestamptz`,
  endedAt: (value: unknown) => sql`, ended_at = ${value}::timestamptz`,
  stateSince: (value: unknown) => sql`, state_since = ${value}::timestamptz`,
  reworkCount: (value: unknown) => sql`, rework_count = ${value}::integer`,
  returnCount: (value: unknown) => sql`, return_count = ${value}::integer`,
  supervisionCount: (value: unknown) => sql`, supervision_count = ${value}::integer`,
  isSelfHandled: (value: unknown) => sql`, is_self_handled = ${value}::boolean`,
  isOvertimeExempt: (value: unknown) => sql`, is_overtime_exempt = ${value}::boolean`,
  hasFailedCheck: (value: unknown) => sql`, has_failed_check = ${value}::boolean`,
  verifiedSameTime: (value: unknown) => sql`, verified_same_time = ${value}::boolean`,
  closingConditionMet: (value: unknown) => sql`, closing_condition_met = ${value}::boolean`,
  specialKind: (value: unknown) => sql`, special_kind = ${value}`,
  refusalReason: (value: unknown) => sql`, refusal_reason = ${value}`,
} satisfies Record<keyof IncidentChange, (value: unknown) => Sql>

/**
 * Moves an incident on, only if nobody did so since the caller looked: same version, same state.
 * @returns the new version, or undefined when the row had moved on.
 */
export async function updateIncidentState(tx: Queryable, row: { incidentId: number; version: number; state: IncidentState }, to: IncidentState, change: IncidentChange, at: string): Promise<number | undefined> {
  const changes = (Object.keys(CHANGED_COLUMNS) as (keyof IncidentChange)[]).filter((key) => change[key] !== undefined)
  const assignments = changes.reduce((statement, key) => sql`${statement}${CHANGED_COLUMNS[key](change[key])}`, sql``)
  const rows = await tx.query<{ version: number }>(sql`
    update incidents set state = ${to}, version = version + 1, updated_at = ${at}::timestamptz ${assignments}
    where id = ${row.incidentId} and version = ${row.version} and state = ${row.state}
    returning version`, PREPARED)
  return rows[0]?.version
}

export interface NewFlowRow {
  incidentId: number
  sequence: number
  action: FlowAction
  operation: FlowOperation
  fromState: IncidentState | null
  toState: IncidentState
  actor: string
  actorId: number | null
  actorRole: string | null
  receiverId: number | null
  receiverName: string | null
  stage: string | null
  spentMilliseconds: number | null
  wasOverdue: boolean | null
  at: string
  opinion: string | null
  details: Record<string, unknown>
}

export async function insertFlow(tx: Queryable, row: NewFlowRow): Promise<void> {
  await tx.query(sql`
    insert into incident_flow (incident_id, sequence, action, operation, from_state, to_state, actor, actor_id, actor_role, receiver_id, receiver_name, stage, spent_milliseconds, was_overdue, at, opinion, details)
    values (${row.incidentId}, ${row.sequence}, ${row.action}, ${row.operation}, ${row.fromState}, ${row.toState}, ${row.actor}, ${row.actorId}, ${row.actorRole}, ${row.receiverId}, ${row.receiverName},
      ${row.stage}, ${row.spentMilliseconds}, ${row.wasOverdue}, ${row.at}::timestamptz, ${row.opinion}, ${JSON.stringify(row.details)}::jsonb)`, PREPARED)
}

export interface Doer {
  id: number | null
  name: string
}

export async function insertRequest(tx: Queryable, request: { publicId: string; incidentId: number; kind: RequestKind; reason: string; newDueAt: string | null; specialKind: SpecialKind | null; by: Doer; at: string }): Promise<void> {
  await tx.query(sql`
    insert into case_requests (public_id, incident_id, kind, status, reason, new_due_at, special_kind, asked_by, asked_by_name, asked_at)
    values (${request.publicId}, ${request.incidentId}, ${request.kind}, 'asked', ${request.reason}, ${request.newDueAt}::timestamptz, ${request.specialKind}, ${request.by.id}, ${request.by.name}, ${request.at}::timestamptz)`)
}

export async function updateRequestEndorsed(tx: Queryable, incidentId: number, kind: RequestKind, by: Doer, at: string): Promise<void> {
  await tx.query(sql`
    update case_requests set status = 'endorsed', endorsed_by = ${by.id}, endorsed_by_name = ${by.name}, endorsed_at = ${at}::timestamptz
    where incident_id = ${incidentId} and kind = ${kind} and status = 'asked'`)
}

/** Ends the open request of a kind. */
export async function updateRequestDecided(tx: Queryable, incidentId: number, kind: RequestKind, status: 'approved' | 'refused', by: Doer, decision: string | null, at: string): Promise<void> {
  await tx.query(sql`
    update case_requests set status = ${status}, decided_by = ${by.id}, decided_by_name = ${by.name}, decided_at = ${at}::timestamptz, decision = ${decision}
    where incident_id = ${incidentId} and kind = ${kind} and status in ('asked', 'endorsed')`)
}

/** Ends open requests that the case has left behind. */
export async function updateRequestsWithdrawn(tx: Queryable, incidentId: number, kinds: readonly RequestKind[], at: string): Promise<void> {
  await tx.query(sql`
    update case_requests set status = 'withdrawn', decided_at = ${at}::timestamptz
    where incident_id = ${incidentId} and kind = any(${kinds}::text[]) and status in ('asked', 'endorsed')`, PREPARED)
}

/** @returns whether it was written; a rule that has spoken already is not repeated. */
export async function insertSupervision(tx: Queryable, one: { publicId: string; incidentId: number; form: 'supervise' | 'urge'; kind: SupervisionKind; text: string; by: Doer; at: string; ruleKey: string | null }): Promise<boolean> {
  const rows = await tx.query(sql`
    insert into case_supervisions (public_id, incident_id, form, kind, text, by_id, by_name, at, rule_key)
    values (${one.publicId}, ${one.incidentId}, ${one.form}, ${one.kind}, ${one.text}, ${one.by.id}, ${one.by.name}, ${one.at}::timestamptz, ${one.ruleKey})
    on conflict (incident_id, rule_key) where rule_key is not null do nothing returning id`)
  return rows.length > 0
}

/** Replies to every supervision that is open. */
export async function updateSupervisionsReplied(tx: Queryable, incidentId: number, reply: string, by: Doer, at: string): Promise<void> {
  await tx.query(sql`
    update case_supervisions set reply = ${reply}, replied_by = ${by.id}, replied_by_name = ${by.name}, replied_at = ${at}::timestamptz
    where incident_id = ${incidentId} and replied_at is null`)
}
