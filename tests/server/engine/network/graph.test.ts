import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { labelComponents, mainComponents } from '../../../../server/engine/network/components.ts'
import { buildGraph, bytesOfGraph, transferablesOfGraph } from '../../../../server/engine/network/graph.ts'
import { orderAlongHilbertCurve, orderBreadthFirst } from '../../../../server/engine/network/node-order.ts'
import { NetworkSearch } from '../../../../server/engine/network/search.ts'
import { aTown, graphOf, labelsOf, sourcesOf } from './networks.ts'

describe('a network', () => {
  test('refuses costs below zero and ends that are no node', () => {
    const of = (cost: number, to: number) => () => buildGraph({ nodeCount: 2, from: Uint32Array.of(0), to: Uint32Array.of(to), costForward: Float64Array.of(cost) })
    expect(of(-1, 1)).toThrow('edge 0 has cost -1')
    expect(of(Number.NaN, 1)).toThrow('edge 0 has cost NaN')
    expect(of(1, 2)).toThrow('edge 0 ends at a node that is not there')
  })

  test('knows its parts from the largest down, whatever the direction of their edges', () => {
    const from = Uint32Array.of(0, 2, 3, 3)
    const to = Uint32Array.of(1, 3, 4, 3)
    const parts = labelComponents(6, from, to)
    expect([...parts.component]).toEqual([1, 1, 0, 0, 0, 2])
    expect([...parts.componentSize]).toEqual([3, 2, 1])
    expect([...mainComponents(parts, 1)]).toEqual([1, 0, 0])
    expect([...mainComponents(parts, 0.5)]).toEqual([1, 1, 0])
  })

  test('moves to another thread whole and answers there as here, and tells its memory', () => {
    fc.assert(
      fc.property(aTown(true), (town) => {
        const graph = graphOf(town)
        const here = labelsOf(graph, new NetworkSearch(graph).run(sourcesOf(town.sources), town.limit))
        const bytes = bytesOfGraph(graph)
        const moved = structuredClone(graph, { transfer: transferablesOfGraph(graph) as ArrayBuffer[] })
        expect(graph.arcCost).toHaveLength(0)
        expect(bytesOfGraph(moved)).toBe(bytes)
        expect(labelsOf(moved, new NetworkSearch(moved).run(sourcesOf(town.sources), town.limit))).toEqual(here)
      }),
    )
  })
})

describe('the order in memory', () => {
  test('holds every node once, and neighbours on the ground near each other', () => {
    const side = 64
    const coordinates = Float64Array.from({ length: side * side * 2 }, (_value, at) => (at % 2 ? Math.floor(at / 2 / side) : (at / 2) % side | 0))
    const order = orderAlongHilbertCurve(coordinates)
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: side * side }, (_value, node) => node))
    // The curve never leaps: each node is beside the one before.
    const leaps = Array.from(order.subarray(1), (node, at) => Math.abs(coordinates[node * 2]! - coordinates[order[at]! * 2]!) + Math.abs(coordinates[node * 2 + 1]! - coordinates[order[at]! * 2 + 1]!))
    expect(Math.max(...leaps)).toBe(1)
  })

  test('breadth first reaches every part', () => {
    expect([...orderBreadthFirst(5, Uint32Array.of(0, 2), Uint32Array.of(3, 4))]).toEqual([0, 3, 1, 2, 4])
  })

  test('stands nodes at one single place', () => {
    expect([...orderAlongHilbertCurve(Float64Array.of(5, 5, 5, 5))]).toEqual([0, 1])
  })
})
