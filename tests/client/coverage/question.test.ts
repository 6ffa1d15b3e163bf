import { describe, expect, test } from 'vitest'
import { formOf, inputOf, LEVEL, OWN, sensitivityGrid, verdictOf, withFacility, withRule, withRuler } from '../../../client/coverage/question.ts'
import type { CoverageInput, ServiceRule } from '../../../server/contract/coverage.ts'

const INPUT: CoverageInput = { facility: 'green', layers: [], rule: 'GARDEN_CITY_2022', demand: 'residential', everyFeature: false, clipToCity: false }
const rule = (code: string, facility: string, demand: ServiceRule['demand']): ServiceRule => ({ id: code, code, version: 1, facility, titleZh: code, titleEn: code, demand, bands: [], target: null, standard: '', clause: '', verified: false, note: null, isOwn: false })
const RULES = [rule('GARDEN_CITY_2022', 'green', 'residential'), rule('WHO_300', 'green', 'population'), rule('TOILET_300', 'toilet', 'population')]

describe('the question of coverage', () => {
  test('a question survives the form', () => {
    expect(inputOf(formOf(INPUT))).toEqual(INPUT)
    const own: CoverageInput = { facility: 'toilet', layers: ['wc'], radiusMeters: 300, demand: 'population', everyFeature: true, clipToCity: true }
    expect(inputOf(formOf(own))).toEqual(own)
  })
  test('a radius of one’s own has to be given, and within reason', () => {
    const form = { ...formOf(INPUT), rule: OWN }
    expect(inputOf(form)).toBeNull()
    expect(inputOf({ ...form, radiusMeters: -5 })).toBeNull()
    expect(inputOf({ ...form, radiusMeters: 60_000 })).toBeNull()
    expect(inputOf({ ...form, radiusMeters: 500 })).toMatchObject({ radiusMeters: 500 })
    expect(inputOf({ ...form, radiusMeters: 500 })).not.toHaveProperty('rule')
  })
  test('another facility brings its own rule and demand', () => {
    expect(inputOf(withFacility(formOf(INPUT), 'toilet', RULES))).toMatchObject({ facility: 'toilet', rule: 'TOILET_300', demand: 'population' })
  })
  test('another rule says what is to be served', () => {
    expect(inputOf(withRule(formOf(INPUT), 'WHO_300', RULES))).toMatchObject({ rule: 'WHO_300', demand: 'population' })
  })
})

describe('the answer against its target', () => {
  test('says by how many points, and counts the target itself as reached', () => {
    expect(verdictOf(0.85, 0.85)).toEqual({ kind: 'reached', points: 0 })
    expect(verdictOf(0.8, 0.85)).toMatchObject({ kind: 'missed' })
    expect(verdictOf(0.8, 0.85)).toHaveProperty('points', expect.closeTo(5))
  })
  test('no ratio or no target is no verdict, never a miss', () => {
    expect(verdictOf(null, 0.85)).toEqual({ kind: 'none' })
    expect(verdictOf(0.2, null)).toEqual({ kind: 'none' })
  })
  test('sensitivity rows become a table in order', () => {
    const grid = sensitivityGrid([
      { radiusFactor: 1.2, minAreaFactor: 1, ratio: 0.9 },
      { radiusFactor: 0.8, minAreaFactor: 2, ratio: null },
    ])
    expect([grid.radii, grid.areas, grid.cells.get('1.2|1'), grid.cells.get('0.8|2')]).toEqual([[0.8, 1.2], [1, 2], 0.9, null])
  })
})

test('slopes and stairs are asked on foot only, and not at all where they hinder nothing', () => {
  const asked = { facility: 'green', layers: [], rule: 'GARDEN_CITY_2022', demand: 'population', everyFeature: false, clipToCity: false, ruler: 'walk', impedance: { slope: true, stairs: 'closed' } } as const
  const form = formOf({ ...asked, layers: [] })
  expect(inputOf(form)).toEqual(asked)
  expect(inputOf({ ...form, impedance: LEVEL })).not.toHaveProperty('impedance')
  expect(inputOf(withRuler(form, 'straight', []))).not.toHaveProperty('impedance')
})
