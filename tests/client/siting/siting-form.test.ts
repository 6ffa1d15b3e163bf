import { describe, expect, test } from 'vitest'
import { SitingQuestion } from '../../../server/contract/planning-siting.ts'
import { curveOf, faultOf, FIRST_FORM, formOf, inputOf, OWN, type SitingForm } from '../../../client/siting/siting-form.ts'

const FORMS: [string, Partial<SitingForm>][] = [
  ['as it opens', {}],
  ['set covering', { method: 'lscp', leavesOutIslands: true }],
  ['a budget', { limit: 'budget', budget: 300 }],
  ['a radius of one’s own on foot', { rule: OWN, radiusMeters: 400, ruler: 'walk', method: 'p-median' }],
  ['slopes and stairs on foot', { ruler: 'walk', impedance: { slope: true, stairs: 'closed' } }],
  ['a lattice', { from: 'lattice', spacingMeters: 150, unservedOnly: true }],
  ['the elders, without a limit of capacity', { demand: 'elders', capacityBy: 'area' }],
  ['filters', { landUses: ['待建用地'], ownerships: ['国有'], greenLine: 'outside', avoidsControlAreas: true, minAreaM2: 500 }],
]

describe('the form of a siting question', () => {
  test.each(FORMS)('%s becomes a question that the server takes, and comes back as it was', (_name, change) => {
    const form = { ...FIRST_FORM, ...change }
    expect(faultOf(form)).toBeNull()
    const input = inputOf(form)
    expect(SitingQuestion.parse(input)).toEqual(input)
    expect(inputOf(formOf(input))).toEqual(input)
  })

  test('slopes and stairs are asked for on foot only, and where they hinder', () => {
    const impedance = { slope: true, stairs: 'as_paths' } as const
    expect(inputOf({ ...FIRST_FORM, impedance }).impedance).toBeUndefined()
    expect(inputOf({ ...FIRST_FORM, ruler: 'walk', impedance: { slope: false, stairs: 'as_paths' } }).impedance).toBeUndefined()
    expect(inputOf({ ...FIRST_FORM, ruler: 'walk', impedance }).impedance).toEqual(impedance)
  })

  test.each([
    [{ p: 0 }, 'p'],
    [{ p: 2.5 }, 'p'],
    [{ p: '' as unknown as number }, 'p'],
    [{ method: 'lscp', p: 0 }, null],
    [{ limit: 'budget', perM2: -1 }, 'perM2'],
    [{ method: 'p-center', limit: 'budget', budget: -1 }, null],
    [{ rule: OWN, radiusMeters: 0 }, 'radiusMeters'],
    [{ from: 'lattice', spacingMeters: 10 }, 'spacingMeters'],
    [{ timeLimitSeconds: 0 }, 'timeLimitSeconds'],
  ] as [Partial<SitingForm>, keyof SitingForm | null][])('%j has its fault at %s', (change, fault) => {
    expect(faultOf({ ...FIRST_FORM, ...change })).toBe(fault)
  })
})

describe('the curve of gain', () => {
  test('begins with what stands, rises to the right, and its bound lies above', () => {
    const curve = curveOf([{ sites: 1, objective: 60, bound: 60 }, { sites: 2, objective: 80, bound: 100 }], 20, 200, 80)!
    expect(curve).toMatchObject({ low: 20, high: 100, values: '0.0,80.0 100.0,40.0 200.0,20.0', bounds: '0.0,80.0 100.0,40.0 200.0,0.0' })
  })
  test('leaves out what has no value, and draws no line through one point', () => {
    expect(curveOf([{ sites: 1, objective: null, bound: 0 }, { sites: 2, objective: 5, bound: 5 }], null, 100, 50)).toBeNull()
    expect(curveOf([{ sites: 1, objective: 5, bound: 5 }, { sites: 2, objective: 5, bound: 5 }], null, 100, 50)!.values).toBe('0.0,25.0 100.0,25.0')
  })
})
