/** The log as a file for whoever looks at it elsewhere; that it was taken is in the log. */
import { type Principal } from '../access/principal.ts'
import type { AppContext } from '../context.ts'
import { AUDIT_EXPORT_MOST, type AUDIT_EXPORT_FORMATS, type AuditEntryView, type AuditFilter } from '../contract/audit.ts'
import { AppError } from '../errors.ts'
import { csvCell, csvChunks } from '../files/csv.ts'
import { recordAudit } from './audit.ts'
import { citiesRead, entryOf } from './log.ts'
import { type AuditPlace, type AuditWhere, countEntries, listEntries } from './queries.ts'

const PAGE_ENTRIES = 2_000

const COLUMNS = [
  { key: 'at', title: '时间 At' }, { key: 'actor', title: '人员 Actor' }, { key: 'login', title: '账号 Login' }, { key: 'actorRoles', title: '岗位 Roles' }, { key: 'address', title: '地址 Address' },
  { key: 'action', title: '操作 Action' }, { key: 'outcome', title: '结果 Outcome' }, { key: 'objectKind', title: '对象类型 Object kind' }, { key: 'objectId', title: '对象 Object' }, { key: 'cityKey', title: '城市 City' },
  { key: 'details', title: '内容 Details' }, { key: 'domain', title: '域 Domain' }, { key: 'day', title: '日 Day' }, { key: 'sequence', title: '序号 Sequence' }, { key: 'hash', title: '哈希 Hash' },
]

export interface AuditFile {
  fileName: string
  mediaType: string
  chunks: AsyncIterable<string>
}

/** Every entry up to an instant, page by page, so that a slow reader holds nothing open in the database. */
async function* entriesOf(context: AppContext, where: AuditWhere): AsyncGenerator<AuditEntryView> {
  let after: AuditPlace | null = null
  do {
    const rows = await listEntries(context.db, where, after, PAGE_ENTRIES)
    for (const row of rows) yield entryOf(row)
    after = rows.length === PAGE_ENTRIES ? (rows.at(-1) ?? null) : null
  } while (after !== null)
}

async function* csv(entries: AsyncIterable<AuditEntryView>, about: readonly [string, string][]): AsyncGenerator<string> {
  async function* rows() {
    for await (const entry of entries) yield { ...entry, actorRoles: entry.actorRoles.join(' '), details: JSON.stringify(entry.details) }
  }
  // The mark that tells Excel the encoding has to stay the very first character.
  yield `\uFEFF${about.map(([what, value]) => `${csvCell(`# ${what}: ${value}`)}\r\n`).join('')}`
  for await (const chunk of csvChunks(COLUMNS, rows())) yield chunk.replace('\uFEFF', '')
}

async function* lines(entries: AsyncIterable<AuditEntryView>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`
}

/**
 * Prepares the file of a filter; its bytes are made while they are read.
 * @throws AppError too_large when the filter holds more entries than one file takes.
 */
export async function exportAudit(context: AppContext, principal: Principal, filter: AuditFilter, format: (typeof AUDIT_EXPORT_FORMATS)[number]): Promise<AuditFile> {
  const at = context.clock()
  // Nothing written while the file is being made comes into it.
  const to = filter.to !== undefined && Date.parse(filter.to) < at.getTime() ? filter.to : at.toISOString()
  const where: AuditWhere = { ...filter, to, cities: citiesRead(principal) }
  if ((await countEntries(context.db, where, AUDIT_EXPORT_MOST + 1)) > AUDIT_EXPORT_MOST) throw new AppError('too_large', `超过 ${AUDIT_EXPORT_MOST} 条，请缩小时间范围或增加条件。The filter holds more than ${AUDIT_EXPORT_MOST} entries; narrow the time or add a condition.`)
  await context.db.transaction((tx) => recordAudit(tx, principal, null, { domain: 'exports', action: 'exportAudit', details: { format, filter } }, at))
  const entries = entriesOf(context, where)
  const baseName = `audit-${at.toISOString().slice(0, 10)}`
  const given = Object.entries(filter).filter(([, value]) => value !== undefined)
  const about: [string, string][] = [['截至 As of', at.toISOString()], ...(given.length === 0 ? [['筛选 Filter', '全部 all'] as [string, string]] : given.map(([key, value]): [string, string] => [`筛选 Filter ${key}`, String(value)]))]
  return format === 'csv' ? { fileName: `${baseName}.csv`, mediaType: 'text/csv; charset=utf-8', chunks: csv(entries, about) } : { fileName: `${baseName}.ndjson`, mediaType: 'application/x-ndjson', chunks: lines(entries) }
}
