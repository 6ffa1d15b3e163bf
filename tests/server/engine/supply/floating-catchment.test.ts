import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { packPoints } from '../../../../server/engine/packed-geometry.ts'
import { type SparseCosts, sparseCostsFrom } from '../../../../server/engine/sparse-costs.ts'
import { straightLineCosts } from '../../../../server/engine/straight-line-costs.ts'
import type { DecayKernel } from '../../../../server/engine/supply/decay.ts'
import { computeSupply, weighCosts } from '../../../../server/engine/supply/floating-catchment.ts'

/** Costs from rows of demand by supply; null where there is no way. */
function costsOf(rows: (number | null)[][]): SparseCosts {
  const pairs = rows.flatMap((row, demand) => row.flatMap((cost, supply) => (cost === null ? [] : [{ demand, supply, cost }])))
  return sparseCostsFrom(rows.length, rows[0]?.length ?? 0, pairs.map(({ demand }) => demand), pairs.map(({ supply }) => supply), pairs.map(({ cost }) => cost)).costs
}

const supplyOf = (rows: (number | null)[][], kernel: DecayKernel, capacities: number[], people: number[]) => computeSupply(weighCosts(costsOf(rows), kernel), Float64Array.from(capacities), Float64Array.from(people))
const WITHIN_500: DecayKernel = { kind: 'step', within: 500 }

describe('worked by hand', () => {
  // Three homes of 100, 300 and 600 people; parks of 2,000 and 5,400 m².
  const ROWS = [[200, 900], [400, 100], [null, 500]]
  const PEOPLE = [100, 300, 600]

  test('two steps: park 1 is shared by 100 + 300, park 2 by 300 + 600', () => {
    const { perPerson, perSupply, conservation, unused } = supplyOf(ROWS, WITHIN_500, [2000, 5400], PEOPLE)
    // R = 2000 / 400 = 5 and 5400 / 900 = 6
    expect([...perSupply]).toEqual([5, 6])
    // A = 5; 5 + 6; 6
    expect([...perPerson]).toEqual([5, 11, 6])
    // 100 · 5 + 300 · 11 + 600 · 6 = 500 + 3300 + 3600 = 7400 = 2000 + 5400
    expect(conservation).toEqual({ supplied: 7400, received: 7400, relativeDifference: 0, isConserved: true })
    expect(unused).toEqual({ supplies: [], capacity: 0 })
  })

  test('zones of weight 1 and 0.5: the far share half in both steps', () => {
    const { perPerson, peopleInReach, conservation } = supplyOf(ROWS, { kind: 'stepped', zones: [{ upTo: 300, weight: 1 }, { upTo: 500, weight: 0.5 }] }, [2000, 5400], PEOPLE)
    // Park 1: 100 + 300 / 2 = 250, R = 8; park 2: 300 + 600 / 2 = 600, R = 9
    expect([...peopleInReach]).toEqual([250, 600])
    // A = 8; 8 / 2 + 9; 9 / 2
    expect([...perPerson]).toEqual([8, 13, 4.5])
    // 800 + 3900 + 2700 = 7400
    expect(conservation.received).toBe(7400)
  })

  test('Gaussian: who is at the very reach gets nothing, and takes nothing from the others', () => {
    const { perPerson, isOutOfReach, conservation } = supplyOf([[0], [250], [500]], { kind: 'gaussian', within: 500 }, [2000], [100, 300, 600])
    // G(250) = 0.7013665732: R = 2000 / (100 + 210.40997) = 6.4430920; A = R and 0.7013665732 R
    expect(perPerson[0]).toBeCloseTo(6.4430920, 6)
    expect(perPerson[1]).toBeCloseTo(4.5189693, 6)
    expect([perPerson[2], isOutOfReach[2]]).toEqual([0, 1])
    expect(conservation.isConserved).toBe(true)
  })

  test('elders share over the same catchments without the others', () => {
    const catchments = weighCosts(costsOf(ROWS), WITHIN_500)
    const capacities = Float64Array.of(2000, 5400)
    // 40 elders in the first home, 60 in the third: 2000 / 40 and 5400 / 60
    expect([...computeSupply(catchments, capacities, Float64Array.of(40, 0, 60)).perPerson]).toEqual([50, 140, 90])
    expect([...computeSupply(catchments, capacities, Float64Array.from(PEOPLE)).perPerson]).toEqual([5, 11, 6])
  })
})

describe('nothing and nobody', () => {
  test('a supply that reaches nobody is named with its capacity, and in no sum', () => {
    const { perPerson, perSupply, unused, conservation } = supplyOf([[100, null, 300], [200, 900, 100]], WITHIN_500, [1000, 700, 50], [10, 0])
    expect([...perPerson]).toEqual([105, 105])
    expect([...perSupply]).toEqual([100, Number.NaN, 5])
    expect(unused).toEqual({ supplies: [1], capacity: 700 })
    expect(conservation).toMatchObject({ supplied: 1050, received: 1050 })
  })

  test('a demand that reaches nothing has 0 per person and is told from one that reaches an empty supply', () => {
    const { perPerson, isOutOfReach } = supplyOf([[501], [500]], WITHIN_500, [0], [10, 10])
    expect([...perPerson]).toEqual([0, 0])
    expect([...isOutOfReach]).toEqual([1, 0])
  })

  test('nobody anywhere: every supply is unused, and no difference is claimed', () => {
    const { unused, conservation, perPerson } = supplyOf([[100]], WITHIN_500, [900], [0])
    expect(unused).toEqual({ supplies: [0], capacity: 900 })
    expect(conservation).toEqual({ supplied: 0, received: 0, relativeDifference: null, isConserved: true })
    expect([...perPerson]).toEqual([0])
  })

  test('neither demands nor supplies', () => {
    expect(supplyOf([], WITHIN_500, [], []).conservation).toMatchObject({ supplied: 0, received: 0 })
  })

  test.each([
    ['a negative capacity', [-1], [1], /capacities number 0 is -1/],
    ['people that are no number', [1], [Number.NaN], /people number 0 is NaN/],
    ['a capacity too few', [], [1], /0 capacities for 1/],
    ['people so few that a share is endless', [1e10], [1e-320], /demand 0 shares its supply/],
  ])('%s is refused', (_what, capacities, people, why) => {
    expect(() => supplyOf([[1]], WITHIN_500, capacities, people)).toThrow(why)
  })
})

const aKernel = fc.constantFrom<DecayKernel>(WITHIN_500, { kind: 'gaussian', within: 500 }, { kind: 'stepped', zones: [{ upTo: 167, weight: 1 }, { upTo: 333, weight: 0.68 }, { upTo: 500, weight: 0.22 }] })
const aPlace = fc.tuple(fc.integer({ min: 0, max: 1500 }), fc.integer({ min: 0, max: 1500 }))
const aDemand = fc.record({ place: aPlace, people: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 5000, noNaN: true })) })
const aSupply = fc.record({ place: aPlace, capacity: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 1e6, noNaN: true })) })
const aTown = fc.record({ kernel: aKernel, demands: fc.array(aDemand, { minLength: 1, maxLength: 40 }), supplies: fc.array(aSupply, { minLength: 1, maxLength: 15 }) })

interface Town {
  kernel: DecayKernel
  demands: { place: [number, number]; people: number }[]
  supplies: { place: [number, number]; capacity: number }[]
}

function measure({ kernel, demands, supplies }: Town) {
  const costs = straightLineCosts(Float64Array.from(demands.flatMap(({ place }) => place)), packPoints(Float64Array.from(supplies.flatMap(({ place }) => place))), 500)
  return computeSupply(weighCosts(costs, kernel), Float64Array.from(supplies, ({ capacity }) => capacity), Float64Array.from(demands, ({ people }) => people))
}

function expectAlike(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length)
  for (let index = 0; index < actual.length; index += 1) expect(Math.abs(actual[index]! - expected[index]!)).toBeLessThanOrEqual(1e-11 * Math.abs(expected[index]!))
}

describe('whatever the town', () => {
  test('what is received is what is supplied, to a billionth, and what is unused is not lost', () => {
    fc.assert(
      fc.property(aTown, (town) => {
        const { conservation, unused } = measure(town)
        expect(conservation.isConserved).toBe(true)
        expect(Math.abs(conservation.received - conservation.supplied)).toBeLessThanOrEqual(1e-9 * conservation.supplied)
        const whole = town.supplies.reduce((sum, { capacity }) => sum + capacity, 0)
        expect(Math.abs(conservation.supplied + unused.capacity - whole)).toBeLessThanOrEqual(1e-12 * whole)
      }),
      { numRuns: 300 },
    )
  })

  test('the order of demands and supplies makes no difference', () => {
    fc.assert(
      fc.property(aTown, (town) => {
        const turned = measure({ ...town, demands: town.demands.toReversed(), supplies: town.supplies.toReversed() })
        const straight = measure(town)
        expectAlike(turned.perPerson.toReversed(), straight.perPerson)
        expectAlike(turned.peopleInReach.toReversed(), straight.peopleInReach)
      }),
      { numRuns: 200 },
    )
  })

  test('a demand cut in two at the same place changes nobody’s figure', () => {
    fc.assert(
      fc.property(aTown, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (town, which, share) => {
        const index = which % town.demands.length
        const cut = town.demands[index]!
        const demands = town.demands.with(index, { ...cut, people: cut.people * share }).concat({ ...cut, people: cut.people * (1 - share) })
        expectAlike(measure({ ...town, demands }).perPerson.subarray(0, town.demands.length), measure(town).perPerson)
      }),
      { numRuns: 200 },
    )
  })

  test('one supply more never leaves anybody with less', () => {
    fc.assert(
      fc.property(aTown, aSupply, (town, more) => {
        const before = measure(town).perPerson
        const after = measure({ ...town, supplies: [...town.supplies, more] }).perPerson
        expect(after.every((value, demand) => value >= before[demand]!)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})
