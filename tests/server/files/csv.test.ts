import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvCell, csvRows } from '../../../server/files/csv.ts'

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '"=1', ' =1', "'=1", '＝1', '\n+1'])('a text %j that a spreadsheet would run gets an apostrophe in front', (text) => {
  const read = parse(`${csvCell(text)}\r\n`, { relax_quotes: false }) as string[][]
  expect(read[0]![0]).toBe(`'${text}`)
})

test('numbers stay numbers, also negative ones; what is no number is left empty', () => {
  expect([csvCell(-5), csvCell(1.5e-7), csvCell(0), csvCell(Number.NaN), csvCell(null), csvCell(undefined), csvCell(true)]).toEqual(['-5', '1.5e-7', '0', '', '', '', 'true'])
})

test('the file begins with the byte order mark that Excel needs to read Chinese', () => {
  expect(csvRows([{ key: 'name', title: '名称' }], [{ name: '人民公园, "北"' }])).toBe('\uFEFF名称\r\n"人民公园, ""北"""\r\n')
})

test('whatever the texts, a reader gets the same cells back and none begins a formula', () => {
  const start = fc.constantFrom('', '=', '+', '-', '@', '\t', '\r', '"', ' =', '"-')
  const text = fc.tuple(start, fc.string({ unit: 'binary' })).map(([head, tail]) => head + tail).filter((value) => !/\p{Surrogate}/u.test(value))
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { minLength: 1 }), (rows) => {
      const columns = [{ key: 'a', title: 'a' }, { key: 'b', title: 'b' }]
      const file = csvRows(columns, rows.map(([a, b]) => ({ a, b })))
      const read = parse(file, { bom: true, record_delimiter: '\r\n', skip_empty_lines: false }) as string[][]
      expect(read.length).toBe(rows.length + 1)
      read.slice(1).forEach((cells, index) =>
        cells.forEach((cell, column) => {
          const given = rows[index]![column]!
          expect(cell === given || cell === `'${given}`).toBe(true)
          expect(cell).not.toMatch(/^[=+\-@\t\r]/)
        }),
      )
    }),
  )
})
