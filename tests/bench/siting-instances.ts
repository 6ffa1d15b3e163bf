/** Siting instances of a fixed seed: strewn towns for the coverings, graphs in the manner of the OR-Library's pmed1 to pmed40 (Beasley 1990) for p-median and p-center. */
import { coverSetsWithin } from '../../server/engine/siting/cover-sets.ts'
import type { SitingProblem } from '../../server/engine/siting/problem.ts'
import { randomFrom } from '../../server/engine/siting/random.ts'

export interface Town {
  demandPoints: Float64Array
  sitePoints: Float64Array
  weights: Float64Array
}

/** People in clusters of differing size over a square, sites anywhere. Coordinates in metres. */
export function aTown(demandCount: number, siteCount: number, sideMeters: number, seed: number): Town {
  const random = randomFrom(seed)
  const centres = Array.from({ length: 12 }, () => ({ x: random() * sideMeters, y: random() * sideMeters, spread: sideMeters * (0.03 + 0.12 * random()) }))
  const inside = (value: number) => Math.min(sideMeters, Math.max(0, value))
  const demandPoints = new Float64Array(demandCount * 2)
  for (let index = 0; index < demandCount; index += 1) {
    const centre = centres[Math.floor(random() * centres.length)]!
    const isScattered = random() < 0.35
    demandPoints[index * 2] = isScattered ? random() * sideMeters : inside(centre.x + (random() + random() + random() - 1.5) * centre.spread)
    demandPoints[index * 2 + 1] = isScattered ? random() * sideMeters : inside(centre.y + (random() + random() + random() - 1.5) * centre.spread)
  }
  const sitePoints = Float64Array.from({ length: siteCount * 2 }, () => random() * sideMeters)
  const weights = Float64Array.from({ length: demandCount }, () => 1 + Math.floor(random() * random() * 200))
  return { demandPoints, sitePoints, weights }
}

export function problemOfTown({ demandPoints, sitePoints, weights }: Town, radiusMeters: number): SitingProblem {
  return { costs: coverSetsWithin(demandPoints, sitePoints, radiusMeters), weights, existing: new Uint8Array(sitePoints.length / 2), siteCosts: null, capacities: null }
}

/** A connected graph of n nodes and about n²/50 edges of whole lengths 1 to 100; every node is demand and candidate; costs are shortest paths. */
export function aGraph(nodeCount: number, seed: number): SitingProblem {
  const random = randomFrom(seed)
  const distance = new Float64Array(nodeCount * nodeCount).fill(Infinity)
  const join = (a: number, b: number) => {
    const length = 1 + Math.floor(random() * 100)
    distance[a * nodeCount + b] = Math.min(distance[a * nodeCount + b]!, length)
    distance[b * nodeCount + a] = distance[a * nodeCount + b]!
  }
  for (let node = 0; node < nodeCount; node += 1) {
    distance[node * nodeCount + node] = 0
    if (node > 0) join(node, Math.floor(random() * node))
  }
  for (let edge = nodeCount - 1; edge < (nodeCount * nodeCount) / 50; edge += 1) {
    const a = Math.floor(random() * nodeCount)
    const b = Math.floor(random() * nodeCount)
    if (a !== b) join(a, b)
  }
  for (let through = 0; through < nodeCount; through += 1) {
    for (let from = 0; from < nodeCount; from += 1) {
      const first = distance[from * nodeCount + through]!
      if (first === Infinity) continue
      for (let to = 0; to < nodeCount; to += 1) {
        const length = first + distance[through * nodeCount + to]!
        if (length < distance[from * nodeCount + to]!) distance[from * nodeCount + to] = length
      }
    }
  }
  return {
    costs: {
      rowCount: nodeCount,
      columnCount: nodeCount,
      start: Uint32Array.from({ length: nodeCount + 1 }, (_value, row) => row * nodeCount),
      column: Uint32Array.from({ length: nodeCount * nodeCount }, (_value, at) => at % nodeCount),
      value: distance,
    },
    weights: new Float64Array(nodeCount).fill(1),
    existing: new Uint8Array(nodeCount),
    siteCosts: null,
    capacities: null,
  }
}
