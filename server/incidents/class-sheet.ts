/** From the rows of a spreadsheet to the classes of a scheme, pure: every fault with its row, suspicious neighbours pointed out. */
import { CLASS_TEXT_LIMITS, type ClassSheetIssue, MOST_CONDITIONS } from '../contract/reference.ts'
import type { ClassFile } from './reference.ts'
import type { TableRow } from './class-table.ts'
import { LimitTextError, readLimitText } from './limit-text.ts'

type SheetClass = ClassFile['classes'][number]
type Kind = SheetClass['kind']

const COLUMNS = {
  kind: ['kind', '类型', '部件事件', '部件/事件', '案件类型'],
  largeName: ['large_name', '大类名称', '大类'],
  code: ['code', '小类代码', '代码', '编码', '立案编码', '案件代码'],
  name: ['name', '小类名称', '小类', '名称'],
  nameEn: ['name_en', '英文名', '英文名称'],
  condition: ['condition', '立案条件', '立案标准', '采集标准'],
  limit: ['limit', '处置时限', '处置时限要求', '时限', '办理时限'],
  closing: ['closing', '结案条件', '结案标准'],
  severity: ['severity', '严重程度', '默认级别'],
  extension: ['extension', '地方扩展', '扩展'],
} as const
type Column = keyof typeof COLUMNS
const NEEDED: readonly Column[] = ['kind', 'code', 'name', 'condition', 'limit', 'closing']

const KINDS: Record<string, Kind> = { part: 'part', 部件: 'part', event: 'event', 事件: 'event', 管理事项: 'event' }
const SEVERITIES: Record<string, 1 | 2 | 3> = { '1': 1, 一级: 1, '2': 2, 二级: 2, '3': 3, 三级: 3 }
const TEXTS: readonly [Column, number][] = [['largeName', CLASS_TEXT_LIMITS.name], ['name', CLASS_TEXT_LIMITS.name], ['nameEn', CLASS_TEXT_LIMITS.nameEn], ['condition', CLASS_TEXT_LIMITS.words], ['closing', CLASS_TEXT_LIMITS.words]]
const YES = new Set(['是', '1', 'true', 'yes', 'y', '†'])

export interface ClassSheet {
  largeClasses: ClassFile['largeClasses']
  classes: ClassFile['classes']
  issues: ClassSheetIssue[]
}

/** What is known of the scheme already: names in English and severities that a sheet without such columns leaves as they are. */
export interface KnownScheme {
  largeClasses: ClassFile['largeClasses']
  classes: readonly Omit<SheetClass, 'conditions'>[]
}

function findColumns(rows: readonly TableRow[]): Map<Column, string> {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s_]/g, '')
  const names = Object.keys(rows[0]?.cells ?? {})
  return new Map((Object.keys(COLUMNS) as Column[]).flatMap((column) => {
    const found = COLUMNS[column].map(plain).flatMap((guess) => names.filter((name) => plain(name) === guess))[0]
    return found === undefined ? [] : [[column, found] as const]
  }))
}

/** Lines of a cell run on in one; the apostrophe that our own export sets before a would-be formula is taken away again. */
function plainText(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().replace(/^'(?=["'\s]*[=+\-@＝＋－＠])/u, '')
}

interface Line {
  row: number
  kind: Kind
  code: string
  condition: string
  limit: string
  closing: string
}

/**
 * Numbers that count up by one from class to class where all else is the same: the trace of a cell that was dragged down
 * (frame height difference 2, 3, 4 cm). Three in a row are suspected.
 */
export function findAutofill(lines: readonly Line[]): ClassSheetIssue[] {
  const issues: ClassSheetIssue[] = []
  const byTemplate = new Map<string, { line: Line; numbers: number[] }[]>()
  for (const line of lines) {
    const text = `${line.condition}|${line.limit}|${line.closing}`
    const template = `${line.kind}|${text.replaceAll(/\d+(?:\.\d+)?/g, '#')}`
    const numbers = [...text.matchAll(/\d+(?:\.\d+)?/g)].map(([number]) => Number(number))
    if (numbers.length === 0) continue
    const group = byTemplate.get(template) ?? []
    // Within one class several thresholds are meant; from class to class the same text means the same.
    if (group.at(-1)?.line.code !== line.code) group.push({ line, numbers })
    byTemplate.set(template, group)
  }
  for (const group of byTemplate.values()) {
    for (let slot = 0; slot < (group[0]?.numbers.length ?? 0); slot++) {
      let run = [group[0]!]
      const close = () => {
        if (run.length >= 3) issues.push({ row: run[1]!.line.row, column: null, severity: 'flagged', code: 'autofill_suspected', message: `第 ${run.map(({ line }) => line.row).join('、')} 行文字相同而数值依次为 ${run.map(({ numbers }) => numbers[slot]).join('、')}，疑为表格拖动填充所致，请与原文核对。Rows ${run.map(({ line }) => line.row).join(', ')} say the same but for ${run.map(({ numbers }) => numbers[slot]).join(', ')}: dragged down by mistake? Compare with the original.`, sample: run.at(-1)!.line.condition })
      }
      for (const next of group.slice(1)) {
        const last = run.at(-1)!
        const isNext = next.numbers[slot] === (last.numbers[slot] ?? NaN) + 1 && next.numbers.every((number, index) => index === slot || number === last.numbers[index])
        if (isNext) run.push(next)
        else {
          close()
          run = [next]
        }
      }
      close()
    }
  }
  return issues
}

/** Reads rows of one filing condition each. Cells of the class may be empty below its first row. With a `refused` issue the classes are not to be used. */
export function readClassSheet(rows: readonly TableRow[], known: KnownScheme): ClassSheet {
  const columns = findColumns(rows)
  const issues: ClassSheetIssue[] = []
  const refuse = (row: number, column: Column | null, code: string, message: string, sample: string | null = null) => issues.push({ row, column: column && (columns.get(column) ?? COLUMNS[column][1]), severity: 'refused', code, message, sample: sample && sample.slice(0, 100) })
  const missing = NEEDED.filter((column) => !columns.has(column))
  if (missing.length > 0) {
    refuse(1, null, 'column_missing', `缺少列：${missing.map((column) => COLUMNS[column][1]).join('、')}。现有列：${Object.keys(rows[0]?.cells ?? {}).join('、')}。Columns are missing: ${missing.join(', ')}.`)
    return { largeClasses: [], classes: [], issues }
  }
  const classes = new Map<string, SheetClass>()
  const large = new Map(known.largeClasses.map((one) => [`${one.kind}:${one.code}`, one]))
  const lines: Line[] = []
  let above: Partial<Record<Column, string>> = {}
  for (const { row, cells } of rows) {
    const cell = (column: Column) => plainText(cells[columns.get(column) ?? ''] ?? '')
    if (Object.values(cells).every((text) => text === '')) continue
    // A row without a code goes on with the class above it.
    if (cell('code') !== '') {
      const isSameLarge = (above.code ?? '').slice(0, 2) === cell('code').slice(0, 2) && (cell('kind') === '' || cell('kind') === above.kind)
      above = { kind: cell('kind') || (above.kind ?? ''), largeName: cell('largeName') || (isSameLarge ? (above.largeName ?? '') : ''), code: cell('code'), name: cell('name'), nameEn: cell('nameEn'), severity: cell('severity'), extension: cell('extension') }
    }
    const faulty = TEXTS.find(([column, most]) => cell(column).length > most || /\p{Cc}/u.test(cell(column)))
    if (faulty) { refuse(row, faulty[0], 'text_invalid', `“${COLUMNS[faulty[0]][1]}”超过 ${faulty[1]} 字或含看不见的控制字符，请缩短或重新输入。The text is longer than ${faulty[1]} characters or holds invisible control characters; shorten it or type it anew.`, cell(faulty[0])); continue }
    const kind = KINDS[above.kind ?? '']
    const code = (above.code ?? '').replace(/^'/, '')
    if (!kind) { refuse(row, 'kind', 'kind_unknown', `类型“${above.kind ?? ''}”不是部件或事件。The kind is neither part nor event.`, above.kind ?? ''); continue }
    if (!/^\d{4,5}$/.test(code)) { refuse(row, 'code', 'code_invalid', `小类代码“${code}”须为 4 或 5 位数字（保留前导 0）。The class code "${code}" has to be 4 or 5 digits, leading zeros kept.`, code); continue }
    if (!above.name) { refuse(row, 'name', 'name_missing', `小类 ${code} 没有名称。The class ${code} has no name.`, code); continue }
    const key = `${kind}:${code}`
    const largeCode = code.slice(0, 2)
    if (!large.has(`${kind}:${largeCode}`)) {
      if (!above.largeName) { refuse(row, 'largeName', 'large_class_missing', `大类 ${largeCode} 没有名称，请加“大类名称”列。The large class ${largeCode} has no name; add the column for it (see the template).`, code); continue }
      large.set(`${kind}:${largeCode}`, { kind, code: largeCode, nameZh: above.largeName, nameEn: above.largeName })
    }
    const held = large.get(`${kind}:${largeCode}`)
    if (cell('code') !== '' && cell('largeName') !== '' && held && held.nameZh !== cell('largeName')) issues.push({ row, column: columns.get('largeName') ?? null, severity: 'flagged', code: 'large_class_differs', message: `大类 ${largeCode} 已名为“${held.nameZh}”，这里写作“${cell('largeName')}”，未改名。The large class ${largeCode} has another name in the scheme; the one given here was left out.`, sample: cell('largeName') })
    const severity = above.severity ? SEVERITIES[above.severity] : undefined
    if (above.severity && !severity) { refuse(row, 'severity', 'severity_unknown', `严重程度“${above.severity}”不是一级、二级、三级。The severity is none of 1, 2, 3.`, above.severity); continue }
    let sheetClass = classes.get(key)
    if (!sheetClass) {
      const before = known.classes.find((one) => one.kind === kind && one.code === code)
      sheetClass = { kind, code, largeCode, nameZh: above.name, nameEn: above.nameEn || (before?.nameZh === above.name ? before.nameEn : above.name), isLocalExtension: above.extension ? YES.has(above.extension.toLowerCase()) : (before?.isLocalExtension ?? false), defaultSeverity: severity ?? before?.defaultSeverity ?? 3, conditions: [] }
      classes.set(key, sheetClass)
    } else if (sheetClass.nameZh !== above.name) {
      refuse(row, 'name', 'name_differs', `小类 ${code} 在前面叫“${sheetClass.nameZh}”，这里叫“${above.name}”。The class ${code} has another name further up.`, above.name)
      continue
    }
    const line: Line = { row, kind, code, condition: cell('condition'), limit: cell('limit'), closing: cell('closing') }
    if (line.condition === '' && line.limit === '' && line.closing === '') continue
    if (line.condition === '' || line.closing === '') { refuse(row, line.condition === '' ? 'condition' : 'closing', 'condition_incomplete', `小类 ${code} 的立案条件、结案条件须同时填写。The class ${code} needs both a filing and a closing condition.`); continue }
    if (sheetClass.conditions.some((one) => one.conditionZh === line.condition)) { refuse(row, 'condition', 'condition_repeated', `小类 ${code} 的立案条件“${line.condition}”重复。The filing condition stands twice under class ${code}.`, line.condition); continue }
    if (sheetClass.conditions.length >= MOST_CONDITIONS) { refuse(row, 'condition', 'conditions_too_many', `小类 ${code} 的立案条件超过 ${MOST_CONDITIONS} 条。The class ${code} has more than ${MOST_CONDITIONS} filing conditions.`); continue }
    try {
      const limit = readLimitText(line.limit)
      if (limit.isLoose) issues.push({ row, column: columns.get('limit') ?? null, severity: 'flagged', code: 'limit_unit_loose', message: `时限“${line.limit}”没有说明是否计入夜间与节假日，按工作时间计。It does not say whether nights and holidays count; it was taken for working time.`, sample: line.limit })
      sheetClass.conditions.push({ conditionZh: line.condition, limitAmount: limit.amount, limitUnit: limit.unit, closingZh: line.closing })
      lines.push(line)
    } catch (error) {
      if (!(error instanceof LimitTextError)) throw error
      refuse(row, 'limit', 'limit_unknown', error.message, line.limit)
    }
  }
  const used = new Set([...classes.values()].map((one) => `${one.kind}:${one.largeCode}`))
  return { largeClasses: [...large].flatMap(([key, one]) => (used.has(key) ? [one] : [])), classes: [...classes.values()], issues: [...issues, ...findAutofill(lines)].toSorted((a, b) => a.row - b.row) }
}
