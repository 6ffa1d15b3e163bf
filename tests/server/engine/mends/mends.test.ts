import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attributeWalkers, type WalkersInput } from '../../../../server/coverage/computation-walking.ts'
import { findMends } from '../../../../server/engine/mends/find-mends.ts'
import type { MendEdit, MendEfforts } from '../../../../server/engine/mends/mend.ts'
import { WalkingMendGround } from '../../../../server/engine/mends/walking-ground.ts'
import { lineWkb } from '../../../../server/engine/packed-geometry.ts'

const SIDE = 7
const at = (node: number): [number, number] => [(node % SIDE) * 100, Math.floor(node / SIDE) * 100]
/** A river runs between the third and the fourth column. */
const RIVER = 2
const LINKS = Array.from({ length: SIDE * SIDE }, (_value, node) => [
  ...(node % SIDE < SIDE - 1 && node % SIDE !== RIVER ? [[node, node + 1] as const] : []),
  ...(node < SIDE * (SIDE - 1) ? [[node, node + SIDE] as const] : []),
]).flat()

interface Town {
  links: readonly (readonly [number, number])[]
  bridges: readonly number[]
  gates: readonly (readonly [number, number])[]
  radii: readonly number[]
  homes: readonly (readonly [number, number])[]
  /** How many tenths of its length a way costs, one way after the other; no hills where there are none. */
  hills: readonly number[]
}

const point = ([x, y]: readonly [number, number]) => {
  const bytes = new Uint8Array(21)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, 1)
  view.setUint32(1, 1, true)
  view.setFloat64(5, x, true)
  view.setFloat64(13, y, true)
  return bytes
}

/** Everything a whole run takes; each gate is a facility of its own, every other one stored as a point. */
function inputOf({ links, bridges, gates, radii, homes, hills }: Town): WalkersInput {
  const all = [...links, ...bridges.map((row) => [row * SIDE + RIVER, row * SIDE + RIVER + 1] as const)]
  const lengthMeters = Float64Array.from(all, ([from, to]) => Math.hypot(at(from)[0] - at(to)[0], at(from)[1] - at(to)[1]))
  const climbed = (shift: number) => lengthMeters.map((length, index) => (length * hills[(index + shift) % hills.length]!) / 10)
  return {
    paths: {
      from: Uint32Array.from(all, ([from]) => from), to: Uint32Array.from(all, ([, to]) => to), nodeCount: SIDE * SIDE,
      lengthMeters, ...(hills.length > 0 ? { impedance: { toFirst: climbed(0), toLast: climbed(1) } } : {}), courses: all.map(([from, to]) => lineWkb([...at(from), ...at(to)])),
      isBridge: Uint8Array.from(all, (_link, index) => (index >= links.length ? 1 : 0)),
    },
    gates: { points: Float64Array.from(gates.flat()), facility: Uint32Array.from(gates, (_gate, index) => index), isPoint: Uint8Array.from(gates, (_gate, index) => index % 2) },
    facilities: gates.map(point), scenarios: [Float64Array.from(radii)], points: Float64Array.from(homes.flat()), weights: [new Float64Array(homes.length).fill(1)],
    levels: [], boundary: null, clipToBoundary: false, homeToleranceMeters: 80, gateToleranceMeters: 30, pointToleranceMeters: 70, scrapShare: 0.3, farLimitMeters: 5000,
  }
}

const groundOf = (input: WalkersInput) =>
  new WalkingMendGround({ paths: input.paths, gates: { points: input.gates.points, radiusMeters: Float64Array.from(input.gates.facility, (facility) => input.scenarios[0]![facility]!), isPoint: input.gates.isPoint }, points: input.points, radii: input.scenarios[0]!, homeToleranceMeters: input.homeToleranceMeters, gateToleranceMeters: input.gateToleranceMeters, pointToleranceMeters: input.pointToleranceMeters, scrapShare: input.scrapShare })

/** The whole run's own input with a mend in it. */
function mendedInput(input: WalkersInput, edit: MendEdit): WalkersInput {
  if (edit.kind === 'crossing' || edit.kind === 'path') {
    const { paths } = input
    return { ...input, paths: { nodeCount: paths.nodeCount, from: Uint32Array.from([...paths.from, edit.from]), to: Uint32Array.from([...paths.to, edit.to]), lengthMeters: Float64Array.from([...paths.lengthMeters, edit.lengthMeters]), courses: [...paths.courses, lineWkb([...edit.line])], standingCount: paths.standingCount ?? paths.courses.length, isBridge: Uint8Array.from([...paths.isBridge, edit.kind === 'crossing' ? 1 : 0]),
      ...(paths.impedance && { impedance: { toFirst: Float64Array.from([...paths.impedance.toFirst, edit.lengthMeters]), toLast: Float64Array.from([...paths.impedance.toLast, edit.lengthMeters]) } }) } }
  }
  if (edit.kind === 'gate') return { ...input, gates: { points: Float64Array.from([...input.gates.points, ...edit.point]), facility: Uint32Array.from([...input.gates.facility, edit.facility]), isPoint: Uint8Array.from([...input.gates.isPoint, 0]) } }
  const facility = input.facilities.length
  const count = edit.gates.length / 2
  return { ...input, facilities: [...input.facilities, point([edit.gates[0]!, edit.gates[1]!])], scenarios: [Float64Array.from([...input.scenarios[0]!, edit.radiusMeters])], gates: { points: Float64Array.from([...input.gates.points, ...edit.gates]), facility: Uint32Array.from([...input.gates.facility, ...Array.from({ length: count }, () => facility)]), isPoint: Uint8Array.from([...input.gates.isPoint, ...Array.from({ length: count }, () => (edit.isPoint ? 1 : 0))]) } }
}

const coordinate = fc.integer({ min: -60, max: (SIDE - 1) * 100 + 60 })
const aPlace = fc.tuple(coordinate, coordinate)
const aGate = fc.tuple(fc.integer({ min: 0, max: SIDE - 1 }), coordinate).map(([column, y]): [number, number] => [column * 100 + 10, y])
const RADII = [150, 300, 450]
const aTown: fc.Arbitrary<Town> = fc
  .record({ links: fc.subarray(LINKS, { minLength: 30 }), bridges: fc.uniqueArray(fc.integer({ min: 0, max: SIDE - 1 }), { maxLength: 2 }), gates: fc.array(aGate, { minLength: 1, maxLength: 3 }), homes: fc.array(aPlace, { minLength: 20, maxLength: 60 }), hills: fc.oneof(fc.constant([]), fc.array(fc.integer({ min: 8, max: 25 }), { minLength: 7, maxLength: 7 })), sizes: fc.array(fc.constantFrom(...RADII), { minLength: 4, maxLength: 4 }) })
  .map(({ sizes, ...town }) => ({ ...town, radii: sizes.slice(0, town.gates.length) }))

const aNode = fc.integer({ min: 0, max: SIDE * SIDE - 1 })
const aPair = fc.oneof({ weight: 1, arbitrary: fc.tuple(aNode, aNode) }, { weight: 3, arbitrary: fc.integer({ min: 0, max: SIDE - 1 }).map((row): [number, number] => [row * SIDE + RIVER, row * SIDE + RIVER + 1]) })
const aWay = (kind: 'crossing' | 'path') =>
  aPair.filter(([from, to]) => from !== to).map(([from, to]): MendEdit => {
    const [ax, ay, bx, by] = [...at(from), ...at(to)] as [number, number, number, number]
    const way = { from, to, line: [ax, ay, bx, by] as const, lengthMeters: Math.hypot(bx - ax, by - ay), barrier: -1, wayRoundMeters: Infinity }
    return kind === 'path' ? { kind, ...way } : { kind, ...way }
  })
const anEdit: fc.Arbitrary<MendEdit> = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 3 }), aPlace).map(([facility, point]): MendEdit => ({ kind: 'gate', facility, point })),
  fc.tuple(fc.constantFrom(...RADII, 600), fc.array(aPlace, { minLength: 1, maxLength: 3 }), fc.boolean()).map(([radiusMeters, gates, isPoint]): MendEdit => ({ kind: 'facility', site: 0, radiusMeters, gates: Float64Array.from(gates.flat()), isPoint })),
  aWay('crossing'),
  aWay('path'),
)
/** Ways whose ends no street of the town meets are left out: they would join nothing. */
const fits = (town: Town, edit: MendEdit) => {
  if (edit.kind === 'gate') return edit.facility < town.gates.length
  if (edit.kind !== 'crossing' && edit.kind !== 'path') return true
  const met = new Set([...town.links.flat(), ...town.bridges.flatMap((row) => [row * SIDE + RIVER, row * SIDE + RIVER + 1])])
  return met.has(edit.from) && met.has(edit.to)
}

test('what a mend gains from where it takes hold is what a whole run on the mended ground finds, home by home', () => {
  const gaining = { gate: 0, facility: 0, open: 0, crossing: 0, path: 0 }
  fc.assert(
    fc.property(aTown, anEdit, (town, edit) => {
      fc.pre(fits(town, edit))
      const input = inputOf(town)
      const [before, after] = [attributeWalkers(input).covered, attributeWalkers(mendedInput(input, edit)).covered]
      const ground = groundOf(input)
      expect([...ground.covered]).toEqual([...before])
      const gain = ground.gainOf(edit)
      expect(gain.served).toEqual([...after.keys()].filter((home) => after[home]! > before[home]!))
      expect(gain.lost).toEqual([...after.keys()].filter((home) => after[home]! < before[home]!))
      if (gain.served.length > 0) gaining[edit.kind] += 1
      // Looking changes nothing.
      expect(ground.gainOf(edit)).toEqual(gain)
      expect([...ground.covered]).toEqual([...before])
    }),
    { numRuns: 1500, seed: 7 },
  )
  // The property is no comfort where nothing was ever gained.
  for (const kind of ['gate', 'facility', 'crossing', 'path'] as const) expect(gaining[kind], kind).toBeGreaterThan(20)
})

const EFFORTS: MendEfforts = { gate: { base: 1, perStep: 0, step: 0 }, crossing: { base: 4, perStep: 1, step: 100 }, facility: { base: 3, perStep: 0, step: 0 }, open: { base: 1, perStep: 0, step: 0 }, path: { base: 1, perStep: 1, step: 100 } }

test('mends taken one after the other add up to a whole run with all of them, and nobody is counted twice', () => {
  fc.assert(
    fc.property(aTown, fc.array(anEdit, { minLength: 1, maxLength: 6 }), (town, edits) => {
      const kept = edits.filter((edit) => fits(town, edit))
      const input = inputOf(town)
      const ones = new Float64Array(town.homes.length).fill(1)
      const { mends } = findMends(groundOf(input), { candidates: [{ edits: kept, found: kept.length, leftOut: {} }], efforts: EFFORTS, sizeOf: (edit) => ('lengthMeters' in edit ? edit.lengthMeters : 0), weights: ones, people: ones, spots: new Int32Array(ones.length).fill(0), spotCount: 1, listed: 10, turns: 4, turnsFrom: 10, apartMeters: 0 })
      const taken = mends.filter(({ turn }) => turn).sort((a, b) => a.turn!.number - b.turn!.number)
      const count = (covered: Uint8Array) => covered.reduce((sum, one) => sum + one, 0)
      let [soFar, whole] = [0, input]
      for (const { turn, edit } of taken) {
        whole = mendedInput(whole, edit)
        soFar += turn!.gain
        expect(turn!.togetherGain).toBe(soFar)
        expect(count(attributeWalkers(whole).covered) - count(attributeWalkers(input).covered)).toBe(soFar)
      }
      expect(mends.map(({ gain, effort }) => gain / effort)).toEqual(mends.map(({ gain, effort }) => gain / effort).sort((a, b) => b - a))
    }),
    { numRuns: 150, seed: 11 },
  )
})
