import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { measureLoads, measureServed } from '../../../../server/engine/siting/capacitated-cover.ts'
import { growCurve } from '../../../../server/engine/siting/curve.ts'
import { evaluateSites, SwapEvaluator } from '../../../../server/engine/siting/evaluate.ts'
import { findSitingIssues, SitingRefused } from '../../../../server/engine/siting/issues.ts'
import { Incumbent, UNLIMITED } from '../../../../server/engine/siting/incumbent.ts'
import { boundMedian, fixByBound } from '../../../../server/engine/siting/median-bound.ts'
import { branchMedian } from '../../../../server/engine/siting/median-branch.ts'
import { makeMedianInstance } from '../../../../server/engine/siting/median-instance.ts'
import { SITING_METHODS, type SitingProblem, type SitingQuestion } from '../../../../server/engine/siting/problem.ts'
import { transpose } from '../../../../server/engine/siting/sparse.ts'
import { ask, bruteForce, drawnProblems, expectClose, loadSolver, problemOf, solveExactly, solveFast } from './instances.ts'

function questionOf(method: (typeof SITING_METHODS)[number], p: number, radius: number): SitingQuestion {
  return ask(method, { p: method === 'lscp' ? null : p, radius: method === 'lscp' || method === 'mclp' ? radius : null })
}

/** Refused where brute force finds nothing, and else held against it. */
async function holdAgainstBruteForce(problem: SitingProblem, question: SitingQuestion): Promise<void> {
  const best = bruteForce(problem, question)
  try {
    const fast = solveFast(problem, question)
    const exact = await solveExactly(problem, question)
    expectClose(exact.objective, best)
    expect(exact).toMatchObject({ isProven: true, gap: 0, stoppedBy: 'proven', solverFault: null })
    expect(exact.bound).toBe(exact.objective)
    // The fast answer is an answer, and its bound holds.
    if (question.method === 'mclp') {
      expect(fast.objective).toBeLessThanOrEqual(best + 1e-9)
      expect(fast.bound).toBeGreaterThanOrEqual(best - 1e-9)
    } else {
      expect(fast.objective).toBeGreaterThanOrEqual(best - 1e-9)
      expect(fast.bound).toBeLessThanOrEqual(best + 1e-9)
    }
  } catch (error) {
    if (!(error instanceof SitingRefused)) throw error
    const codes = error.issues.map(({ code }) => code)
    // Weightless or unreachable demands have a trivial best of 0 in a covering; everything else refused has no answer at all.
    expect(question.method === 'mclp' || codes.includes('total_weight_zero') ? best === 0 : Number.isNaN(best)).toBe(true)
  }
}

describe('held against every possible choice', async () => {
  await loadSolver()
  test.each(SITING_METHODS)('%s: the exact answer is the best there is, the fast one never claims more', async (method) => {
    await fc.assert(
      fc.asyncProperty(drawnProblems, ({ problem, p, radius }) => holdAgainstBruteForce(problem, questionOf(method, p, radius))),
      { numRuns: 150 },
    )
  })

  test('p-median of which reductions leave no candidate to decide about is proven all the same', () =>
    holdAgainstBruteForce(problemOf([[0, 0], [0, 0], [0, 0], [0.000004, 0.059828]], [0.001, 0.001, 0.001, 0.008161997405614423], { existing: Uint8Array.of(0, 1) }), ask('p-median', { p: 1 })))

  test('maximal covering within a budget', async () => {
    await fc.assert(
      fc.asyncProperty(drawnProblems, fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 7, maxLength: 7 }), fc.integer({ min: 9, max: 20 }), ({ problem, radius }, prices, budget) =>
        holdAgainstBruteForce({ ...problem, siteCosts: Float64Array.from(problem.existing, (_stands, site) => prices[site]!) }, ask('mclp', { budget, radius })),
      ),
      { numRuns: 100 },
    )
  })

  test('set covering by cost', async () => {
    await fc.assert(
      fc.asyncProperty(drawnProblems, fc.array(fc.double({ min: 0.5, max: 9, noNaN: true }), { minLength: 7, maxLength: 7 }), ({ problem, radius }, prices) =>
        holdAgainstBruteForce({ ...problem, siteCosts: Float64Array.from(problem.existing, (_stands, site) => prices[site]!) }, ask('lscp', { radius })),
      ),
      { numRuns: 100 },
    )
  })

  test('capacities within a budget, and who goes where: nobody beyond the room there is', async () => {
    await fc.assert(
      fc.asyncProperty(drawnProblems, fc.array(fc.tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 9 })), { minLength: 7, maxLength: 7 }), fc.integer({ min: 9, max: 20 }), async ({ problem, radius }, sites, budget) => {
        const limited = { ...problem, capacities: Float64Array.from(problem.existing, (_stands, site) => sites[site]![0]), siteCosts: Float64Array.from(problem.existing, (_stands, site) => sites[site]![1]) }
        await holdAgainstBruteForce(limited, ask('mclp', { budget, radius }))
        const open = [...problem.existing.keys()].filter((site) => problem.existing[site] === 0).slice(0, 2)
        const { loads, siteOf } = measureLoads(limited, radius, open)
        loads.forEach((load, site) => expect(load).toBeLessThanOrEqual(limited.capacities[site]! + 1e-9))
        expectClose(loads.reduce((sum, load) => sum + load, 0), measureServed(limited, radius, open))
        for (const site of siteOf) if (site >= 0) expect(problem.existing[site] === 1 || open.includes(site)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test.each(['mclp', 'p-center'] as const)('the curve of %s with capacities where there are any never passes the best of its number, nor the bound', async (method) => {
    await fc.assert(
      fc.property(drawnProblems, fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 7, maxLength: 7 }), ({ problem, radius }, capacities) => {
        const asked = method === 'mclp' ? { ...problem, capacities: Float64Array.from(problem.existing, (_stands, site) => capacities[site]!) } : problem
        if (findSitingIssues(asked, ask(method, { p: 1, radius: method === 'mclp' ? radius : null })).length > 0) return
        for (const { p, objective, bound } of growCurve(asked, ask(method, { p: 1, radius: method === 'mclp' ? radius : null }), 4, () => false)) {
          const best = bruteForce(asked, ask(method, { p, radius: method === 'mclp' ? radius : null }))
          if (Number.isNaN(best)) continue
          const [low, high] = method === 'mclp' ? [objective!, bound] : [bound, objective!]
          expect(best).toBeGreaterThanOrEqual(low - 1e-9)
          expect(best).toBeLessThanOrEqual(high + 1e-9)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('maximal covering where sites have capacities', async () => {
    await fc.assert(
      fc.asyncProperty(drawnProblems, fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 7, maxLength: 7 }), ({ problem, p, radius }, capacities) =>
        holdAgainstBruteForce({ ...problem, capacities: Float64Array.from(problem.existing, (_stands, site) => capacities[site]!) }, ask('mclp', { p, radius })),
      ),
      { numRuns: 100 },
    )
  })
})

describe('reasons', () => {
  test.each(SITING_METHODS)('%s: an exchange is worth what evaluating it anew says', (method) => {
    fc.assert(
      fc.property(drawnProblems, ({ problem, p, radius }) => {
        const question = questionOf(method, p, radius)
        const candidates = [...problem.existing.keys()].filter((site) => problem.existing[site] === 0)
        const sites = candidates.slice(0, p)
        const swaps = new SwapEvaluator(problem, question, sites, transpose(problem.costs))
        for (const out of sites) {
          const others = sites.filter((site) => site !== out)
          expect(swaps.evaluate(out)).toEqual(evaluateSites(problem, question, others))
          for (const into of candidates.slice(p)) expect(swaps.evaluate(out, into)).toEqual(evaluateSites(problem, question, [...others, into]))
        }
      }),
      { numRuns: 80 },
    )
  })
})

describe('what the relaxation says of single candidates', () => {
  test('no answer better than the one at hand builds what was dropped, or leaves out what was fixed', () => {
    fc.assert(
      fc.property(drawnProblems, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }), ({ table, weights, p }, shares) => {
        fc.pre(table.every((row) => row.every((value) => value !== null)) && weights.some((weight) => weight > 0))
        const problem = problemOf(table, weights)
        const instance = makeMedianInstance(problem)
        const choices = Array.from({ length: 2 ** table[0]!.length }, (_value, bits) => [...table[0]!.keys()].filter((site) => (bits >> site) & 1)).filter((sites) => sites.length === p)
        const costs = choices.map((sites) => evaluateSites(problem, ask('p-median', { p }), sites).objective)
        // Multipliers by chance: the bound is poor, and has to hold all the same.
        const multipliers = Float64Array.from(instance.weights, (weight, group) => weight * 12 * shares[group % 12]!)
        const bound = boundMedian(instance, p, { iterations: 3, value: Math.max(...costs), multipliers, stop: () => false, onBound: () => {} })
        expect(bound.bound).toBeLessThanOrEqual(Math.min(...costs) * (1 + 1e-9) + 1e-9)
        for (const value of costs) {
          const { built, dropped } = fixByBound(bound, p, value, 0)
          choices.forEach((sites, index) => {
            if (costs[index]! > value * (1 - 1e-6) - 1e-6) return
            expect([sites.some((site) => dropped.has(site)), built.every((site) => sites.includes(site))]).toEqual([false, true])
          })
        }
      }),
      { numRuns: 150 },
    )
  })
})

describe('branching by multipliers', () => {
  test('ends at the best answer there is, from whatever multipliers and answer it starts', () => {
    fc.assert(
      fc.property(drawnProblems, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }), fc.nat(), ({ table, weights, p }, shares, which) => {
        fc.pre(table.every((row) => row.every((value) => value !== null)) && weights.some((weight) => weight > 0))
        const problem = problemOf(table, weights)
        const instance = makeMedianInstance(problem)
        const costOf = (sites: readonly number[]) => evaluateSites(problem, ask('p-median', { p }), sites).objective
        const choices = Array.from({ length: 2 ** table[0]!.length }, (_value, bits) => [...table[0]!.keys()].filter((site) => (bits >> site) & 1)).filter((sites) => sites.length === p)
        const incumbent = new Incumbent('minimize', UNLIMITED, 0)
        const start = choices[which % choices.length]!
        incumbent.offer(start, costOf(start))
        const multipliers = Float64Array.from(instance.weights, (weight, group) => weight * 12 * shares[group % 12]!)
        const isDone = branchMedian(instance, p, incumbent, { multipliers, bound: -Infinity, mostNodes: Infinity, stop: () => false, onSites: (sites) => void incumbent.offer(sites.map((candidate) => instance.siteOf[candidate]!), costOf(sites.map((candidate) => instance.siteOf[candidate]!))) })
        expect(isDone).toBe(true)
        expectClose(incumbent.objective, Math.min(...choices.map(costOf)))
        expect(incumbent.bound).toBeLessThanOrEqual(incumbent.objective)
      }),
      { numRuns: 150 },
    )
  })
})

describe('what must not matter', () => {
  test('more sites never cover less, and never serve dearer', async () => {
    await fc.assert(
      fc.asyncProperty(drawnProblems, async ({ table, weights, radius }) => {
        fc.pre(weights.some((weight, demand) => weight > 0 && table[demand]!.some((value) => value !== null && value <= radius)))
        const problem = problemOf(table, weights)
        let before = -1
        for (let p = 1; p <= table[0]!.length; p += 1) {
          const { objective } = await solveExactly(problem, ask('mclp', { p, radius }))
          expect(objective).toBeGreaterThanOrEqual(before - 1e-9)
          before = objective
        }
      }),
      { numRuns: 40 },
    )
  })

  test.each(SITING_METHODS)('%s: neither the order of demands nor that of sites changes the objective', async (method) => {
    await fc.assert(
      fc.asyncProperty(drawnProblems, fc.integer(), async ({ table, weights, p, radius }, seed) => {
        const question = questionOf(method, p, radius)
        const rows = [...table.keys()].sort((a, b) => ((a * 7919 + seed) % 31) - ((b * 7919 + seed) % 31))
        const columns = [...table[0]!.keys()].reverse()
        const turned = problemOf(rows.map((row) => columns.map((column) => table[row]![column]!)), rows.map((row) => weights[row]!))
        const answer = async (problem: SitingProblem) => {
          try {
            return (await solveExactly(problem, question)).objective
          } catch (error) {
            if (error instanceof SitingRefused) return error.issues.map(({ code }) => code).join()
            throw error
          }
        }
        const plain = await answer(problemOf(table, weights))
        const other = await answer(turned)
        if (typeof plain === 'number' && typeof other === 'number') expectClose(other, plain)
        else expect(other).toBe(plain)
      }),
      { numRuns: 60 },
    )
  })

  test.each(['mclp', 'p-median'] as const)('%s: a demand cut into parts is the same demand', async (method) => {
    await fc.assert(
      fc.asyncProperty(drawnProblems, async ({ table, weights, p, radius }) => {
        const question = questionOf(method, p, radius)
        fc.pre(Number.isFinite(bruteForce(problemOf(table, weights), question)) && weights.some((weight, demand) => weight > 0 && table[demand]!.some((value) => value !== null && value <= radius)))
        const whole = await solveExactly(problemOf(table, weights), question)
        const parts = await solveExactly(problemOf(table.flatMap((row) => [row, row, row]), weights.flatMap((weight) => [weight / 4, weight / 2, weight / 4])), question)
        expectClose(parts.objective, whole.objective)
      }),
      { numRuns: 60 },
    )
  })
})
