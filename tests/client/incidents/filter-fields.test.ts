import { describe, expect, test } from 'vitest'
import { conditionCount, listOf, periodOf, periodStart, textOf } from '../../../client/incidents/filter-fields.ts'

const NOW = Date.parse('2026-11-23T08:42:17Z')

describe('the filter and its form', () => {
  test('lists go there and back; an empty list is no condition', () => {
    expect(listOf({ areas: textOf(['1', '2']) }, 'areas')).toEqual(['1', '2'])
    expect(textOf([])).toBeUndefined()
  })
  test.each(['lastDay', 'lastWeek', 'lastMonth'] as const)('the preset %s is recognised after it was chosen, and no longer hours later', (period) => {
    const filter = { from: periodStart(period, NOW) }
    expect(periodOf(filter, NOW + 60_000)).toBe(period)
    expect(periodOf(filter, NOW + 3_600_000)).toBe('custom')
  })
  test('a range with an end is one’s own', () => {
    expect(periodOf({}, NOW)).toBe('all')
    expect(periodOf({ from: periodStart('lastDay', NOW), to: new Date(NOW).toISOString() }, NOW)).toBe('custom')
  })
  test('the two ends of a time range are one condition, and the status is none', () => {
    expect(conditionCount({ status: 'open', from: 'a', to: 'b', severities: '1' })).toBe(2)
  })
})
