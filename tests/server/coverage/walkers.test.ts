import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attributeWalkers, type WalkersInput } from '../../../server/coverage/computation-walking.ts'
import { FOOTING } from '../../../server/engine/walking/walking-network.ts'

/** Well-known binary of a line or of one point, little-endian. */
function wkb(points: readonly (readonly [number, number])[]): Uint8Array {
  const isPoint = points.length === 1
  const view = new DataView(new ArrayBuffer(5 + (isPoint ? 0 : 4) + points.length * 16))
  view.setUint8(0, 1)
  view.setUint32(1, isPoint ? 1 : 2, true)
  if (!isPoint) view.setUint32(5, points.length, true)
  points.flat().forEach((value, index) => view.setFloat64((isPoint ? 5 : 9) + index * 8, value, true))
  return new Uint8Array(view.buffer)
}

const SIDE = 6
const at = (node: number): [number, number] => [(node % SIDE) * 100, Math.floor(node / SIDE) * 100]
const LINKS = Array.from({ length: SIDE * SIDE }, (_value, node) => [
  ...(node % SIDE < SIDE - 1 ? [[node, node + 1] as const] : []),
  ...(node < SIDE * (SIDE - 1) ? [[node, node + SIDE] as const] : []),
]).flat()

interface Town {
  links: readonly (readonly [number, number])[]
  gates: readonly number[]
  homes: readonly (readonly [number, number])[]
  radius: number
}

/** Each gate is a facility of its own, at a street corner. */
function walkIn({ links, gates, homes, radius }: Town) {
  const input: WalkersInput = {
    paths: { from: Uint32Array.from(links, ([from]) => from), to: Uint32Array.from(links, ([, to]) => to), nodeCount: SIDE * SIDE, lengthMeters: new Float64Array(links.length).fill(100), courses: links.map(([from, to]) => wkb([at(from), at(to)])), isBridge: new Uint8Array(links.length) },
    gates: { points: Float64Array.from(gates.flatMap(at)), facility: Uint32Array.from(gates, (_gate, index) => index), isPoint: new Uint8Array(gates.length) },
    facilities: gates.map((gate) => wkb([at(gate)])),
    scenarios: [new Float64Array(gates.length).fill(radius)],
    points: Float64Array.from(homes.flat()),
    weights: [new Float64Array(homes.length).fill(1)],
    levels: [], boundary: null, clipToBoundary: false, homeToleranceMeters: 40, gateToleranceMeters: 30, pointToleranceMeters: 150, scrapShare: 0.1, farLimitMeters: 5000,
  }
  return attributeWalkers(input)
}

/** Not as near to one street as to another, either of which could be the home's. */
const aHome = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 })).filter(([x, y]) => Math.min(x % 100, 100 - (x % 100)) !== Math.min(y % 100, 100 - (y % 100)))
const aTown = fc.record({
  links: fc.subarray(LINKS, { minLength: 20 }),
  gates: fc.uniqueArray(fc.integer({ min: 0, max: SIDE * SIDE - 1 }), { minLength: 1, maxLength: 4 }),
  homes: fc.array(aHome, { minLength: 1, maxLength: 30 }),
  radius: fc.integer({ min: 50, max: 600 }),
})
const counts = (covered: Uint8Array) => covered.reduce((sum, one) => sum + one, 0)

test('one facility more never lowers what is served, and one fewer never raises it', () => {
  fc.assert(
    fc.property(aTown, fc.integer({ min: 0, max: SIDE * SIDE - 1 }), (town, more) => {
      const [before, after] = [walkIn(town), walkIn({ ...town, gates: [...town.gates, more] })]
      before.covered.forEach((served, home) => expect(after.covered[home]).toBeGreaterThanOrEqual(served))
      before.walkedMeters.forEach((meters, home) => expect(after.walkedMeters[home]).toBeLessThanOrEqual(meters))
    }),
    { numRuns: 200 },
  )
})

test('nobody walks less than the crow flies, and whoever is served on foot is served on paper', () => {
  fc.assert(
    fc.property(aTown, (town) => {
      const found = walkIn(town)
      found.walkedMeters.forEach((meters, home) => expect(meters).toBeGreaterThanOrEqual(found.straightMeters[home]! - 1e-9))
      found.covered.forEach((served, home) => expect(found.straightCovered[home]).toBeGreaterThanOrEqual(served))
      expect(found.straight[0]).toEqual({ covered: counts(found.straightCovered), only: counts(found.straightCovered) - counts(found.covered) })
    }),
    { numRuns: 200 },
  )
})

test('the answer does not depend on the order of streets, gates and homes', () => {
  fc.assert(
    fc.property(aTown, (town) => {
      const [one, other] = [walkIn(town), walkIn({ ...town, links: town.links.toReversed(), gates: town.gates.toReversed(), homes: town.homes.toReversed() })]
      expect([...other.covered].reverse()).toEqual([...one.covered])
      expect(other.network).toMatchObject({ edges: one.network.edges, components: one.network.components })
    }),
    { numRuns: 100 },
  )
})

test('a home beside the gate has no walk, one beside no street none that is known', () => {
  const found = walkIn({ links: LINKS, gates: [0], homes: [[0, 0], [3, 0], [50, 50]], radius: 300 })
  expect([...found.walkedMeters]).toEqual([0, 3, Infinity])
  expect([...found.footing]).toEqual([FOOTING.network, FOOTING.network, FOOTING.none])
})
