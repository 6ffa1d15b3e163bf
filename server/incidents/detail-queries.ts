import type { Incident, IncidentFlowEntry, IncidentState } from '../contract/incidents.ts'
import { PREPARED, type Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'
import { SUMMARY_JOINS, iso, SUMMARY } from './queries.ts'
import { type ClockRow, stageClocksOf } from './stage-clock-queries.ts'

/** One incident as the workflow decides on it: the contract's facts in clear, what was done and asked on it, and the inner ids behind them. */
export interface IncidentRow
  extends Omit<Incident, 'limitZh' | 'limitEn' | 'actions' | 'isReporterMasked' | 'returnUntil' | 'clocks' | 'facts'> {
  incidentId: number
  schemeId: string
  conditionOrdinal: number | null
  countyCode: string | null
  limitAmount: number | null
  limitUnit: string | null
  departmentNumber: number | null
  /** Public ids of the department and those above it. */
  departmentPath: string[]
  holderNumber: number | null
  reporterNumber: number | null
  disposerNumber: number | null
  checkerNumber: number | null
  disposer: string | null
  dispatchedAt: string | null
  /** Whether handling went beyond its limit in a step that is over. */
  hadOverdueStep: boolean
  /** In the order in which they began; empty for a case from before clocks were kept. */
  heldClocks: ClockRow[]
  /** What its place said when it came in; null where nobody asked then. */
  keptFacts: Incident['facts']
}

/** Locks incidents, always in the same order, so that two steps on the same pair of cases cannot wait for each other. */
export async function lockIncidents(tx: Queryable, cityId: number, ids: readonly string[]): Promise<void> {
  await tx.query(sql`select id from incidents where city_id = ${cityId} and public_id = any(${ids}::uuid[]) order by id for update`, PREPARED)
}

function reference(alias: 'm' | 'r'): Sql {
  return alias === 'm'
    ? sql`case when m.id is null then null else json_build_object('id', m.public_id, 'reportNumber', m.report_number, 'state', m.state) end`
    : sql`case when r.id is null then null else json_build_object('id', r.public_id, 'reportNumber', r.report_number, 'state', r.state) end`
}

function flowOf(incidentId: Sql): Sql {
  return sql`
    select sequence, action, operation, from_state as "fromState", to_state as "toState", actor, actor_role as "actorRole", receiver_name as receiver, ${iso('at')} as at, opinion,
      stage, spent_milliseconds::float8 as "spentMilliseconds", was_overdue as "wasOverdue"
    from incident_flow where incident_id = ${incidentId} order by sequence`
}

const REQUESTS: Sql = sql`
  select r.public_id as id, r.kind, r.status, r.reason, ${iso('r.new_due_at')} as "newDueAt", r.special_kind as "specialKind", asker.public_id as "askedById", r.asked_by_name as "askedBy",
    ${iso('r.asked_at')} as "askedAt", endorser.public_id as "endorsedById", r.endorsed_by_name as "endorsedBy", r.decided_by_name as "decidedBy", ${iso('r.decided_at')} as "decidedAt", r.decision
  from case_requests r left join accounts asker on asker.id = r.asked_by left join accounts endorser on endorser.id = r.endorsed_by
  where r.incident_id = i.id order by r.id`

const SUPERVISIONS: Sql = sql`
  select s.public_id as id, s.form, s.kind, s.text, s.by_name as by, ${iso('s.at')} as at, s.rule_key is not null as "isAutomatic", s.reply, s.replied_by_name as "repliedBy", ${iso('s.replied_at')} as "repliedAt"
  from case_supervisions s where s.incident_id = i.id order by s.id`

const asArray = (rows: Sql): Sql => sql`(select coalesce(json_agg(one), '[]'::json) from (${rows}) one)`

/** A case with its flow, clocks, requests and supervisions in one statement. @param visible what the caller may see of `incidents i`. */
export async function findIncident(db: Queryable, cityId: number, id: string, visible: Sql): Promise<IncidentRow | undefined> {
  const rows = await db.query<IncidentRow>(sql`
    select ${SUMMARY}, i.id as "incidentId", i.scheme_id as "schemeId", i.condition_ordinal as "conditionOrdinal", i.county_code as "countyCode",
      i.description, i.source_reference as "sourceReference", i.reported_by as "reportedBy", i.reporter_phone as "reporterPhone", i.holder, i.severity_from as "severityFrom",
      i.place_method as "placeMethod", i.grid_version as "gridVersion",
      case when p.id is null then null else json_build_object('id', p.public_id, 'code', p.code, 'name', p.name) end as part,
      f.condition_zh as "conditionZh", f.closing_zh as "closingZh", f.limit_amount as "limitAmount", f.limit_unit as "limitUnit",
      ${iso('i.occurred_at')} as "occurredAt", ${iso('i.received_at')} as "receivedAt", ${iso('i.filed_at')} as "filedAt", ${iso('i.disposed_at')} as "disposedAt",
      to_char(coalesce(i.state_since, i.reported_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "stateSince", ${iso('i.dispatched_at')} as "dispatchedAt",
      l.key as "layerKey", i.attributes,
      i.department_id as "departmentNumber", d.public_id as "departmentId", coalesce((
        with recursive up as (
          select o.id, o.public_id, o.parent_id, 1 as depth from organisations o where o.id = i.department_id
          union all select o.id, o.public_id, o.parent_id, up.depth + 1 from organisations o join up on o.id = up.parent_id where up.depth < 20
        ) select json_agg(up.public_id order by up.depth) from up), '[]'::json) as "departmentPath",
      i.holder_id as "holderNumber", i.reporter_id as "reporterNumber", i.disposer_id as "disposerNumber", i.checker_id as "checkerNumber",
      holder.public_id as "holderId", reporter.public_id as "reporterId", disposer.public_id as "disposerId", disposer.name as disposer, checker.public_id as "checkerId",
      ${reference('m')} as master, ${reference('r')} as "reopenedFrom",
      (select json_build_object('id', n.public_id, 'reportNumber', n.report_number, 'state', n.state) from incidents n where n.reopened_from_id = i.id) as "reopenedAs",
      coalesce((select json_agg(json_build_object('id', n.public_id, 'reportNumber', n.report_number, 'state', n.state) order by n.id) from incidents n where n.master_id = i.id), '[]'::json) as merged,
      i.rework_count as "reworkCount", i.return_count as "returnCount", i.supervision_count as "supervisionCount", i.is_self_handled as "isSelfHandled",
      i.is_overtime_exempt as "isOvertimeExempt", i.has_failed_check as "hasFailedCheck", i.verified_same_time as "verifiedSameTime", i.closing_condition_met as "closingConditionMet",
      i.special_kind as "specialKind", i.refusal_reason as "refusalReason",
      i.facts as "keptFacts", ${asArray(flowOf(sql`i.id`))} as flow, ${asArray(REQUESTS)} as requests, ${asArray(SUPERVISIONS)} as supervisions, ${asArray(stageClocksOf(sql`i.id`))} as "heldClocks",
      exists (select 1 from incident_flow flow where flow.incident_id = i.id and flow.stage = 'dispose' and flow.was_overdue) as "hadOverdueStep"
    from incidents i ${SUMMARY_JOINS}
    left join parts p on p.id = i.part_id
    left join layers l on l.id = i.layer_id
    left join filing_conditions f on f.scheme_id = i.scheme_id and f.kind = i.class_kind and f.class_code = i.class_code and f.ordinal = i.condition_ordinal
    left join organisations d on d.id = i.department_id
    left join accounts holder on holder.id = i.holder_id
    left join accounts reporter on reporter.id = i.reporter_id
    left join accounts disposer on disposer.id = i.disposer_id
    left join accounts checker on checker.id = i.checker_id
    left join incidents m on m.id = i.master_id
    left join incidents r on r.id = i.reopened_from_id
    where i.city_id = ${cityId} and i.public_id = ${id}::uuid and ${visible}`, PREPARED)
  return rows[0]
}

export function listFlow(db: Queryable, incidentId: number): Promise<IncidentFlowEntry[]> {
  return db.query<IncidentFlowEntry>(flowOf(sql`${incidentId}::bigint`), PREPARED)
}

/** The ended or master case a step refers to, as far as the caller may see it. */
export async function findReferredIncident(tx: Queryable, cityId: number, id: string, visible: Sql): Promise<{ incidentId: number; state: IncidentState; masterId: number | null } | undefined> {
  const rows = await tx.query<{ incidentId: number; state: IncidentState; masterId: number | null }>(sql`
    select i.id as "incidentId", i.state, i.master_id as "masterId" from incidents i where i.city_id = ${cityId} and i.public_id = ${id}::uuid and ${visible}`)
  return rows[0]
}
