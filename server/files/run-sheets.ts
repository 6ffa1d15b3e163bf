/** Sheets that the workbook of every run has. */
import type { PassportRow } from './run-file.ts'
import type { Sheet } from './write.ts'

export interface SummaryRow {
  item: string
  value: string | number | boolean | null
  unit?: string
}

/** Key figures, each with its unit; shares are numbers from 0 to 1. */
export function summarySheet(rows: readonly SummaryRow[]): Sheet {
  return { name: '概要 summary', columns: [{ key: 'item', title: '项目 item' }, { key: 'value', title: '数值 value' }, { key: 'unit', title: '单位 unit' }], rows: rows.map(({ item, value, unit }) => ({ item, value, unit: unit ?? null })) }
}

/** Formula and method in both languages, with what else the method rests on. */
export function methodSheet({ formula, methodZh, methodEn }: { formula: string; methodZh: string; methodEn: string }, more: readonly PassportRow[] = []): Sheet {
  return {
    name: '方法 method',
    columns: [{ key: 'key', title: '项目 item' }, { key: 'value', title: '内容 value' }],
    rows: [{ key: '公式 formula', value: formula }, { key: '方法', value: methodZh }, { key: 'method', value: methodEn }, ...more],
  }
}

export function passportSheet(rows: readonly PassportRow[]): Sheet {
  return { name: '计算说明 passport', columns: [{ key: 'key', title: '项目 item' }, { key: 'value', title: '内容 value' }], rows: [...rows] }
}
