import highsLoader from 'highs'
import { expect } from 'vitest'
import fc from 'fast-check'
import { evaluateSites } from '../../../../server/engine/siting/evaluate.ts'
import { UNLIMITED } from '../../../../server/engine/siting/incumbent.ts'
import { measureServed } from '../../../../server/engine/siting/capacitated-cover.ts'
import type { SitingAnswer, SitingProblem, SitingQuestion } from '../../../../server/engine/siting/problem.ts'
import { solveSiting } from '../../../../server/engine/siting/solve.ts'
import { sparseFrom } from '../../../../server/engine/siting/sparse.ts'

let highs: ReturnType<typeof highsLoader> | undefined

/** The solver, loaded once a file. */
export function loadSolver(): ReturnType<typeof highsLoader> {
  highs ??= highsLoader()
  return highs
}

/** A problem from a plain table: cost of each demand (row) to each site (column), null where there is no way. */
export function problemOf(table: readonly (readonly (number | null)[])[], weights: readonly number[], more: Partial<SitingProblem> = {}): SitingProblem {
  const siteCount = table[0]?.length ?? 0
  return {
    costs: sparseFrom(table.map((row) => row.flatMap((value, column) => (value === null ? [] : [{ column, value }]))), siteCount),
    weights: Float64Array.from(weights),
    existing: new Uint8Array(siteCount),
    siteCosts: null,
    capacities: null,
    ...more,
  }
}

export const ask = (method: SitingQuestion['method'], more: Partial<SitingQuestion> = {}): SitingQuestion => ({ method, p: null, budget: null, radius: null, ...more })

/** Far more than these instances need: one that did not end would be a test that fails, not one that hangs. */
const MOST_MILLISECONDS = 30_000

export async function solveExactly(problem: SitingProblem, question: SitingQuestion): Promise<SitingAnswer> {
  const control = { ...UNLIMITED, now: () => performance.now(), stopAt: performance.now() + MOST_MILLISECONDS }
  return solveSiting(problem, question, control, { solver: await loadSolver(), isGreedyOnly: false })
}

/** The answer without the exact solver. */
export function solveFast(problem: SitingProblem, question: SitingQuestion): SitingAnswer {
  return solveSiting(problem, question, UNLIMITED, { solver: null, isGreedyOnly: false })
}

/** Every subset of the candidates, one after the other; the best objective, NaN where none is an answer. */
export function bruteForce(problem: SitingProblem, question: SitingQuestion): number {
  const candidates = [...problem.existing.keys()].filter((site) => problem.existing[site] === 0)
  let best = NaN
  for (let bits = 0; bits < 2 ** candidates.length; bits += 1) {
    const sites = candidates.filter((_site, index) => (bits >> index) & 1)
    if (question.method !== 'lscp' && question.budget === null && sites.length > question.p!) continue
    if (question.budget !== null && sites.reduce((sum, site) => sum + problem.siteCosts![site]!, 0) > question.budget) continue
    const { objective, isServed } = evaluateSites(problem, question, sites)
    if (question.method === 'lscp' && !isServed.every(Boolean)) continue
    if (!Number.isFinite(objective)) continue
    const value = problem.capacities && question.method === 'mclp' ? measureServed(problem, question.radius, sites) : objective
    if (Number.isNaN(best) || (question.method === 'mclp' ? value > best : value < best)) best = value
  }
  return best
}

export function expectClose(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)))
}

export interface Drawn {
  problem: SitingProblem
  table: (number | null)[][]
  weights: number[]
  p: number
  radius: number
}

/** Small problems of all kinds: whole and broken numbers, ties, twins among the demands, gaps in the table, sites that stand already. */
export const drawnProblems: fc.Arbitrary<Drawn> = fc
  .record({ demandCount: fc.integer({ min: 1, max: 9 }), siteCount: fc.integer({ min: 1, max: 7 }), isWhole: fc.boolean(), hasGaps: fc.boolean(), hasExisting: fc.boolean() })
  .chain(({ demandCount, siteCount, isWhole, hasGaps, hasExisting }) => {
    const cost = isWhole ? fc.integer({ min: 0, max: 12 }) : fc.double({ min: 0, max: 12, noNaN: true }).map((value) => Math.round(value * 1e6) / 1e6)
    const weight = isWhole ? fc.integer({ min: 0, max: 9 }) : fc.double({ min: 0.001, max: 9, noNaN: true })
    return fc.record({
      table: fc.array(fc.array(hasGaps ? fc.option(cost, { freq: 3, nil: null }) : cost, { minLength: siteCount, maxLength: siteCount }), { minLength: demandCount, maxLength: demandCount }),
      weights: fc.array(weight, { minLength: demandCount, maxLength: demandCount }),
      twins: fc.array(fc.integer({ min: 0, max: demandCount - 1 }), { maxLength: 3 }),
      existing: hasExisting ? fc.array(fc.integer({ min: 0, max: siteCount - 1 }), { maxLength: 2 }) : fc.constant([]),
      p: fc.integer({ min: 1, max: siteCount }),
      radius: fc.integer({ min: 0, max: 12 }),
    })
  })
  .map(({ table, weights, twins, existing, p, radius }) => {
    const rows = [...table, ...twins.map((twin) => table[twin]!)]
    const allWeights = [...weights, ...twins.map((twin) => weights[twin]! + 1)]
    const stands = new Uint8Array(table[0]!.length)
    // At least one candidate is left.
    for (const site of existing) if (stands.reduce((sum, value) => sum + value, 0) < stands.length - 1) stands[site] = 1
    const candidates = stands.reduce((count, value) => count + 1 - value, 0)
    return { table: rows, weights: allWeights, problem: problemOf(rows, allWeights, { existing: stands }), p: Math.min(p, candidates), radius }
  })
