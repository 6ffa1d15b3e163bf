/**
 * Siting: how far from the optimum every answer is proven to be, and how long it takes. Instances are made from fixed seeds; nothing is stored.
 * `--quick` leaves out the graphs above 300 nodes; `--limit SECONDS` is the time for each exact answer (default 10).
 */
import loadSolver from 'highs'
import { coverSetsWithin } from '../../server/engine/siting/cover-sets.ts'
import type { SitingControl } from '../../server/engine/siting/incumbent.ts'
import type { SitingAnswer, SitingProblem, SitingQuestion } from '../../server/engine/siting/problem.ts'
import { solveSiting } from '../../server/engine/siting/solve.ts'
import { median, type Trial } from './bench.ts'
import { aGraph, aTown, problemOfTown } from './siting-instances.ts'

type Solver = Awaited<ReturnType<typeof loadSolver>>

interface Row {
  what: string
  objective: number
  bound: number
  gap: number
  stoppedBy: string
  milliseconds: number
}

const TOWNS = [
  { demands: 1000, sites: 100 }, { demands: 2000, sites: 200 }, { demands: 5000, sites: 300 }, { demands: 10_000, sites: 400 }, { demands: 20_000, sites: 500 },
] as const
const COUNTS = [5, 10, 15, 20, 25, 40] as const
const RADII = [500, 800, 1200] as const
const SIDE = 12_000
const GOALS = { medianGap: 0.01, worstGap: 0.03, wholeCityMs: 2000 } as const

function timed(what: string, problem: SitingProblem, question: Partial<SitingQuestion> & Pick<SitingQuestion, 'method'>, solver: Solver | null, limitMs: number): Row {
  const began = performance.now()
  const control: SitingControl = { now: () => performance.now(), stopAt: began + limitMs, isCancelled: () => false, report: () => {} }
  const answer: SitingAnswer = solveSiting(problem, { p: null, budget: null, radius: null, ...question }, control, { solver, isGreedyOnly: false })
  return { what, objective: answer.objective, bound: answer.bound, gap: answer.gap, stoppedBy: answer.stoppedBy, milliseconds: performance.now() - began }
}

const line = ({ what, objective, bound, gap, stoppedBy, milliseconds }: Row) => `  ${what.padEnd(38)} ${objective.toFixed(0).padStart(10)}  bound ${bound.toFixed(1).padStart(12)}  gap ${(gap * 100).toFixed(3).padStart(7)} %  ${stoppedBy.padEnd(8)} ${milliseconds.toFixed(0).padStart(6)} ms`

/** The whole city, from coordinates to the first answer that somebody would see. */
function wholeCity(): { toFirstAnswerMs: number; coverSetsMs: number; pairs: number; row: Row } {
  const town = aTown(100_000, 2000, 30_000, 20_261_127)
  const began = performance.now()
  const costs = coverSetsWithin(town.demandPoints, town.sitePoints, 800)
  const coverSetsMs = performance.now() - began
  let toFirstAnswerMs = NaN
  const problem: SitingProblem = { costs, weights: town.weights, existing: new Uint8Array(2000), siteCosts: null, capacities: null }
  const control: SitingControl = {
    now: () => performance.now(),
    stopAt: Infinity,
    isCancelled: () => false,
    report({ sites }) {
      if (sites.length > 0 && Number.isNaN(toFirstAnswerMs)) toFirstAnswerMs = performance.now() - began
    },
  }
  const answer = solveSiting(problem, { method: 'mclp', p: 100, budget: null, radius: null }, control, { solver: null, isGreedyOnly: false })
  return { toFirstAnswerMs, coverSetsMs, pairs: costs.column.length, row: { what: '100,000 × 2,000, p = 100, bound too', objective: answer.objective, bound: answer.bound, gap: answer.gap, stoppedBy: answer.stoppedBy, milliseconds: performance.now() - began } }
}

/** Demands that no site covers cannot be part of a set covering. */
function withoutIslands(problem: SitingProblem): SitingProblem {
  const { costs, weights } = problem
  const kept = [...weights.keys()].filter((demand) => costs.start[demand + 1]! > costs.start[demand]!)
  const start = new Uint32Array(kept.length + 1)
  kept.forEach((demand, index) => (start[index + 1] = start[index]! + costs.start[demand + 1]! - costs.start[demand]!))
  // Rows without entries take no room, so the entries stay as they are.
  return { ...problem, costs: { ...costs, rowCount: kept.length, start }, weights: Float64Array.from(kept, (demand) => weights[demand]!) }
}

export const trial: Trial = {
  name: 'siting',
  async run(words, say) {
    const limitAt = words.indexOf('--limit')
    const limitMs = (limitAt >= 0 ? Number(words[limitAt + 1]) : 10) * 1000
    const isQuick = words.includes('--quick')
    const solver = await loadSolver()

    say('siting: 100,000 demands × 2,000 candidates × p = 100, from coordinates')
    const cities = [wholeCity(), wholeCity(), wholeCity()]
    const firstMs = median(cities.map(({ toFirstAnswerMs }) => toFirstAnswerMs))
    const city = cities[0]!
    say(`  ${city.pairs.toLocaleString('en')} pairs, cover sets ${median(cities.map(({ coverSetsMs }) => coverSetsMs)).toFixed(0)} ms, first answer ${firstMs.toFixed(0)} ms (goal ${GOALS.wholeCityMs})`)
    say(line(city.row))

    say('siting: maximal covering, 30 towns, fast answer and exact')
    const fast: Row[] = []
    const exact: Row[] = []
    for (let number = 0; number < 30; number += 1) {
      const { demands, sites } = TOWNS[number % TOWNS.length]!
      const p = COUNTS[number % COUNTS.length]!
      const radius = RADII[number % RADII.length]!
      const problem = problemOfTown(aTown(demands, sites, SIDE, 1000 + number), radius)
      const what = `${demands} × ${sites}, p = ${p}, ${radius} m`
      fast.push(timed(`${what}, fast`, problem, { method: 'mclp', p }, null, limitMs))
      exact.push(timed(`${what}, exact`, problem, { method: 'mclp', p }, solver, limitMs))
      say(line(fast.at(-1)!))
      say(line(exact.at(-1)!))
    }
    const gaps = Object.fromEntries(Object.entries({ fast, exact }).map(([name, rows]) => [name, { median: median(rows.map(({ gap }) => gap)), worst: Math.max(...rows.map(({ gap }) => gap)), proven: rows.filter(({ stoppedBy }) => stoppedBy === 'proven').length, medianMs: median(rows.map(({ milliseconds }) => milliseconds)) }]))
    for (const [name, { median: middle, worst, proven, medianMs }] of Object.entries(gaps)) say(`  ${name}: median gap ${(middle * 100).toFixed(3)} % (goal ${GOALS.medianGap * 100}), worst ${(worst * 100).toFixed(3)} % (goal ${GOALS.worstGap * 100}), ${proven} of 30 proven, median ${medianMs.toFixed(0)} ms`)

    const others: Row[] = []
    for (const method of ['p-median', 'p-center'] as const) {
      say(`siting: ${method} on graphs of whole lengths, every node demand and candidate`)
      for (const nodes of isQuick ? [100, 200, 300] : [100, 200, 300, 400, 500, 600, 700, 800, 900]) {
        const graph = aGraph(nodes, nodes)
        for (const p of new Set([5, 10, Math.floor(nodes / 10), Math.floor(nodes / 5), Math.floor(nodes / 3)])) {
          const row = timed(`${method} ${nodes} nodes, p = ${p}`, graph, { method, p }, solver, limitMs)
          others.push(row)
          say(line(row))
        }
      }
    }
    say('siting: set covering of towns')
    for (const [demands, sites, radius] of [[1000, 100, 2500], [2000, 200, 2000], [5000, 300, 1800], [10_000, 400, 1600], [20_000, 500, 1500]] as const) {
      const row = timed(`lscp ${demands} × ${sites}, ${radius} m`, withoutIslands(problemOfTown(aTown(demands, sites, SIDE, 5), radius)), { method: 'lscp' }, solver, limitMs)
      others.push(row)
      say(line(row))
    }
    const isMet = firstMs <= GOALS.wholeCityMs && Object.values(gaps).every(({ median: middle, worst }) => middle <= GOALS.medianGap && worst <= GOALS.worstGap)
    return { report: { goals: GOALS, firstAnswerMs: firstMs, city: city.row, gaps, fast, exact, others }, isMet }
  },
}
