import { describe, expect, test } from 'vitest'
import { GREEN_INDICATOR_KEYS } from '../../../server/contract/green-indicators.ts'
import { COUNTED_CLASSES, countedArea, divide, findGaps, isMet } from '../../../server/green-indicators/figures.ts'
import { readGreenIndicatorRules } from '../../../server/green-indicators/rules.ts'

const UNKNOWN = { zh: '不知道。', en: 'not known.' }
const feature = (classCode: string, areaM2: number, greenRatio: number | null = null) => ({ classCode, areaM2, greenRatio })

describe('what counts of a feature', () => {
  test('parks with all their kinds; of squares the green part, or the whole of them', () => {
    expect(countedArea(feature('G139', 500), ['park', 'protective'])).toBe(500)
    expect(countedArea(feature('G12', 500), ['comprehensive_park'])).toBe(0)
    expect(countedArea(feature('G3', 1000, 0.4), ['park', 'square_green'])).toBe(400)
    expect(countedArea(feature('G3', 1000, 0.4), ['park', 'square'])).toBe(1000)
    expect(countedArea(feature('SG1', 30), ['attached'])).toBe(30)
    expect(countedArea(feature('EG12', 30), ['park', 'attached'])).toBe(0)
  })

  test('classes of other beginnings are in no formula', () => {
    expect(['G1', 'G14', 'G2', 'G3', 'XG', 'UG', 'EG4'].every((code) => new RegExp(COUNTED_CLASSES).test(code))).toBe(true)
    expect(['G4', 'G5', 'H1', 'E1'].some((code) => new RegExp(COUNTED_CLASSES).test(code))).toBe(false)
  })
})

describe('figures and their reasons', () => {
  test('a quotient, no value for a denominator of 0 or none, and a least value where a part is not known', () => {
    expect(divide(900, 100, [], UNKNOWN)).toEqual({ value: 9, atLeast: null, reasonZh: null, reasonEn: null, numerator: 900, denominator: 100 })
    expect(divide(3, 20_000, [], UNKNOWN, 10_000)).toMatchObject({ value: 1.5 })
    expect(divide(900, 0, [], UNKNOWN)).toMatchObject({ value: null, atLeast: null, reasonEn: 'the denominator is 0.' })
    expect(divide(900, null, [], UNKNOWN)).toMatchObject({ value: null, atLeast: null, reasonEn: 'not known.' })
    expect(divide(900, 100, findGaps([feature('G3', 10)], ['square_green', 'attached']), UNKNOWN)).toMatchObject({ value: null, atLeast: 9, reasonEn: 'there are no data of attached green land (XG). 1 squares (G3) carry no green ratio.' })
  })

  test('parks of class G1 alone leave open which kind they are', () => {
    expect(findGaps([feature('G1', 10), feature('G11', 10)], ['comprehensive_park'])).toHaveLength(1)
    expect(findGaps([feature('G1', 10)], ['park'])).toEqual([])
  })

  test('"above" wants more than the threshold, "at least" is content with it; what is at least enough is enough', () => {
    expect(isMet({ comparison: 'above', threshold: 8 }, { value: 8, atLeast: null })).toBe(false)
    expect(isMet({ comparison: 'at_least', threshold: 8 }, { value: 8 - 1e-12, atLeast: null })).toBe(true)
    expect(isMet({ comparison: 'at_least', threshold: 0.35 }, { value: null, atLeast: 0.4 })).toBe(true)
    expect(isMet({ comparison: 'at_least', threshold: 0.35 }, { value: null, atLeast: 0.2 })).toBeNull()
    expect(isMet({ comparison: 'at_least', threshold: 0.35 }, { value: null, atLeast: null })).toBeNull()
  })
})

test('the thresholds that come with the program: each of an index there is, each code and version once, the mandatory ones as the code has them', async () => {
  const rules = await readGreenIndicatorRules()
  expect(new Set(rules.map(({ code, version }) => `${code} ${version}`)).size).toBe(rules.length)
  expect(rules.every(({ indicator }) => GREEN_INDICATOR_KEYS.includes(indicator))).toBe(true)
  const byCode = Object.fromEntries(rules.map((rule) => [rule.code, rule]))
  // GB 55014-2021 2.1.3: more than 8.0 m² and 80 %; 2.1.4: more than 3.0 m² each
  expect(byCode['GB55014_PARK_AREA']).toMatchObject({ comparison: 'above', threshold: 8, clause: '2.1.3', verified: true })
  expect(byCode['GB55014_COVERAGE']).toMatchObject({ comparison: 'above', threshold: 0.8 })
  expect(byCode['GB55014_COMPREHENSIVE_PARK']).toMatchObject({ comparison: 'above', threshold: 3 })
  expect(byCode['GB55014_COMMUNITY_PARK']).toMatchObject({ comparison: 'above', threshold: 3 })
})
