/** What each count means over the facts `c`, and the two statements made of it: figures per object, and the rows behind a figure. */
import { COUNTS, type CountDefinition, type CountKey } from '../contract/evaluation-counts.ts'
import type { Basis } from '../contract/evaluation.ts'
import type { ObjectKind } from '../contract/evaluation-objects.ts'
import type { LimitedStage } from '../contract/evaluation-rates.ts'
import type { IncidentState } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { identifier, join, type Sql, sql } from '../db/sql.ts'
import { caseFacts, type FactInput } from './fact-queries.ts'

/** Years of a large city take longer than a click elsewhere. */
const TIMEOUT_MILLISECONDS = 60_000

const during = (column: string): Sql => sql`(c.${identifier(column)} >= c.from_at and c.${identifier(column)} < c.end_at)`
const by = (column: string): Sql => sql`c.${identifier(column)} < c.end_at`
const late = (basis: Basis): Sql => (basis === 'raw' ? sql`c.dispose_late_raw` : sql`c.dispose_late_exempted`)
const due = (basis: Basis): Sql => (basis === 'raw' ? sql`c.raw_due_at` : sql`c.due_at`)
const dueDuring = (basis: Basis): Sql => sql`(${due(basis)} >= c.from_at and ${due(basis)} < c.end_at)`
const archiveLate = (basis: Basis): Sql => (basis === 'raw' ? sql`c.archive_late_raw` : sql`c.archive_late_exempted`)
const archiveDue = (basis: Basis): Sql => (basis === 'raw' ? sql`c.raw_archive_due_at` : sql`c.archive_due_at`)

const reported = during('reported_at')
const needDispatch = sql`(${by('filed_at')} and not c.is_void and (c.dispatched_at >= c.from_at or (c.dispatched_at is null and not c.is_ended)))`
const disposed = during('disposed_at')
const needDispose = (basis: Basis): Sql => sql`(${by('dispatched_at')} and not c.is_void and ${due(basis)} is not null and (${disposed} or ${dueDuring(basis)}))`
const toDispose = sql`(${by('dispatched_at')} and c.disposed_at is null and not c.is_ended)`
const closed = during('closed_at')
const needArchive = (basis: Basis): Sql => sql`(${by('filed_at')} and not c.is_void and ${archiveDue(basis)} is not null and (${closed} or (${archiveDue(basis)} >= c.from_at and ${archiveDue(basis)} < c.end_at)))`
const openFiled = sql`(${by('filed_at')} and not c.is_ended)`

/** The conditions of the registry. `basis` decides which deadlines are meant where any are. */
export const CONDITIONS: Record<CountKey, (basis: Basis) => Sql> = {
  report_num: () => reported,
  valid_report_num: () => sql`(${reported} and c.filed_at is not null)`,
  unrejected_report_num: () => sql`(${reported} and not c.is_rejected)`,
  completed_num: () => sql`(${reported} and c.closed_at is not null)`,
  operate_num: () => during('accepted_at'),
  intime_operate_num: () => sql`(${during('accepted_at')} and not c.accept_late)`,
  accur_operate_num: () => sql`(${during('accepted_at')} and not c.is_void and not c.is_refused)`,
  inst_num: () => during('filed_at'),
  intime_inst_num: () => sql`(${during('filed_at')} and not c.file_late)`,
  accur_inst_num: () => sql`(${during('filed_at')} and not c.is_void and not c.is_returned_to_filing)`,
  need_dispatch_num: () => needDispatch,
  dispatch_num: () => during('dispatched_at'),
  intime_dispatch_num: () => sql`(${during('dispatched_at')} and not c.dispatch_late)`,
  accur_dispatch_num: () => sql`(${during('dispatched_at')} and c.return_times_ever = 0)`,
  need_dispose_num: needDispose,
  dispose_num: () => disposed,
  intime_dispose_num: (basis) => sql`(${disposed} and not ${late(basis)})`,
  overtime_dispose_num: (basis) => sql`(${disposed} and ${late(basis)})`,
  to_dispose_num: () => toDispose,
  overtime_to_dispose_num: (basis) => sql`(${toDispose} and ${late(basis)})`,
  need_archive_num: needArchive,
  archive_num: () => closed,
  intime_archive_num: (basis) => sql`(${closed} and not ${archiveLate(basis)})`,
  overtime_archive_num: (basis) => sql`(${closed} and ${archiveLate(basis)})`,
  to_archive_num: (basis) => sql`(${needArchive(basis)} and c.closed_at is null)`,
  overtime_to_archive_num: (basis) => sql`(${openFiled} and ${archiveLate(basis)})`,
  open_filed_num: () => openFiled,
  need_verify_num: () => sql`(${by('verify_sent_at')} and (c.verified_at >= c.from_at or (c.verified_at is null and not c.is_ended)))`,
  verify_num: () => during('verified_at'),
  intime_verify_num: () => sql`(${during('verified_at')} and not c.verify_late)`,
  need_check_num: () => sql`(${by('confirmed_at')} and (c.checked_at >= c.from_at or ((c.checked_at is null or c.checked_at < c.confirmed_at) and not c.is_ended)))`,
  check_num: () => during('checked_at'),
  intime_check_num: () => sql`(${during('checked_at')} and not c.check_late)`,
  rework_num: () => sql`(c.rework_times > 0)`,
  rework_times: () => sql`(c.rework_times > 0)`,
  back_num: () => sql`(c.return_times > 0)`,
  back_times: () => sql`(c.return_times > 0)`,
  cancel_num: () => sql`(c.is_void and ${during('ended_at')})`,
  turn_num: () => sql`(c.turn_times > 0)`,
  turn_times: () => sql`(c.turn_times > 0)`,
  patrol_deal_num: () => sql`(${reported} and c.is_self_handled)`,
  public_report_num: () => sql`(${reported} and c.is_public)`,
  valid_public_report_num: () => sql`(${reported} and c.is_public and c.filed_at is not null)`,
  return_visit_num: () => sql`(c.outcome is not null)`,
  very_satisfied_num: () => sql`(c.outcome = 'very_satisfied')`,
  satisfied_num: () => sql`(c.outcome = 'satisfied')`,
  unsatisfied_num: () => sql`(c.outcome = 'unsatisfied')`,
  content_num: () => sql`(c.outcome in ('very_satisfied', 'satisfied'))`,
  missed_num: () => sql`(c.missed_at is not null)`,
  missed_or_reported_num: () => sql`(c.missed_at is not null or (${reported} and c.source = 'collector'))`,
  recurrence_num: () => sql`(${closed} and c.has_recurred)`,
  dispose_hours: () => sql`(${disposed} and c.dispose_hours is not null)`,
}

/** What a case adds to a count of times. */
const AMOUNTS: Partial<Record<CountKey, Sql>> = {
  rework_times: sql`c.rework_times`,
  back_times: sql`c.return_times`,
  turn_times: sql`c.turn_times`,
  dispose_hours: sql`c.dispose_hours`,
}

/** Whose work a count tells of, where that is not whoever the post is named after. */
const POST_COLUMNS: Record<'collector' | 'operator' | 'shift_leader' | 'dispatcher', { usual: string; of: Partial<Record<CountKey, string>> }> = {
  collector: {
    usual: 'reporter',
    of: { missed_num: 'collector', missed_or_reported_num: 'collector', need_verify_num: 'verifier', verify_num: 'verifier', intime_verify_num: 'verifier', need_check_num: 'checker', check_num: 'checker', intime_check_num: 'checker' },
  },
  operator: { usual: 'acceptor', of: {} },
  shift_leader: { usual: 'closer', of: { inst_num: 'filer', intime_inst_num: 'filer', accur_inst_num: 'filer', to_archive_num: 'filer', overtime_to_archive_num: 'filer', open_filed_num: 'filer', need_archive_num: 'filer' } },
  dispatcher: { usual: 'dispatcher', of: {} },
}

/** The column of the facts that says which object a case counts for. */
export function objectColumn(kind: ObjectKind, key: CountKey): string {
  switch (kind) {
    case 'county':
    case 'street':
    case 'community':
    case 'grid':
      return kind
    case 'department':
      return (COUNTS[key] as CountDefinition).department === 'first' ? 'first_department' : 'department'
    default:
      return POST_COLUMNS[kind].of[key] ?? POST_COLUMNS[kind].usual
  }
}

/** One figure to be read: the cases of `condition`, counted or summed, for the object in `column`. */
export interface Measure {
  column: string
  condition: Sql
  amount: Sql | null
}

/** Cases of a count; with `within`, only those that belong to that one too; with a stage, only those whose limit can be judged. */
export function measureOf(kind: ObjectKind, key: CountKey, basis: Basis, more: { within?: CountKey | null; judgedBy?: LimitedStage | undefined; column?: CountKey } = {}): Measure {
  const conditions = [CONDITIONS[key](basis)]
  if (more.within) conditions.push(CONDITIONS[more.within](basis))
  if (more.judgedBy) conditions.push(sql`c.${identifier(`${more.judgedBy}_late`)} is not null`)
  return { column: objectColumn(kind, more.column ?? key), condition: sql`(${join(conditions, ' and ')})`, amount: AMOUNTS[key] ?? null }
}

/** The object's key in the facts; cases in no area of the kind come under the empty text, so that the parts make up the whole. */
function keyOf(kind: ObjectKind, column: string): Sql {
  return kind === 'county' || kind === 'street' || kind === 'community' || kind === 'grid' ? sql`coalesce(c.${identifier(column)}, '')` : sql`c.${identifier(column)}`
}

function valueOf({ condition, amount }: Measure): Sql {
  return amount ? sql`coalesce(sum(${amount}) filter (where ${condition}), 0)::float8` : sql`(count(*) filter (where ${condition}))::float8`
}

export interface FigureRow {
  /** Null: the total over all objects. */
  key: string | null
  /** Positions of the measures told in this row, and their values. */
  positions: number[]
  values: number[]
}

/** Every measure for every object and for all together, in one reading of the facts. */
export function listFigures(db: Queryable, kind: ObjectKind, facts: FactInput, measures: readonly Measure[]): Promise<FigureRow[]> {
  const columns = [...new Set(measures.map((measure) => measure.column))]
  const parts = columns.map((column) => {
    const own = measures.flatMap((measure, position) => (measure.column === column ? [{ measure, position }] : []))
    const key = keyOf(kind, column)
    return sql`select case when grouping(${key}) = 1 then null else ${key} end as key, array[${join(own.map(({ position }) => sql`${position}::integer`))}]::integer[] as positions,
      array[${join(own.map(({ measure }) => valueOf(measure)))}]::float8[] as values
      from facts c where ${key} is not null group by grouping sets ((${key}), ())`
  })
  return db.query<FigureRow>(sql`${caseFacts(facts)} ${join(parts, ' union all ')}`, { timeoutMs: TIMEOUT_MILLISECONDS })
}

export interface RowStart {
  reportedAt: string
  id: number
}

export interface CaseRow {
  start: RowStart
  row: {
    id: string
    reportNumber: string
    caseNumber: string | null
    className: string
    state: IncidentState
    address: string | null
    department: string | null
    reportedAt: string
    filedAt: string | null
    dispatchedAt: string | null
    disposedAt: string | null
    dueAt: string | null
    endedAt: string | null
    isLateRaw: boolean | null
    isLateExempted: boolean | null
    amount: number
  }
}

function iso(column: string): Sql {
  return sql`to_char(c.${identifier(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

/** The cases behind a figure, newest first, with what the whole figure counts. */
export async function listFigureCases(db: Queryable, kind: ObjectKind, facts: FactInput, measure: Measure, objectKey: string | null, start: RowStart | undefined, limit: number): Promise<{ rows: CaseRow[]; total: number; count: number }> {
  const key = keyOf(kind, measure.column)
  const own = objectKey === null ? sql`${key} is not null` : sql`${key} = ${objectKey}`
  const rows = await db.query<CaseRow & { total: number; count: number }>(
    sql`${caseFacts(facts)},
    behind as materialized (select c.*, ${measure.amount ?? sql`1`}::float8 as amount from facts c where ${own} and ${measure.condition})
    select json_build_object('reportedAt', to_char(c.reported_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'id', c.id) as start,
      (select count(*) from behind) as count, (select coalesce(sum(b.amount), 0)::float8 from behind b) as total,
      json_build_object('id', c.public_id, 'reportNumber', c.report_number, 'caseNumber', c.case_number, 'className', c.class_name, 'state', c.state, 'address', c.address, 'department', c.department,
        'reportedAt', ${iso('reported_at')}, 'filedAt', ${iso('filed_at')}, 'dispatchedAt', ${iso('dispatched_at')}, 'disposedAt', ${iso('disposed_at')}, 'dueAt', ${iso('due_at')}, 'endedAt', ${iso('ended_at')},
        'isLateRaw', c.dispose_late_raw, 'isLateExempted', c.dispose_late_exempted, 'amount', c.amount) as row
    from behind c ${start ? sql`where (c.reported_at, c.id) < (${start.reportedAt}::timestamptz, ${start.id}::bigint)` : sql``}
    order by c.reported_at desc, c.id desc limit ${limit}`,
    { timeoutMs: TIMEOUT_MILLISECONDS },
  )
  return { rows, total: rows[0]?.total ?? 0, count: rows[0]?.count ?? 0 }
}
