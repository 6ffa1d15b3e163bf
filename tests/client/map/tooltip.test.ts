import { expect, test } from 'vitest'
import { IncidentState } from '../../../server/contract/incidents.ts'
import { measureStates } from '../../../client/map/use-grid-states.ts'
import { blindSpotTooltip, featureTooltip, incidentTooltip } from '../../../client/map/tooltip.ts'

const columns = {
  count: 1, ids: ['a'], positions: Float64Array.of(114, 30), severities: Uint8Array.of(1), states: Uint8Array.of(IncidentState.options.indexOf('disposing')),
  overdue: Uint8Array.of(1), reportedAt: new Uint32Array(1), dueAt: new Uint32Array(1), classIndex: Uint16Array.of(0), classes: [], asOf: '2026-11-23T00:00:00Z',
}

test('an incident is told by class, level, state and whether it is overdue, in both languages', () => {
  const named = { ...columns, classes: [{ classKind: 'event' as const, classCode: '0101', className: '暴露垃圾' }] }
  expect(incidentTooltip(named, 0, 'zh', (one) => one.className)).toEqual({ title: '暴露垃圾', lines: ['一级 · 处置中 · 超时'] })
  expect(incidentTooltip(columns, 0, 'en', (one) => one.className)).toEqual({ title: 'Case', lines: ['Level 1 · Being handled · Overdue'] })
})

test('a feature is told by its name, else its code, else its kind; what a source wrote stays text', () => {
  expect(featureTooltip('green_spaces', { name: '<b>东湖</b>', access: 'closed' }, 'zh')).toEqual({ title: '<b>东湖</b>', lines: ['绿地 · 不开放'] })
  expect(featureTooltip('unit_grids', { code: '420101001002003' }, 'zh', { value: null, unit: '人' })).toEqual({ title: '420101001002003', lines: ['单元网格 · 无数据'] })
  expect(featureTooltip('buildings', { height: 54.3 }, 'en')).toEqual({ title: 'Building', lines: ['54 m high'] })
  expect(featureTooltip('roads', { name: '中山路', name_en: 'Zhongshan Road' }, 'en').title).toBe('Zhongshan Road')
})

test('unknown people are said to be unknown, not none', () => {
  expect(blindSpotTooltip(3, null, 'zh')).toEqual({ title: '盲区 3', lines: ['人口未知'] })
  expect(blindSpotTooltip(1, 1115.4, 'zh').lines).toEqual(['1,115 人'])
})

test('a cell without a value is told apart from one with zero', () => {
  expect(measureStates([null, 0, 1, 2, 3, 4, 5])).toEqual([-2, -1, 0, 1, 2, 3, 4])
})
