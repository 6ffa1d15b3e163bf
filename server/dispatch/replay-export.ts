/** A replay as a file: every case that would go elsewhere or nowhere, the flows, the count of each rule, and the edited rules themselves. */
import { type Principal, requireGrants } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CityRow } from '../cities/cities.ts'
import type { REPLAY_EXPORT_FORMATS, ReplayRow, Unit } from '../contract/dispatch.ts'
import type { Db } from '../db/db.ts'
import type { Column } from '../files/write.ts'
import { aboutCity, type DispatchFile, writeDispatchFile } from './file.ts'
import { playReplay, type ReplayAsked, type WholeReplay } from './replay.ts'

const COLUMNS: Column[] = [
  { key: 'reportNumber', title: '受理号 Report number' }, { key: 'caseNumber', title: '案件编号 Case number' }, { key: 'kind', title: '类别 Kind' }, { key: 'classCode', title: '小类代码 Class code' }, { key: 'className', title: '小类 Class' },
  { key: 'areaName', title: '区域 Area' }, { key: 'reportedAt', title: '上报时间 Reported' }, { key: 'actual', title: '实际处置部门 Department in fact' },
  { key: 'beforeUnit', title: '原派往 Before' }, { key: 'beforeRule', title: '原规则 Rule before' }, { key: 'afterUnit', title: '改后派往 After' }, { key: 'afterRule', title: '改后规则 Rule after' },
  { key: 'whyZh', title: '原因' }, { key: 'whyEn', title: 'Why' }, { key: 'id', title: '标识 Id' },
]
const FLOW_COLUMNS: Column[] = [{ key: 'from', title: '原派往 Before' }, { key: 'to', title: '改后派往 After' }, { key: 'count', title: '件数 Cases' }]
const RULE_COLUMNS: Column[] = [
  { key: 'ordinal', title: '序 Order' }, { key: 'title', title: '规则 Rule' }, { key: 'isEnabled', title: '启用 On' }, { key: 'target', title: '派往 Unit' }, { key: 'person', title: '人员 Person' }, { key: 'legalBasis', title: '法律依据 Legal basis' },
  { key: 'conditions', title: '条件 Conditions' }, { key: 'count', title: '件数 Cases' },
]

const nameOf = (unit: Unit | null) => (unit ? `${unit.nameZh} ${unit.nameEn}` : '无规则 no rule')
const ruleOf = ({ ordinal, rule }: ReplayRow['before']) => (rule === null ? null : `${ordinal}. ${rule}`)

function rowOf(row: ReplayRow): Record<string, unknown> {
  return {
    ...row, kind: row.classKind === 'part' ? '部件 part' : '事件 event', beforeUnit: nameOf(row.before.unit), beforeRule: ruleOf(row.before), afterUnit: nameOf(row.after.unit), afterRule: ruleOf(row.after),
  }
}

function aboutOf(city: CityRow, replay: WholeReplay, at: Date): { what: string; value: string }[] {
  return [
    ...aboutCity(city, at),
    { what: '回放时段 Period', value: `${replay.from} – ${replay.to}` },
    { what: '对比 Compared with', value: replay.comparedVersion === null ? '没有生效的规则 no rules in force' : `第 ${replay.comparedVersion} 版 version ${replay.comparedVersion}` },
    { what: '案件 Cases', value: `${replay.cases}${replay.isCut ? '（过多，只回放到此 cut here)' : ''}` },
    { what: '会改派 Would go elsewhere', value: String(replay.changed) },
    { what: '无规则 Without a rule', value: `${replay.unroutedBefore} → ${replay.unroutedAfter}` },
  ]
}

/** @throws AppError forbidden without the reading of rules; else as `playReplay`. */
export async function exportReplay(db: Db, city: CityRow, principal: Principal, asked: ReplayAsked & { format: (typeof REPLAY_EXPORT_FORMATS)[number] }, at: Date): Promise<DispatchFile> {
  requireGrants(principal, 'dispatch.read', city.key)
  const replay = await playReplay(db, city, principal, asked, 'incidents.export', at)
  const told = new Set(replay.rows.map((row) => row.id))
  const rows = [...replay.rows, ...replay.unmatched.filter((row) => !told.has(row.id))].map(rowOf)
  const about = aboutOf(city, replay, at)
  await db.transaction((tx) => recordAudit(tx, principal, city.cityId, { domain: 'exports', action: 'exportReplay', objectKind: 'city', objectId: city.key, details: { format: asked.format, rules: asked.rules.length, rows: rows.length, from: replay.from, to: replay.to } }, at))
  const baseName = `dispatch-replay-${city.key}-${replay.from.slice(0, 10)}-${replay.to.slice(0, 10)}`
  const counts = new Map(replay.byRule.map((rule) => [rule.ordinal, rule.count]))
  const rules = replay.edited.map((rule) => ({ ...rule, isEnabled: rule.isEnabled ? '是 yes' : '否 no', target: nameOf(rule.target), person: rule.person?.name ?? null, conditions: JSON.stringify(rule.conditions), count: counts.get(rule.ordinal) ?? 0 }))
  const flows = replay.flows.map((flow) => ({ from: nameOf(flow.from), to: nameOf(flow.to), count: flow.count }))
  return writeDispatchFile(baseName, asked.format, [{ name: '案件 Cases', columns: COLUMNS, rows }, { name: '去向 Flows', columns: FLOW_COLUMNS, rows: flows }, { name: '规则 Rules', columns: RULE_COLUMNS, rows: rules }], about)
}
