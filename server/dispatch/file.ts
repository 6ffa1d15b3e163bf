/** Files of dispatch: a table under the lines that say what it holds, or a workbook of several. */
import type { CityRow } from '../cities/cities.ts'
import { type Column, csvCell, csvRows, writeXlsx } from '../files/write.ts'

export interface DispatchFile {
  fileName: string
  mediaType: string
  bytes: Buffer | string
}
export interface FileSheet {
  name: string
  columns: readonly Column[]
  rows: readonly Record<string, unknown>[]
}
type AboutLine = { what: string; value: string }

/** What every file says first: whose city, and of when. */
export function aboutCity(city: CityRow, at: Date): AboutLine[] {
  return [
    { what: '城市 City', value: `${city.nameZh} ${city.nameEn} (${city.key})${city.isDemo ? ' · 合成演示数据 synthetic demonstration data' : ''}` },
    { what: '截至 As of', value: at.toISOString() },
  ]
}

/** CSV holds the first sheet only; the workbook all of them and one that says what they are. */
export async function writeDispatchFile(baseName: string, format: 'csv' | 'xlsx', sheets: readonly [FileSheet, ...FileSheet[]], about: readonly AboutLine[]): Promise<DispatchFile> {
  const [first] = sheets
  if (format === 'csv') {
    // The mark that tells Excel the encoding has to stay the very first character.
    return { fileName: `${baseName}.csv`, mediaType: 'text/csv; charset=utf-8', bytes: `\uFEFF${about.map(({ what, value }) => `${csvCell(`# ${what}: ${value}`)}\r\n`).join('')}${csvRows(first.columns, first.rows).replace('\uFEFF', '')}` }
  }
  const bytes = await writeXlsx([...sheets, { name: '说明 About', columns: [{ key: 'what', title: '项 Item' }, { key: 'value', title: '值 Value' }], rows: about }])
  return { fileName: `${baseName}.xlsx`, mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', bytes }
}
