import fc from 'fast-check'
import { expect, test } from 'vitest'
import { polygonWkb } from '../../../../server/engine/packed-geometry.ts'
import type { DecayKernel } from '../../../../server/engine/supply/decay.ts'
import { type SharedOut, shareOut, type ShareOutInput } from '../../../../server/engine/supply/share-out.ts'
import { square } from '../shapes.ts'

interface Town {
  homes: { x: number; y: number; people: number }[]
  parks: { x: number; y: number; side: number; capacity: number }[]
  kernel: DecayKernel
}

const aPlace = { x: fc.integer({ min: 0, max: 2000 }), y: fc.integer({ min: 0, max: 2000 }) }
const aTown: fc.Arbitrary<Town> = fc.record({
  homes: fc.array(fc.record({ ...aPlace, people: fc.integer({ min: 0, max: 500 }) }), { minLength: 1, maxLength: 25 }),
  parks: fc.array(fc.record({ ...aPlace, side: fc.integer({ min: 10, max: 200 }), capacity: fc.integer({ min: 0, max: 50_000 }) }), { minLength: 1, maxLength: 8 }),
  kernel: fc.constantFrom<DecayKernel>({ kind: 'step', within: 500 }, { kind: 'gaussian', within: 800 }, { kind: 'stepped', zones: [{ upTo: 200, weight: 1 }, { upTo: 400, weight: 0.68 }, { upTo: 600, weight: 0.22 }] }),
})

function shared({ homes, parks, kernel }: Town, more: Partial<ShareOutInput> = {}): SharedOut {
  const people = Float64Array.from(homes, (home) => home.people)
  const answer = shareOut({
    points: Float64Array.from(homes.flatMap(({ x, y }) => [x, y])), people, sharers: people,
    facilities: parks.map(({ x, y, side }) => polygonWkb([square(x, y, side)])), capacities: Float64Array.from(parks, (park) => park.capacity),
    kernel, walk: null, paperRadii: new Float64Array(parks.length).fill(300), levels: [], boundary: null, clipToBoundary: false, standard: 8, lorenzSteps: 10, maxPairs: Infinity, ...more,
  })
  if ('isTooLarge' in answer) throw new Error('too large')
  return answer
}

const near = (value: number | null, other: number | null) => (value === null || other === null ? expect(value).toBe(other) : expect(Math.abs(value - other)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(other))))

test('what is handed out is what there is', () => {
  fc.assert(
    fc.property(aTown, (town) => {
      expect(shared(town).conservation.isConserved).toBe(true)
    }),
  )
})

test('a demand cut in two changes nothing', () => {
  fc.assert(
    fc.property(aTown, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (town, which, share) => {
      const cut = which % town.homes.length
      const { people, ...place } = town.homes[cut]!
      const after = shared({ ...town, homes: [...town.homes.slice(0, cut), { ...place, people: people * share }, { ...place, people: people - people * share }, ...town.homes.slice(cut + 1)] })
      const before = shared(town)
      near(after.equity.mean, before.equity.mean)
      near(after.equity.gini, before.equity.gini)
      near(after.equity.below!.people, before.equity.below!.people)
      near(after.paper!.only, before.paper!.only)
      near(after.outOfReach.people, before.outOfReach.people)
    }),
  )
})

test('the order of homes and parks makes no difference', () => {
  fc.assert(
    fc.property(aTown, (town) => {
      const before = shared(town)
      const after = shared({ ...town, homes: town.homes.toReversed(), parks: town.parks.toReversed() })
      before.perPerson.forEach((value, home) => near(after.perPerson[town.homes.length - 1 - home]!, value))
      before.perSupply.forEach((value, park) => (Number.isNaN(value) ? expect(after.perSupply[town.parks.length - 1 - park]).toBeNaN() : near(after.perSupply[town.parks.length - 1 - park]!, value)))
    }),
  )
})

test('one park more lowers nobody’s supply', () => {
  fc.assert(
    fc.property(aTown, fc.record({ ...aPlace, side: fc.constant(100), capacity: fc.integer({ min: 1, max: 50_000 }) }), (town, park) => {
      const before = shared(town)
      shared({ ...town, parks: [...town.parks, park] }).perPerson.forEach((value, home) => expect(value).toBeGreaterThanOrEqual(before.perPerson[home]!))
    }),
  )
})

test('more pairs than may be kept are refused, not computed', () => {
  const town: Town = { homes: [{ x: 0, y: 0, people: 1 }, { x: 1, y: 0, people: 1 }], parks: [{ x: 5, y: 5, side: 10, capacity: 1 }, { x: 9, y: 9, side: 10, capacity: 1 }], kernel: { kind: 'step', within: 500 } }
  expect(() => shared(town, { maxPairs: 3 })).toThrow('too large')
  expect(shared(town, { maxPairs: 4 }).pairs).toBe(4)
})
