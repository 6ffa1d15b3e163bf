/** The dispatches behind the override rate as a file: the rows of the list, all of them, under the figure they make. */
import { type Principal, requireGrants } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CityRow } from '../cities/cities.ts'
import type { OVERRIDE_EXPORT_FORMATS, Unit } from '../contract/dispatch.ts'
import type { Db } from '../db/db.ts'
import { AppError } from '../errors.ts'
import type { Column } from '../files/write.ts'
import { type DispatchFile, aboutCity, writeDispatchFile } from './file.ts'
import { type OverridesAsked, readOverrides } from './suggestions.ts'

/** A file is built in memory. */
const MOST_ROWS = 50_000
const COLUMNS: Column[] = [
  { key: 'reportNumber', title: '受理号 Report number' }, { key: 'className', title: '小类 Class' }, { key: 'suggested', title: '建议部门 Suggested' }, { key: 'chosen', title: '实派部门 Sent to' }, { key: 'override', title: '改派 Otherwise than suggested' },
  { key: 'reason', title: '改派理由 Reason' }, { key: 'by', title: '派遣员 Dispatcher' }, { key: 'at', title: '派遣时间 Dispatched' }, { key: 'incidentId', title: '标识 Id' },
]
const PART_WORDS = { overridden: '改派的 sent otherwise', dispatched: '全部派遣 all dispatches' }
const nameOf = (unit: Unit) => `${unit.nameZh} ${unit.nameEn}`

/** @throws AppError forbidden without the reading of dispatch; too_large for more rows than a file carries; else as `getOverrideRate`. */
export async function exportOverrides(db: Db, city: CityRow, principal: Principal, asked: OverridesAsked & { format: (typeof OVERRIDE_EXPORT_FORMATS)[number] }, at: Date): Promise<DispatchFile> {
  requireGrants(principal, 'dispatch.read', city.key)
  const found = await readOverrides(db, city, principal, asked, MOST_ROWS, 'incidents.export', at)
  const total = found[asked.part]
  if (total > MOST_ROWS) throw new AppError('too_large', `时段内有 ${total} 件派遣，一个文件最多 ${MOST_ROWS} 件，请缩短时段。The period holds ${total} dispatches and a file ${MOST_ROWS}; choose a shorter period.`)
  const rows = found.rows.map((row) => ({ ...row, suggested: nameOf(row.suggested), chosen: nameOf(row.chosen), override: row.isOverride ? '是 yes' : '否 no' }))
  const about = [
    ...aboutCity(city, at),
    { what: '时段 Period', value: `${found.from} – ${found.to}` },
    { what: '内容 Rows', value: PART_WORDS[asked.part] },
    { what: '改派率 Override rate', value: found.rate === null ? '无值 no value' : `${found.overridden} / ${found.dispatched} = ${(found.rate * 100).toFixed(1)}%` },
  ]
  await db.transaction((tx) => recordAudit(tx, principal, city.cityId, { domain: 'exports', action: 'exportOverrides', objectKind: 'city', objectId: city.key, details: { format: asked.format, part: asked.part, from: found.from, to: found.to, rows: rows.length } }, at))
  return writeDispatchFile(`dispatch-overrides-${city.key}-${found.from.slice(0, 10)}-${found.to.slice(0, 10)}`, asked.format, [{ name: '派遣 Dispatches', columns: COLUMNS, rows }], about)
}
