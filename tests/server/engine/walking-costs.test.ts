import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NetworkSearch } from '../../../server/engine/network/search.ts'
import { walkingCosts } from '../../../server/engine/walking/walking-costs.ts'
import { WalkingNetwork, walksOf } from '../../../server/engine/walking/walking-network.ts'
import { line } from './shapes.ts'

const SIDE = 6
const at = (node: number): [number, number] => [(node % SIDE) * 100, Math.floor(node / SIDE) * 100]
const LINKS = Array.from({ length: SIDE * SIDE }, (_value, node) => [...(node % SIDE < SIDE - 1 ? [[node, node + 1] as const] : []), ...(node < SIDE * (SIDE - 1) ? [[node, node + SIDE] as const] : [])]).flat()
const aPoint = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 }))

test('each facility costs every home what a search from its own gates says', () => {
  fc.assert(
    fc.property(fc.subarray(LINKS, { minLength: 15 }), fc.array(fc.tuple(aPoint, fc.nat(3)), { minLength: 1, maxLength: 8 }), fc.array(aPoint, { minLength: 1, maxLength: 20 }), fc.integer({ min: 20, max: 600 }), (links, gates, homes, within) => {
      const network = new WalkingNetwork({ from: Uint32Array.from(links, ([from]) => from), to: Uint32Array.from(links, ([, to]) => to), nodeCount: SIDE * SIDE, lengthMeters: new Float64Array(links.length).fill(100), courses: links.map(([from, to]) => line([at(from), at(to)])), isBridge: new Uint8Array(links.length) }, 0)
      const placedHomes = network.placeHomes(Float64Array.from(homes.flat()), 60)
      const placedGates = network.placeGates(Float64Array.from(gates.flatMap(([point]) => point)), { gateToleranceMeters: 30, pointToleranceMeters: 60 }, Uint8Array.from(gates, ([, facility]) => facility % 2))
      const costs = walkingCosts(network, placedHomes, placedGates, Uint32Array.from(gates, ([, facility]) => facility), 4, within)
      const found = new Map<string, number>()
      for (let home = 0; home < homes.length; home += 1) for (let entry = costs.start[home]!; entry < costs.start[home + 1]!; entry += 1) found.set(`${home} ${costs.column[entry]}`, costs.value[entry]!)
      const expected = new Map<string, number>()
      for (let facility = 0; facility < 4; facility += 1) {
        const own = placedGates.row.flatMap((gate, place) => (gates[gate]![1] === facility ? [place] : []))
        const reach = new NetworkSearch(network.graph).run({ edge: Uint32Array.from(own, (place) => placedGates.edge[place]!), fraction: Float64Array.from(own, (place) => placedGates.fraction[place]!), owner: new Uint32Array(own.length), start: Float64Array.from(own, (place) => placedGates.start[place]!) }, within)
        walksOf(reach, placedHomes, within).meters.forEach((meters, home) => meters < Infinity && expected.set(`${home} ${facility}`, meters))
      }
      expect([...found].sort()).toEqual([...expected].sort())
    }),
  )
})

test('from a facility stored as a point to a home is as far as from the home to the facility, the ways to the paths included', () => {
  fc.assert(
    fc.property(fc.subarray(LINKS, { minLength: 15 }), aPoint, fc.array(aPoint, { minLength: 1, maxLength: 20 }), fc.integer({ min: 20, max: 600 }), (links, facility, homes, within) => {
      const network = new WalkingNetwork({ from: Uint32Array.from(links, ([from]) => from), to: Uint32Array.from(links, ([, to]) => to), nodeCount: SIDE * SIDE, lengthMeters: new Float64Array(links.length).fill(100), courses: links.map(([from, to]) => line([at(from), at(to)])), isBridge: new Uint8Array(links.length) }, 0)
      const walk = (points: [number, number][], home: [number, number]) => {
        const placed = network.placeGates(Float64Array.from(points.flat()), { gateToleranceMeters: 0.001, pointToleranceMeters: 60 }, new Uint8Array(points.length).fill(1))
        const costs = walkingCosts(network, network.placeHomes(Float64Array.from(home), 60), placed, Uint32Array.from(points, (_point, index) => index), points.length, within)
        return new Map([...costs.column].map((column, entry) => [column, costs.value[entry]!]))
      }
      const back = walk(homes, facility)
      homes.forEach((home, index) => {
        const there = walk([facility], home).get(0)
        if (there === undefined && back.get(index) === undefined) return
        if (there === undefined || back.get(index) === undefined) expect(Math.min(there ?? within, back.get(index) ?? within)).toBeCloseTo(within, 5)
        else expect(there).toBeCloseTo(back.get(index)!, 5)
      })
    }),
  )
})
