/** Cases with a life told step by step, written straight into the tables: for figures that are worked out by hand. */
import { v7 as uuidv7 } from 'uuid'
import type { IncidentSource, IncidentState } from '../../../server/contract/incidents.ts'
import type { Db } from '../../../server/db/db.ts'
import { sql } from '../../../server/db/sql.ts'
import type { TestCity } from '../../helpers/db.ts'

/** Local time of the test cities (UTC+8): `10-12 09:30` of 2026. */
export function local(text: string): string {
  return new Date(`2026-${text.replace(' ', 'T')}:00+08:00`).toISOString()
}

/** `action from to time actor? department?` */
export interface Step {
  action: string
  from: IncidentState | null
  to: IncidentState
  at: string
  actor?: string
  department?: string
}

export interface Clock {
  stage: 'accept' | 'verify' | 'file' | 'dispatch' | 'dispose' | 'check' | 'close' | 'total'
  round?: number
  startedAt: string
  dueAt: string
  originalDueAt?: string
  stoppedAt?: string
  isExempt?: boolean
}

export interface Life {
  steps: Step[]
  source?: IncidentSource
  reportedBy?: string
  street?: string | null
  department?: string
  dueAt?: string
  position?: [number, number]
  conditionOrdinal?: number
  isDrill?: boolean
  clocks?: Clock[]
  classCode?: string
  isOvertimeExempt?: boolean
  reopenedFrom?: string
}

const ENDED = ['not_filed', 'closed', 'closed_special', 'void']
let serial = 0

/** Writes one case; its state, filing and end follow from its steps. @returns its public id. */
export async function aCase(db: Db, city: TestCity, life: Life): Promise<string> {
  const id = uuidv7()
  const last = life.steps.at(-1)!
  const reportedAt = local(life.steps[0]!.at)
  const filedAt = life.steps.find((step) => step.from === 'pending_filing' && step.to === 'pending_dispatch')
  const department = life.department ?? life.steps.findLast((step) => step.department !== undefined)?.department ?? null
  const rows = await db.query<{ id: number }>(sql`
    insert into incidents (public_id, city_id, report_number, scheme_id, class_kind, class_code, class_name, large_code, condition_ordinal, severity, severity_from, state, source, reported_by, department, place_method, geom, is_drill,
      street_code, reported_at, filed_at, due_at, ended_at, is_overtime_exempt, reopened_from_id)
    values (${id}, ${city.cityId}, ${`SL-${++serial}`}, 'GBT30428.2-2013', 'event', ${life.classCode ?? '0112'}, '暴露垃圾', '01', ${life.conditionOrdinal ?? null}, 3, 'class', ${last.to}, ${life.source ?? 'collector'}, ${life.reportedBy ?? '甲'},
      ${department}, ${life.position ? 'gps' : 'none'}, case when ${life.position !== undefined} then st_setsrid(st_makepoint(${life.position?.[0] ?? 0}::float8, ${life.position?.[1] ?? 0}::float8), 4490) end, ${life.isDrill ?? false},
      ${life.street ?? null}, ${reportedAt}::timestamptz, ${filedAt ? local(filedAt.at) : null}::timestamptz, ${life.dueAt ? local(life.dueAt) : null}::timestamptz, ${ENDED.includes(last.to) ? local(last.at) : null}::timestamptz,
      ${life.isOvertimeExempt ?? false}, (select o.id from incidents o where o.public_id = ${life.reopenedFrom ?? null}::uuid))
    returning id`)
  const incidentId = rows[0]!.id
  for (const [index, step] of life.steps.entries()) {
    await db.query(sql`insert into incident_flow (incident_id, sequence, action, from_state, to_state, actor, at, details)
      values (${incidentId}, ${index + 1}, ${step.action}, ${step.from}, ${step.to}, ${step.actor ?? '乙'}, ${local(step.at)}::timestamptz, ${JSON.stringify(step.department ? { department: step.department } : {})}::jsonb)`)
  }
  for (const clock of life.clocks ?? []) {
    const due = local(clock.dueAt)
    await db.query(sql`insert into case_clocks (incident_id, stage, round, started_at, limit_amount, limit_unit, original_due_at, due_at, blue_at, amber_at, dark_red_at, stopped_at, is_exempt)
      values (${incidentId}, ${clock.stage}, ${clock.round ?? 1}, ${local(clock.startedAt)}::timestamptz, 1, 'work_hour', ${local(clock.originalDueAt ?? clock.dueAt)}::timestamptz, ${due}::timestamptz, ${due}::timestamptz, ${due}::timestamptz, ${due}::timestamptz,
        ${clock.stoppedAt ? local(clock.stoppedAt) : null}::timestamptz, ${clock.isExempt ?? false})`)
  }
  return id
}

/** Times of the usual way of a case; what is left out did not happen. */
export interface UsualWay {
  reported: string
  accepted?: string
  filed?: string
  dispatched?: string
  confirmed?: string
  checked?: string
  closed?: string
  department?: string
}

/** The steps of a case that goes the usual way, as far as times are given. */
export function usualSteps(way: UsualWay): Step[] {
  const steps: Step[] = [{ action: 'submit', from: null, to: 'pending_accept', at: way.reported }]
  if (way.accepted) steps.push({ action: 'accept', from: 'pending_accept', to: 'pending_filing', at: way.accepted, actor: '受理员丙' })
  if (way.filed) steps.push({ action: 'file', from: 'pending_filing', to: 'pending_dispatch', at: way.filed, actor: '值班长丁' })
  if (way.dispatched) {
    steps.push({ action: 'dispatch', from: 'pending_dispatch', to: 'pending_dispose', at: way.dispatched, actor: '派遣员戊', department: way.department ?? 'A' })
    steps.push({ action: 'sign', from: 'pending_dispose', to: 'disposing', at: way.dispatched })
  }
  if (way.confirmed) {
    steps.push({ action: 'submit_result', from: 'disposing', to: 'disposed', at: way.confirmed })
    steps.push({ action: 'confirm', from: 'disposed', to: 'pending_check', at: way.confirmed })
  }
  if (way.checked) {
    steps.push({ action: 'send_check', from: 'pending_check', to: 'checking', at: way.checked })
    steps.push({ action: 'check_passed', from: 'checking', to: 'pending_close', at: way.checked, actor: '核查己' })
  }
  if (way.closed) steps.push({ action: 'close', from: 'pending_close', to: 'closed', at: way.closed, actor: '值班长丁' })
  return steps
}

/** A street of a city with its people; where it lies does not matter here. */
export async function aStreet(db: Db, city: TestCity, code: string, name: string, population: number | null): Promise<void> {
  await db.query(sql`
    with layer as (
      insert into layers (public_id, city_id, key, kind, title_zh, title_en, owner, source, licence, source_crs)
      values (${uuidv7()}, ${city.cityId}, ${`streets-${code}`}, 'administrative_areas', ${name}, ${name}, 'test', 'test', 'test', 'EPSG:4490') returning id)
    insert into administrative_areas (public_id, city_id, layer_id, source_key, content_hash, level, code, name, population, area_m2, geom)
    select ${uuidv7()}, ${city.cityId}, id, ${code}, 'x', 'street', ${code}, ${name}, ${population}, 1, st_multi(st_makeenvelope(114, 30, 114.01, 30.01, 4490)) from layer`)
}
