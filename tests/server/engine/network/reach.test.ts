import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reachedPortions, reachPositions, touchedEdges } from '../../../../server/engine/network/reach.ts'
import { NetworkSearch } from '../../../../server/engine/network/search.ts'
import { aTown, graphOf, positionsOf, sourcesOf } from './networks.ts'

describe('reached streets', () => {
  test('are cut where the limit ends, from both sides and around a gate within', () => {
    const edges = [100, 400, 100].map((length, index) => ({ from: index, to: index + 1, forward: length, backward: length }))
    const graph = graphOf({ nodeCount: 4, edges })
    const reach = new NetworkSearch(graph).run(sourcesOf([{ edge: 0, fraction: 0.5, owner: 0 }, { edge: 2, fraction: 0, owner: 1 }]), 150)
    const rows = (limit: number) => {
      const { edge, from, to } = reachedPortions(reach, limit)
      return Array.from(edge, (row, index) => [row, from[index], to[index]])
    }
    expect(rows(150)).toEqual([[0, 0, 1], [1, 0, 0.25], [1, 0.625, 1], [2, 0, 1]])
    expect(rows(20)).toEqual([[0, 0.3, 0.7], [1, 0.95, 1], [2, 0, 0.2]])
    expect(rows(0)).toEqual([])
  })

  test('hold exactly the points within the limit', () => {
    fc.assert(
      fc.property(aTown(true), (town) => {
        const graph = graphOf(town)
        const reach = new NetworkSearch(graph).run(sourcesOf(town.sources), town.limit)
        const { edge, from, to } = reachedPortions(reach, town.limit)
        const all = new NetworkSearch(graph).run(sourcesOf(town.sources), Infinity)
        for (let street = 0; street < town.edges.length; street += 1) {
          for (const fraction of [0.01, 0.26, 0.49, 0.77, 0.99]) {
            const [distance] = reachPositions(all, positionsOf([{ edge: street, fraction }])).distance
            // On the very end rounding decides.
            if (Math.abs(distance! - town.limit) < 1e-6) continue
            const isDrawn = edge.some((row, index) => row === street && from[index]! <= fraction && fraction <= to[index]!)
            const isPoint = town.sources.some((source) => source.edge === street && Math.abs(source.fraction - fraction) < 1e-9)
            if (!isPoint) expect({ street, fraction, isDrawn }).toEqual({ street, fraction, isDrawn: distance! <= town.limit && distance !== Infinity })
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  test('are told once each', () => {
    fc.assert(
      fc.property(aTown(true), (town) => {
        const edges = [...touchedEdges(new NetworkSearch(graphOf(town)).run(sourcesOf(town.sources), town.limit))]
        expect(new Set(edges).size).toBe(edges.length)
        for (const { edge } of town.sources) expect(edges).toContain(edge)
      }),
    )
  })
})
