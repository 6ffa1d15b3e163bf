import { describe, expect, test } from 'vitest'
import { decodeGapQuestion, encodeGapQuestion, type GapQuestion } from '../../../server/contract/management-gap-question.ts'
import { GAP_LAYER_KEYS, gapKindsOf } from '../../../server/contract/management-gaps.ts'
import { scalesOf } from '../../../client/gaps/scatter.ts'
import { enGaps } from '../../../client/i18n/en-gaps.ts'
import { zhGaps } from '../../../client/i18n/zh-gaps.ts'
import { gapColour } from '../../../client/map/layers/management-gaps.ts'
import { gapTooltip } from '../../../client/map/tooltip.ts'
import { gapStrengths } from '../../../client/map/use-gap-states.ts'
import { isUntold, type MappedGap, selectedByGap } from '../../../client/stores/gaps.ts'
import { TOKENS } from '../../../client/theme/tokens.ts'

const aUnit = (more: Partial<MappedGap> = {}): MappedGap => ({ level: 'cell', id: 'a', code: '990101001001001', name: null, drawnBy: 'unit_grids', streetName: null, communityName: null, kind: 'stale', weight: 40, center: null, rank: 1, figures: { checkedOn: '2026-05-21', daysAgo: 40, days: 30 }, ...more })
const aQuestion = (more: Partial<GapQuestion> = {}): GapQuestion => ({ layer: 'responsibility', kind: null, level: 'cell', periodDays: null, days: null, months: null, ...more })

describe('the question in the address', () => {
  test('comes back as it went, and says only what differs', () => {
    for (const question of [aQuestion(), aQuestion({ layer: 'attention', days: 60, kind: 'stale' }), aQuestion({ level: 'street', kind: 'no_owner' }), aQuestion({ layer: 'data', months: 24 })]) expect(decodeGapQuestion(encodeGapQuestion(question))).toEqual(question)
    expect(encodeGapQuestion(aQuestion({ layer: 'attention', days: 60 }))).toBe('attention.days:60')
  })

  test('what cannot be read is left as at first', () => {
    expect(decodeGapQuestion('patrol')).toBeNull()
    expect(decodeGapQuestion('attention.days:-3.kind:no_owner.level:street.nonsense')).toEqual(aQuestion({ layer: 'attention' }))
  })
})

describe('on the map', () => {
  test('the gravest of a kind is drawn fullest, each kind for itself; what is no gap stays behind', () => {
    const [low, high, other, quiet, unknown] = gapStrengths([{ kind: 'stale', weight: 31 }, { kind: 'stale', weight: 90 }, { kind: 'never_checked', weight: 1 }, { kind: 'as_expected', weight: 500 }, { kind: 'stale', weight: null }])
    expect(low).toBeLessThan(high!)
    expect(other).toBe(high)
    expect(quiet).toBeLessThan(low!)
    expect(unknown).toBe(low)
  })

  test('kinds of a layer never share a colour, by day and by night', () => {
    for (const theme of ['night', 'day'] as const) for (const layer of GAP_LAYER_KEYS) expect(new Set(gapKindsOf(layer).map((kind) => gapColour(kind, TOKENS[theme]))).size).toBe(gapKindsOf(layer).length)
  })

  test('the tooltip says the sentence of the list', () => {
    expect(gapTooltip(aUnit(), 'zh')).toEqual({ title: '久未核查', lines: ['990101001001001：最近一次核查在 2026-05-21，已 40 天（要求 30 天内）。'] })
    expect(gapTooltip(aUnit(), 'en').lines[0]).toBe('990101001001001: last checked on 2026-05-21, 40 days ago (asked for within 30).')
  })

  test('a unit selects itself: cell, area or feature; a layer is nowhere', () => {
    expect(selectedByGap(aUnit())).toEqual({ kind: 'unit_grids', id: 'a' })
    expect(selectedByGap(aUnit({ level: 'community' }))).toEqual({ kind: 'administrative_areas', id: 'a' })
    expect(selectedByGap(aUnit({ level: 'feature', figures: { feature: 'parts' } }))).toEqual({ kind: 'parts', id: 'a' })
    expect(selectedByGap(aUnit({ level: 'layer', figures: {} }))).toBeNull()
  })
})

test('where nothing was judged nobody says that there is no gap', () => {
  const of = (kind: 'under_reported' | 'too_few', total: number) => ({ kind, count: 0, total, share: null })
  expect(isUntold({ kinds: [of('under_reported', 0), of('too_few', 24)] })).toBe(true)
  expect(isUntold({ kinds: [of('under_reported', 3), of('too_few', 24)] })).toBe(false)
})

test('the scatter holds 0 and the greatest count, and grows with them', () => {
  const { x, y, ticks } = scalesOf([0, 4, 250], { width: 460, height: 320, left: 48, bottom: 40, top: 8, right: 12 })
  expect(x(0)).toBe(48)
  expect(x(250)).toBeLessThan(460 - 12)
  expect(x(250)).toBeGreaterThan(x(4))
  expect(y(0)).toBe(280)
  expect(y(250)).toBeGreaterThan(8)
  expect(ticks).toEqual([0, 1, 3, 10, 30, 100])
})

test('both languages name the same things', () => {
  const keysOf = (value: unknown): unknown => (typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, keysOf(one)])) : null)
  expect(keysOf(enGaps)).toEqual(keysOf(zhGaps))
})
