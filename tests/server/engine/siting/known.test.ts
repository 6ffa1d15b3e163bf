import { describe, expect, test } from 'vitest'
import { coverSetsWithin } from '../../../../server/engine/siting/cover-sets.ts'
import { growCurve } from '../../../../server/engine/siting/curve.ts'
import { UNLIMITED } from '../../../../server/engine/siting/incumbent.ts'
import { SitingRefused, type SitingIssue } from '../../../../server/engine/siting/issues.ts'
import { mergeDemands } from '../../../../server/engine/siting/merge.ts'
import { gapOf, type SitingProblem, type SitingProgress, type SitingQuestion } from '../../../../server/engine/siting/problem.ts'
import { randomFrom } from '../../../../server/engine/siting/random.ts'
import { solveSiting } from '../../../../server/engine/siting/solve.ts'
import { explainSites } from '../../../../server/engine/siting/why.ts'
import { ask, loadSolver, problemOf, solveExactly, solveFast } from './instances.ts'

/** Five villages along a road at 0, 10, 20, 30 and 100 with 5, 1, 1, 4 and 2 people; sites at 0, 15, 30 and 100. */
const ROAD = problemOf(
  [0, 10, 20, 30, 100].map((village) => [0, 15, 30, 100].map((site) => Math.abs(village - site))),
  [5, 1, 1, 4, 2],
)

describe('worked by hand: five villages along a road', () => {
  test('set covering: within 15 the site at 15 has the first four, and only the one at 100 the last', async () => {
    const answer = await solveExactly(ROAD, ask('lscp', { radius: 15 }))
    expect(answer).toMatchObject({ objective: 2, bound: 2, gap: 0, isProven: true, sites: [1, 3] })
  })

  test('maximal covering: within 10 one site has at most 6, two have 11', async () => {
    expect(await solveExactly(ROAD, ask('mclp', { p: 1, radius: 10 }))).toMatchObject({ objective: 6, sites: [0], isProven: true })
    expect(await solveExactly(ROAD, ask('mclp', { p: 2, radius: 10 }))).toMatchObject({ objective: 11, sites: [0, 2], isProven: true })
  })

  test('p-median: 15 and 100 cost 75 + 5 + 5 + 60, 0 and 30 cost 10 + 10 + 140', async () => {
    expect(await solveExactly(ROAD, ask('p-median', { p: 2 }))).toMatchObject({ objective: 145, sites: [1, 3], isProven: true })
    expect(await solveExactly(ROAD, ask('p-median', { p: 3 }))).toMatchObject({ objective: 20, sites: [0, 2, 3], isProven: true })
  })

  test('p-center: with 15 and 100 nobody is further than 15', async () => {
    expect(await solveExactly(ROAD, ask('p-center', { p: 2 }))).toMatchObject({ objective: 15, sites: [1, 3], isProven: true })
  })

  test('a site that stands already serves, and does not count in p', async () => {
    const standing = { ...ROAD, existing: Uint8Array.of(0, 0, 0, 1) }
    expect(await solveExactly(standing, ask('p-center', { p: 1 }))).toMatchObject({ objective: 15, sites: [1] })
    expect(await solveExactly(standing, ask('lscp', { radius: 15 }))).toMatchObject({ objective: 1, sites: [1] })
    expect(await solveExactly(standing, ask('mclp', { p: 2, radius: 10 }))).toMatchObject({ objective: 13, sites: [0, 2] })
    expect(await solveExactly(standing, ask('p-median', { p: 2 }))).toMatchObject({ objective: 20, sites: [0, 2] })
  })

  test('a budget buys two cheap sites rather than the dear one that covers more than either', async () => {
    const priced = { ...ROAD, siteCosts: Float64Array.of(9, 7, 5, 5) }
    // 30 has 5 people and 100 has 2; 0 alone would have 6.
    expect(await solveExactly(priced, ask('mclp', { budget: 10, radius: 10 }))).toMatchObject({ objective: 7, sites: [2, 3], isProven: true })
  })

  test('capacities: the site at 15 reaches eleven people and has room for seven', async () => {
    const small = { ...ROAD, capacities: Float64Array.of(2, 7, 2, 9) }
    expect(await solveExactly(small, ask('mclp', { p: 1, radius: 15 }))).toMatchObject({ objective: 7, sites: [1], isProven: true })
    expect(await solveExactly(small, ask('mclp', { p: 2, radius: 15 }))).toMatchObject({ objective: 9, isProven: true })
  })

  test('says why a site: whom it alone serves, what is lost without it, and what would turn the choice', () => {
    const [first, second] = explainSites(ROAD, ask('mclp', { p: 2, radius: 10 }), [0, 2])
    // 0 has the villages at 0 and 10 (6 people); the next best, 15, would have those at 10 and 20, of which 20 is served: 1.
    expect(first).toMatchObject({ site: 0, demands: 2, weight: 6, alone: [0, 1], aloneWeight: 6, objectiveWithout: 5, loss: 6 })
    expect(first!.runnerUp).toMatchObject({ site: 3, objective: 7, difference: 4, weightFactor: 3 })
    expect(second).toMatchObject({ site: 2, alone: [2, 3], aloneWeight: 5, loss: 5 })
  })

  test('the weight that would turn a choice does turn it, and a little less does not', async () => {
    const question = ask('mclp', { p: 2, radius: 10 })
    const { runnerUp } = explainSites(ROAD, question, [0, 2])[1]!
    // Those better off with 100 in the place of 30 are the two people at 100; they would have to be five.
    expect(runnerUp).toMatchObject({ site: 3, difference: 3, weightFactor: 2.5 })
    const heavier = (factor: number): SitingProblem => ({ ...ROAD, weights: Float64Array.of(5, 1, 1, 4, 2 * factor) })
    expect((await solveExactly(heavier(runnerUp!.weightFactor! * 0.99), question)).sites).toEqual([0, 2])
    expect((await solveExactly(heavier(runnerUp!.weightFactor! * 1.01), question)).sites).not.toEqual([0, 2])
  })

  test('p-median: without a site its people walk on, and the runner-up is named', () => {
    const [first] = explainSites(ROAD, ask('p-median', { p: 3 }), [0, 2, 3])
    // Without 0: 5 × 30 + 20 + 10 + 0 + 0.
    expect(first).toMatchObject({ site: 0, objectiveWithout: 180, loss: 160, runnerUp: { site: 1, objective: 85, difference: 65 } })
  })

  test('set covering names what could stand in a place', () => {
    const twins = problemOf([[1, 1, 9], [9, 9, 1]], [1, 1])
    expect(explainSites(twins, ask('lscp', { radius: 5 }), [0, 2]).map(({ substitutes }) => substitutes)).toEqual([[1], []])
  })

  test('the curve grows by less and less and stays below its bound', () => {
    const curve = growCurve(ROAD, ask('mclp', { p: 1, radius: 10 }), 4, () => false)
    expect(curve.map(({ objective }) => objective)).toEqual([6, 11, 13])
    for (const { objective, bound } of curve) expect(bound).toBeGreaterThanOrEqual(objective!)
    const medians = growCurve(ROAD, ask('p-median', { p: 1 }), 4, () => false)!
    expect(medians.at(-1)!.objective).toBe(10)
    for (const { objective, bound } of medians) expect(bound).toBeLessThanOrEqual(objective!)
  })
})

describe('a question without a meaningful answer is named', () => {
  const issuesOf = (problem: SitingProblem, question: SitingQuestion): readonly SitingIssue[] => {
    try {
      solveFast(problem, question)
    } catch (error) {
      if (error instanceof SitingRefused) return error.issues
      throw error
    }
    return []
  }
  const codes = (problem: SitingProblem, question: SitingQuestion) => issuesOf(problem, question).map(({ code }) => code)

  test('demands that nothing reaches, which they are and what they weigh', () => {
    const island = problemOf([[1, 2], [null, null], [3, 9]], [5, 7, 1])
    for (const method of ['p-median', 'p-center'] as const) expect(issuesOf(island, ask(method, { p: 1 }))).toMatchObject([{ code: 'islands', demands: [1], weight: 7, en: expect.stringMatching(/1 demands \(weight 7\)/), zh: expect.stringMatching(/1 个需求点/) }])
    expect(issuesOf(island, ask('lscp', { radius: 2 }))).toMatchObject([{ code: 'islands', demands: [1, 2], weight: 8 }])
    // Maximal covering leaves them uncovered, as it may.
    expect(codes(island, ask('mclp', { p: 1, radius: 3 }))).toEqual([])
    // An island where nobody is does not matter to a sum over people.
    expect(codes(problemOf([[1, 2], [null, null]], [5, 0]), ask('p-median', { p: 1 }))).toEqual([])
  })

  test('fewer sites than it takes to reach everybody', () => {
    const apart = problemOf([[1, null, null], [null, 1, null], [null, null, 1]], [1, 1, 1])
    for (const method of ['p-median', 'p-center'] as const) expect(issuesOf(apart, ask(method, { p: 2 }))).toMatchObject([{ code: 'p_below_needed', en: expect.stringMatching(/at least 3/) }])
    expect(solveFast(apart, ask('p-median', { p: 3 })).objective).toBe(3)
  })

  test('weights, costs, counts and budgets that cannot be', () => {
    expect(codes(problemOf([[1]], [0]), ask('mclp', { p: 1, radius: 5 }))).toEqual(['total_weight_zero'])
    expect(codes(problemOf([[1]], [0]), ask('p-median', { p: 1 }))).toEqual(['total_weight_zero'])
    expect(codes(problemOf([[9]], [1]), ask('mclp', { p: 1, radius: 5 }))).toEqual(['nothing_reachable'])
    expect(codes(problemOf([[1]], [-1]), ask('p-median', { p: 1 }))).toEqual(['weight_invalid'])
    expect(issuesOf(problemOf([[1], [NaN], [-2]], [1, 1, 1]), ask('p-median', { p: 1 }))).toMatchObject([{ code: 'cost_invalid', demands: [1, 2] }])
    for (const p of [0, -1, 1.5, null]) expect(codes(ROAD, ask('p-median', { p }))).toEqual(['p_invalid'])
    expect(codes(ROAD, ask('mclp', { p: 5, radius: 1 }))).toEqual(['p_above_candidates'])
    expect(codes({ ...ROAD, existing: Uint8Array.of(1, 1, 0, 0) }, ask('p-center', { p: 3 }))).toEqual(['p_above_candidates'])
    expect(codes({ ...ROAD, siteCosts: Float64Array.of(4, 3, 5, 6) }, ask('mclp', { budget: 2, radius: 10 }))).toEqual(['budget_below_cheapest'])
    expect(codes(ROAD, ask('mclp', { budget: 2, radius: 10 }))).toEqual(['budget_invalid'])
    expect(codes({ ...ROAD, capacities: new Float64Array(4) }, ask('mclp', { p: 1, radius: 10 }))).toEqual(['capacity_zero'])
    expect(codes(ROAD, ask('mclp', { p: 1, radius: NaN }))).toEqual(['radius_invalid'])
    expect(codes(problemOf([], []), ask('lscp', { radius: 1 }))).toEqual(['no_demands', 'no_sites'])
  })
})

describe('the search', () => {
  /** 400 villages and 60 sites strewn over a square. */
  const strewn = (): SitingProblem => {
    const random = randomFrom(7)
    const points = (count: number) => Float64Array.from({ length: count * 2 }, () => random() * 1000)
    const demands = points(400)
    const sites = points(60)
    return { costs: coverSetsWithin(demands, sites, 2000), weights: Float64Array.from({ length: 400 }, () => Math.ceil(random() * 20)), existing: new Uint8Array(60), siteCosts: null, capacities: null }
  }

  test.each(['mclp', 'p-median', 'p-center'] as const)('%s: every report is better than the last, and what was reported last is the answer', async (method) => {
    const told: SitingProgress[] = []
    const question = ask(method, { p: 8, radius: method === 'mclp' ? 120 : null })
    const answer = solveSiting(strewn(), question, { ...UNLIMITED, report: (progress) => told.push(progress) }, { solver: await loadSolver(), isGreedyOnly: false })
    expect(answer.isProven).toBe(true)
    const sign = method === 'mclp' ? 1 : -1
    told.slice(1).forEach((progress, index) => {
      if (!Number.isNaN(told[index]!.objective)) expect(sign * progress.objective).toBeGreaterThanOrEqual(sign * told[index]!.objective)
      expect(sign * progress.bound).toBeLessThanOrEqual(sign * told[index]!.bound)
    })
    expect(told.at(-1)!.objective).toBeCloseTo(answer.objective, 6)
  })

  test.each(['mclp', 'p-median', 'p-center', 'lscp'] as const)('%s: cancelled at once, or out of time, it still has an answer with a bound that holds', async (method) => {
    const question = ask(method, { p: method === 'lscp' ? null : 8, radius: method === 'mclp' || method === 'lscp' ? 240 : null })
    const problem = strewn()
    const best = await solveExactly(problem, question)
    const cancelled = solveSiting(problem, question, { ...UNLIMITED, isCancelled: () => true }, { solver: await loadSolver(), isGreedyOnly: false })
    const late = solveSiting(problem, question, { ...UNLIMITED, now: () => 1, stopAt: 0 }, { solver: await loadSolver(), isGreedyOnly: false })
    expect([cancelled.stoppedBy, late.stoppedBy]).toEqual(['cancelled', 'time'])
    for (const answer of [cancelled, late]) {
      expect(answer.sites.length).toBeGreaterThan(0)
      expect(answer.isProven).toBe(false)
      expect(answer.gap).toBe(gapOf(answer.objective, answer.bound))
      if (method === 'mclp') expect([answer.objective <= best.objective, answer.bound >= best.objective]).toEqual([true, true])
      else expect([answer.objective >= best.objective, answer.bound <= best.objective]).toEqual([true, true])
    }
  })

  test('the same question has the same answer', async () => {
    const question = ask('mclp', { p: 8, radius: 120 })
    expect(await solveExactly(strewn(), question)).toEqual(await solveExactly(strewn(), question))
  })
})

describe('cover sets from coordinates', () => {
  test('are those of measuring every pair, the border included', () => {
    const random = randomFrom(3)
    const demands = Float64Array.from({ length: 800 }, () => Math.round(random() * 300))
    const sites = Float64Array.from({ length: 90 }, () => Math.round(random() * 300))
    for (const radius of [0, 25, 50, 1000]) {
      const found = coverSetsWithin(demands, sites, radius)
      for (let demand = 0; demand < 400; demand += 1) {
        const expected = Array.from({ length: 45 }, (_value, site) => site).filter((site) => Math.sqrt((demands[demand * 2]! - sites[site * 2]!) ** 2 + (demands[demand * 2 + 1]! - sites[site * 2 + 1]!) ** 2) <= radius)
        expect([...found.column.subarray(found.start[demand], found.start[demand + 1])]).toEqual(expected)
      }
    }
  })

  test('alike demands become one, and which is which is kept', () => {
    const merged = mergeDemands(problemOf([[1, 2], [3, null], [1, 2], [3, null], [1, 3]], [1, 2, 4, 8, 16]).costs, Float64Array.of(1, 2, 4, 8, 16))
    expect([...merged.groupOf]).toEqual([0, 1, 0, 1, 2])
    expect([...merged.weights]).toEqual([5, 10, 16])
  })
})

describe('the gap', () => {
  test('is a share of the greater of value and bound, whichever way the objective runs', () => {
    expect(gapOf(90, 100)).toBeCloseTo(0.1)
    expect(gapOf(100, 90)).toBeCloseTo(0.1)
    expect([gapOf(0, 0), gapOf(5, 5), gapOf(5, Infinity)]).toEqual([0, 0, 1])
  })
})
