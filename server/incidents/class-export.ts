/** The classes of a scheme as the table that can be imported again, and an empty template of it. */
import { limitWords } from './clocks.ts'
import { AppError } from '../errors.ts'
import type { Queryable } from '../db/db.ts'
import type { Column } from '../files/cells.ts'
import { csvRows } from '../files/csv.ts'
import { writeXlsx } from '../files/xlsx.ts'
import { type CaseScheme, listSchemes } from './reference-queries.ts'

const COLUMNS: Column[] = [
  { key: 'kind', title: '类型' }, { key: 'largeName', title: '大类名称' }, { key: 'code', title: '小类代码' }, { key: 'name', title: '小类名称' }, { key: 'nameEn', title: '英文名' }, { key: 'severity', title: '严重程度' },
  { key: 'extension', title: '地方扩展' }, { key: 'condition', title: '立案条件' }, { key: 'limit', title: '处置时限' }, { key: 'closing', title: '结案条件' },
]
const HINTS = [
  ['类型', '部件 或 事件；同一小类的后续行可留空 · 部件 (part) or 事件 (event); may be left empty below the first row of a class'],
  ['小类代码', '4 或 5 位数字，前两位为大类；单元格设为文本以保留前导 0 · 4 or 5 digits beginning with the large class; format cells as text to keep leading zeros'],
  ['严重程度', '一级、二级、三级；留空沿用现有 · 一级, 二级, 三级 (1–3); left empty: as it is'],
  ['地方扩展', '是 或留空 · 是 (yes) or empty'],
  ['立案条件', '每行一个；一个小类可有多行 · one a row, several rows a class'],
  ['处置时限', '2紧急工作时、1紧急工作日、4工作时、3工作日、7自然日 · amount and one of five units'],
  ['结案条件', '达到何种状态方可结案 · what has to be so before a case is closed'],
  ['整表', '任何一行看不懂则整表不生效；未列出的小类将终止，旧案件不受影响 · One row that is not understood refuses the table; classes it leaves out end, old cases keep theirs'],
] as const
const SEVERITIES = ['', '一级', '二级', '三级']

type Row = Record<string, unknown>

function rowsOf({ classes, largeClasses }: CaseScheme): Row[] {
  const largeNames = new Map(largeClasses.map((one) => [`${one.kind}:${one.code}`, one.nameZh]))
  return classes.flatMap((one) => {
    const head = { kind: one.kind === 'part' ? '部件' : '事件', largeName: largeNames.get(`${one.kind}:${one.largeCode}`), code: one.code, name: one.nameZh, nameEn: one.nameEn, severity: SEVERITIES[one.defaultSeverity], extension: one.isLocalExtension ? '是' : '' }
    const conditions = one.conditions.map(({ conditionZh, limitAmount, limitUnit, closingZh }) => ({ ...head, condition: conditionZh, limit: limitWords({ amount: limitAmount, unit: limitUnit }).zh.replace(' ', ''), closing: closingZh }))
    return conditions.length > 0 ? conditions : [head]
  })
}

export interface ClassTableFile {
  fileName: string
  mediaType: string
  bytes: Buffer | string
}

/** @throws AppError not_found for the present classes of a scheme that is not there. */
export async function exportCaseClasses(db: Queryable, schemeId: string, content: 'present' | 'template', format: 'xlsx' | 'csv'): Promise<ClassTableFile> {
  const scheme = content === 'present' ? (await listSchemes(db)).find((one) => one.id === schemeId) : null
  if (scheme === undefined) throw new AppError('not_found', `没有类别标准 ${schemeId}。There is no class scheme ${schemeId}.`)
  const rows = scheme === null ? [] : rowsOf(scheme)
  const name = scheme === null ? `classes-${schemeId}-template` : `classes-${schemeId}-v${scheme.version}`
  if (format === 'csv') return { fileName: `${name}.csv`, mediaType: 'text/csv; charset=utf-8', bytes: csvRows(COLUMNS, rows) }
  const about = scheme === null ? [] : [['标准 Scheme', `${scheme.titleZh} · ${scheme.id}`], ['版本 Version', String(scheme.version)], ['来源 Source', scheme.source], ['已核对 Verified', scheme.verified ? '是 yes' : '否 no']]
  const bytes = await writeXlsx([
    { name: '立案标准', columns: COLUMNS, rows },
    { name: '说明', columns: [{ key: 'what', title: '项 Item' }, { key: 'value', title: '说明 Meaning' }], rows: [...about, ...HINTS].map(([what, value]) => ({ what, value })) },
  ])
  return { fileName: `${name}.xlsx`, mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', bytes }
}
