import fc from 'fast-check'
import jsQR from 'jsqr'
import { describe, expect, test } from 'vitest'
import { TOKENS } from '../../../client/theme/tokens.ts'
import { ReportQuery } from '../../../server/contract/planning-report.ts'
import { COLOURS, COVERAGE_RAMP, CATEGORICAL, GAP_RAMP } from '../../../server/planning-report/colours.ts'
import type { Report } from '../../../server/planning-report/model.ts'
import { codeBoxes } from '../../../server/planning-report/pdf/code.ts'
import { fit } from '../../../server/planning-report/pdf/map.ts'
import { writePdf } from '../../../server/planning-report/pdf/write-pdf.ts'
import { layerOf, partsOf, roundLength, roundRange, roundScale } from '../../../server/planning-report/shapes.ts'
import { wordsIn } from '../../../server/planning-report/words.ts'
import { readPdf, says } from './read-pdf.ts'

test('the square code of an address is read as that address', () => {
  const address = 'https://xiucheng.example/?city=demo&tool=coverage&run=01a21dac-db04-77b9-a52c-146d3aeb68a6'
  const [side, edge] = [300, 20]
  const size = side + 2 * edge
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255)
  for (const { x, y, width, height } of codeBoxes(address, side)) {
    for (let row = Math.round(edge + y); row < Math.round(edge + y + height); row++) for (let column = Math.round(edge + x); column < Math.round(edge + x + width); column++) pixels.set([0, 0, 0], (row * size + column) * 4)
  }
  expect(jsQR(pixels, size, size)?.data).toBe(address)
})

test('paper has the colours of the console by day', () => {
  const { ui, map, coverage, gap, categorical, served, noData } = TOKENS.day
  expect(COLOURS).toEqual({
    ink: ui.t1, quiet: ui.t2, faint: ui.t3, line: ui.line, strong: ui.controlStrong, panel: ui.s2, paper: ui.s1, green: ui.green, blue: ui.blue, amber: ui.amber, red: ui.red, amberGround: ui.amberGround,
    land: map.land, residential: map.residential, water: map.water, waterEdge: map.waterEdge, park: map.park, parkEdge: map.parkEdge, hill: map.hills[0], road: map.road, roadTrunk: map.roadTrunk, roadCasing: map.roadCasing, rail: map.rail,
    labelStrong: map.labelStrong, selection: map.selection, served, noData,
  })
  expect([COVERAGE_RAMP, [...GAP_RAMP].reverse(), CATEGORICAL]).toEqual([coverage, gap, categorical])
})

describe('scales', () => {
  test('a map fits its frame at the next round scale, middle to middle, north up', () => {
    const frame = { x: 40, y: 100, width: 500, height: 400 }
    const to = fit([500_000, 2_500_000, 512_000, 2_506_000], frame)
    // 12 km on 500 points of paper (176.4 mm) is 1 : 68,031.
    expect(to.scale).toBe(75_000)
    expect([to.x(506_000), to.y(2_503_000)]).toEqual([290, 300])
    expect(to.y(2_506_000)).toBeLessThan(to.y(2_500_000))
    // A kilometre is 13.33 mm at this scale.
    expect(to.x(501_000) - to.x(500_000)).toBeCloseTo((13.333333 / 25.4) * 72, 4)
  })

  test('are never finer than asked, and ends of axes hold their values', () => {
    fc.assert(fc.property(fc.double({ min: 10, max: 1e8, noNaN: true }), (denominator) => {
      const round = roundScale(denominator)
      expect(round).toBeGreaterThanOrEqual(denominator - 1e-6)
      expect(round).toBeLessThanOrEqual(denominator * 2)
      expect(roundLength(denominator)).toBeLessThanOrEqual(denominator * (1 + 1e-9))
    }))
    fc.assert(fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 1, max: 1e6 }), (least, span) => {
      const [from, upTo] = roundRange(least, least + span)
      expect(from).toBeLessThanOrEqual(least)
      expect(upTo).toBeGreaterThanOrEqual(least + span)
    }))
  })
})

test('geometries of every sort become courses', () => {
  expect(partsOf({ type: 'GeometryCollection', geometries: [{ type: 'Point', coordinates: [1, 2] }, { type: 'MultiLineString', coordinates: [[[0, 0], [1, 1]], [[2, 2], [3, 3]]] }] } as never)).toEqual({ areas: [], lines: [[0, 0, 1, 1], [2, 2, 3, 3]], points: [1, 2] })
  expect(layerOf([{ type: 'MultiPolygon', coordinates: [[[[0, 0], [1, 0], [1, 1], [0, 0]]]] }, null], { fill: '#fff' })).toEqual({ fill: '#fff', areas: [[[0, 0, 1, 0, 1, 1, 0, 0]]] })
})

test('figures are rounded as the console rounds them, and no value is said as such', () => {
  const words = wordsIn('en', 'Asia/Shanghai')
  expect([words.percent(0.63812), words.percent(null), words.area(9999.6), words.area(123_456), words.area(15_300_000), words.length(7.25), words.length(1234), words.dateTime('2026-11-27T16:30:00Z')]).toEqual(['63.81%', '—', '10,000 m²', '12.35 ha', '15.3 km²', '7.3 m', '1.23 km', '2026-11-28 00:30'])
})

const A_REPORT: Report = {
  ...ReportQuery.parse({}), overline: '规划分析报告', title: '公园绿地服务覆盖', subtitle: ['绣川市', '数据时点 2026-11-27'], badge: '合成演示数据', finding: '覆盖率 63.81%。', figures: [{ label: '覆盖率', value: '63.81%', note: '目标 ≥ 85%' }],
  blocks: [], link: { address: 'https://xiucheng.example/?city=demo', text: '扫码打开' }, footer: '绣城', pageText: '第 {n} / {m} 页', continued: '（续）',
}
const rowsOf = (count: number) => Array.from({ length: count }, (_one, at) => [`社区${at + 1}`, String(at + 1)])
const aTable = (rows: string[][]) => ({ kind: 'table' as const, table: { title: '单元', columns: [{ title: '名称', width: 2 }, { title: '数', width: 1, align: 'right' as const }], rows, note: null } })

describe('the file', () => {
  test('can be copied as Chinese, carries page numbers and badge on every page, and links to its address', async () => {
    const file = await readPdf(await writePdf({ ...A_REPORT, blocks: [{ kind: 'heading', text: '单元' }, aTable(rowsOf(120)), { kind: 'text', text: '方法一。方法二。' }] }))
    expect(file.pages.length).toBeGreaterThan(2)
    file.pages.forEach((page, at) => expect(page.replaceAll(/\s/g, '')).toContain(`第${at + 1}/${file.pages.length}页`))
    for (const page of file.pages) expect(page).toContain('合成演示数据')
    expect(file.links).toEqual(['https://xiucheng.example/?city=demo'])
    // The heading of a table that goes over the page comes again and says so.
    for (const what of ['公园绿地服务覆盖', '63.81%', '社区1', '社区120', '单元（续）', '方法一。方法二。']) expect([what, says(file, what)]).toEqual([what, true])
  })

  test('has the size and the side that were asked for', async () => {
    const sizeOf = async (more: Partial<Report>) => (await readPdf(await writePdf({ ...A_REPORT, ...more }))).size.map(Math.round)
    expect(await sizeOf({})).toEqual([595, 842])
    expect(await sizeOf({ paper: 'a3', orientation: 'landscape' })).toEqual([1191, 842])
  })

  test('writes what the font lacks with what it has, and keeps English words whole', async () => {
    const file = await readPdf(await writePdf({ ...A_REPORT, language: 'en', title: 'Nobody’s “10⁻³”', finding: '𠮷 is rare' }))
    expect(says(file, 'Nobody\'s "10−³"')).toBe(true)
  })
})

test('what may be asked of a report is checked', () => {
  expect(ReportQuery.parse({ parts: 'maps,method', language: 'en' })).toEqual({ language: 'en', paper: 'a4', orientation: 'portrait', parts: ['maps', 'method'] })
  expect(ReportQuery.parse({ parts: '' }).parts).toEqual([])
  for (const wrong of [{ language: 'fr' }, { paper: 'letter' }, { parts: 'maps,all' }]) expect(ReportQuery.safeParse(wrong).success).toBe(false)
})
