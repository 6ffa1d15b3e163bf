import { expect, test } from 'vitest'
import { buildDrawnLayers } from '../../../client/map/build-swipe-layers.ts'
import { zh } from '../../../client/i18n/zh.ts'
import { changeLegend } from '../../../client/map/layers/unit-differences.ts'
import { seamOnSheet, sidesShown } from '../../../client/map/print/draw-sides.ts'
import { scenarioLegend } from '../../../client/map/print/scenario-legend.ts'
import { TOKENS } from '../../../client/theme/tokens.ts'

const tokens = TOKENS.day
const words = {
  t: ((key: string, values: Record<string, string> = {}) => {
    const found = key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], zh)
    return String(found).replaceAll(/\{(\w+)\}/g, (_whole, name: string) => String(values[name]))
  }) as Parameters<typeof scenarioLegend>[2]['t'],
  number: (value: number | null | undefined, digits = 0) => (value ?? 0).toLocaleString('en', { maximumFractionDigits: digits }),
}
const shown = { hasDrawn: false, hasChangedHomes: false, hasSides: false, units: [] }
const told = (facts: Partial<typeof shown> | { units: ReturnType<typeof changeLegend> }) => scenarioLegend({ ...shown, ...facts }, tokens, words).map(({ title, items }) => [title, ...items.map((item) => item.label.zh)])

test('a sheet of a difference says what each class of change means, how many units are in it, and that hatched units have nobody', () => {
  const units = changeLegend([-8, -0.4, 0, 0, null, 0.3, 2, 31], tokens)
  expect(told({ units, hasDrawn: true, hasChangedHomes: true })).toEqual([
    ['覆盖率变化（百分点）', '−8 · 1 个', '−0.4 · 1 个', '无变化 · 2 个', '+0.3 · 1 个', '+2 ~ +31 · 2 个', '无人居住，无覆盖率 · 1 个'],
    ['方案', '方案改动', '新增服务的住处', '失去服务的住处'],
  ])
  const items = scenarioLegend({ ...shown, units }, tokens, words)[0]!.items
  expect(items.map((item) => (item.kind === 'fill' ? [item.colour, item.hatch ?? null] : null))).toEqual([...tokens.change.map((colour) => [colour, null]), [tokens.noData, 'thin']])
})

test('a sheet of a swipe says which homes are served, full and hollow; a map without a scenario says nothing of one', () => {
  expect(told({ hasSides: true })).toEqual([['卷帘对比', '已服务的住处', '未服务的住处']])
  expect(scenarioLegend({ ...shown, hasSides: true }, tokens, words)[0]!.items.map((item) => item.kind === 'symbol' && item.hollow)).toEqual([false, true])
  expect(told({})).toEqual([])
})

test('the seam stands over the same ground on paper as on the screen, and a side that is off the sheet is not named', () => {
  const seen = { left: 300, width: 1000 }
  expect(seamOnSheet(0.5, 1600, seen, 1200, 1.2)).toBeCloseTo(0.5)
  expect(seamOnSheet(0.25, 1600, seen, 1200, 1.2)).toBeCloseTo(0.1)
  expect([seamOnSheet(0, 1600, seen, 1200, 1.2), seamOnSheet(1, 1600, seen, 1200, 1.2)]).toEqual([0, 1])
  const sides = { left: { name: 'a', figures: '' }, right: { name: 'b', figures: '' } }
  expect([0, 0.4, 1].map((seam) => sidesShown({ seam, ...sides }).map(({ at }) => at))).toEqual([['right'], ['left', 'right'], ['left']])
})

test('a sheet of a scenario shows what it changes, which on the screen the drawing tool does', () => {
  const ring: [number, number][] = [[113.4, 31.3], [113.401, 31.3], [113.401, 31.301], [113.4, 31.3]]
  const layers = buildDrawnLayers(
    [
      { id: 'a', kind: 'facility', name: '', geometry: { type: 'Polygon', coordinates: [ring] } },
      { id: 'b', kind: 'path', name: '', line: ring.slice(0, 2), isCrossing: true },
      { id: 'c', kind: 'close_path', name: '', position: [113.4, 31.3] },
    ],
    tokens,
  )
  expect(layers.map(({ id, props }) => [id, (props.data as unknown[]).length])).toEqual([['drawn-shapes', 1], ['drawn-way-casings', 1], ['drawn-ways', 1], ['drawn-points', 1]])
})
