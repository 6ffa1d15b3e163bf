import { describe, expect, test } from 'vitest'
import { gapSentence, modelFormula } from '../../../server/contract/management-gap-sentences.ts'
import { GAP_LAYER_KEYS, gapKindsOf } from '../../../server/contract/management-gaps.ts'
import { rankUnits, summarise } from '../../../server/management-gaps/judgement.ts'
import type { GapUnit } from '../../../server/contract/management-gaps.ts'

const aUnit = (more: Partial<GapUnit> = {}): GapUnit => ({ level: 'cell', id: '1', code: '990101001001001', name: '一号网格', drawnBy: 'unit_grids', streetName: null, communityName: null, kind: 'no_owner', weight: null, center: null, figures: {}, ...more })

describe('what a unit says of itself', () => {
  test('every kind has a sentence in both languages that names the unit and ends', () => {
    for (const layer of GAP_LAYER_KEYS) {
      for (const kind of gapKindsOf(layer)) {
        const { zh, en } = gapSentence(aUnit({ kind }))
        expect(zh, kind).toMatch(/^一号网格：.+。$/)
        expect(en, kind).toMatch(/^一号网格 \(990101001001001\): .+\.$/)
        expect(`${zh}${en}`, kind).not.toMatch(/NaN|\bnull\b/)
      }
    }
  })

  test('one is one, many are many, nobody known is said so', () => {
    const of = (people: number | null) => gapSentence(aUnit({ figures: { people } })).en
    expect(of(1)).toContain('1 person lives there')
    expect(of(1200)).toContain('1,200 people live there')
    expect(of(null)).toContain('how many live there is not known')
    expect(gapSentence(aUnit({ kind: 'under_reported', figures: { cases: 1, periodDays: 90, expected: 9.583, lower: 5, upper: 15 } })).en).toContain('1 case reported in 90 days, 9.6 expected (interval 5–15): below the lower bound')
    expect(gapSentence(aUnit({ kind: 'wrong_unit', figures: { feature: 'parts', statedCode: 'A', foundCode: null, meters: 12.6 } })).zh).toBe('一号网格：部件登记在 A，实际不在任何单元内，偏离 13 米。')
  })

  test('a formula names its numbers', () => {
    expect(modelFormula({ family: 'negative_binomial', theta: 2.5, coefficients: [{ covariate: null, estimate: -1, standardError: 1 }, { covariate: 'people', estimate: 0.5, standardError: 1 }] }, 'en')).toBe('ln μ = −1.000 + 0.500 · ln(1 + people), Var = μ + μ² / 2.500')
  })
})

describe('rank and share', () => {
  test('the gravest kind first, then the greatest weight, then the code; whatever the order before', () => {
    const units = [aUnit({ code: '3', kind: 'no_person', weight: 900 }), aUnit({ code: '2', weight: 5 }), aUnit({ code: '1', weight: 5 }), aUnit({ code: '4', weight: null }), aUnit({ code: '5', weight: 7 })]
    expect(rankUnits('responsibility', units).map(({ code }) => code)).toEqual(['5', '1', '2', '4', '3'])
    expect(rankUnits('responsibility', units.toReversed()).map(({ code }) => code)).toEqual(['5', '1', '2', '4', '3'])
  })

  test('a denominator of 0 has no share', () => {
    const judgement = { layer: 'attention' as const, units: [], totals: {}, counts: {}, total: 0, untold: [], model: null }
    expect(summarise(judgement)).toMatchObject({ count: 0, total: 0, share: null })
    expect(summarise({ ...judgement, total: 4, units: [aUnit({ kind: 'stale' })] })).toMatchObject({ count: 1, total: 4, share: 0.25 })
  })
})
