import ExcelJS from 'exceljs'
import { expect, test } from 'vitest'
import { writeXlsx } from '../../../server/files/xlsx.ts'

async function read(file: Buffer): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.load(file as unknown as ArrayBuffer)
  return workbook
}

test('numbers come back as numbers, Chinese as Chinese, and nothing as a formula', async () => {
  const columns = [{ key: 'name', title: '名称' }, { key: 'people', title: '人口' }]
  const rows = [{ name: '=HYPERLINK("http://x")', people: -5 }, { name: '人民公园', people: Number.NaN }, { name: { formula: '1+1' }, people: 3 }]
  const workbook = await read(await writeXlsx([{ name: '盲区', columns, rows }, { name: '参数 passport', columns: [{ key: 'k', title: '项' }], rows: [{ k: 'v' }] }]))
  const sheet = workbook.getWorksheet('盲区')!
  expect(sheet.getRow(1).values).toEqual([undefined, '名称', '人口'])
  expect(sheet.getRow(2).values).toEqual([undefined, `'=HYPERLINK("http://x")`, -5])
  expect(sheet.getRow(3).getCell(2).value).toBeNull()
  sheet.eachRow((row) => row.eachCell((cell) => expect(cell.type).not.toBe(ExcelJS.ValueType.Formula)))
  expect(workbook.worksheets.map((page) => page.name)).toEqual(['盲区', '参数 passport'])
})

test('sheet names that the format forbids are mended and kept apart', async () => {
  const columns = [{ key: 'a', title: 'a' }]
  const long = '很'.repeat(40)
  const workbook = await read(await writeXlsx([{ name: 'a/b*c', columns, rows: [] }, { name: long, columns, rows: [] }, { name: long, columns, rows: [] }]))
  expect(workbook.worksheets.map((page) => page.name)).toEqual(['a b c', '很'.repeat(31), `${'很'.repeat(28)} 2`])
})
