import { parentPort } from 'node:worker_threads'
import loadSolver from 'highs'
import { type CurvePoint, growCurve } from '../engine/siting/curve.ts'
import type { SitingControl } from '../engine/siting/incumbent.ts'
import { type SitingIssue, SitingRefused } from '../engine/siting/issues.ts'
import type { SitingAnswer, SitingProblem, SitingProgress, SitingQuestion } from '../engine/siting/problem.ts'
import { solveSiting } from '../engine/siting/solve.ts'
import { explainSites, type SiteReason } from '../engine/siting/why.ts'
import { type CityProblem, type CityReport, makeCityProblem, reportOf, type SitingGround } from './ground.ts'
import { GroundTooLarge } from './walkers.ts'

/** How long the curve of a p-center may take. */
const CURVE_MS = 10_000

export interface SitingRequest {
  /** The problem itself, or the ground of a city that it is made from in the thread. */
  of: { problem: SitingProblem } | { ground: SitingGround }
  question: SitingQuestion
  /** Milliseconds for the search itself; null for no limit. */
  timeLimitMs: number | null
  isExact: boolean
  /** Points of the curve; 0 for none. */
  curveTo: number
  /** Sites that are chosen already: nothing is searched for, they are only explained. */
  chosen: number[] | null
  /** Set to 1 by whoever asks, to end the search with the best so far. */
  cancel: Int32Array<SharedArrayBuffer>
}

/** What whoever asked about a city needs to know of the problem made from it; the costs stay in the thread. */
export type CityTold = Omit<CityProblem, 'problem' | 'standing'> & { pairs: number; weights: Float64Array; capacities: Float64Array | null }

export interface SitingResult {
  answer: SitingAnswer
  reasons: SiteReason[] | null
  curve: CurvePoint[] | null
  /** Of a city only. */
  report: CityReport | null
}

export type SitingMessage = { city: CityTold } | { progress: SitingProgress } | { answer: SitingAnswer } | { result: SitingResult } | { refused: readonly SitingIssue[] } | { tooLarge: string } | { error: string }

const tell = (message: SitingMessage): void => parentPort?.postMessage(message)

parentPort?.once('message', (request: SitingRequest) => {
  void run(request).then(tell)
})

function layOut(of: SitingRequest['of']): { problem: SitingProblem; city: CityProblem | null } {
  if ('problem' in of) return { problem: of.problem, city: null }
  const city = makeCityProblem(of.ground)
  const { problem, standing: _standing, ...told } = city
  tell({ city: { ...told, pairs: problem.costs.column.length, weights: problem.weights, capacities: problem.capacities } })
  return { problem, city }
}

async function run({ of, question, timeLimitMs, isExact, curveTo, chosen, cancel }: SitingRequest): Promise<SitingMessage> {
  try {
    const solver = isExact && !chosen ? await loadSolver() : null
    const { problem, city } = layOut(of)
    const isCancelled = () => Atomics.load(cancel, 0) === 1
    const control: SitingControl = {
      now: () => performance.now(),
      stopAt: timeLimitMs === null ? Infinity : performance.now() + timeLimitMs,
      isCancelled,
      report: (progress) => tell({ progress }),
    }
    const answer = chosen ? null : solveSiting(problem, question, control, { solver, isGreedyOnly: false })
    // Told before reasons and curve are worked out, which may take their time too.
    if (answer) tell({ answer })
    const sites = answer?.sites ?? chosen ?? []
    // A p-center of every number takes a search of its own: those beyond the time are left out.
    const curveUntil = performance.now() + CURVE_MS
    const curve = curveTo > 0 ? growCurve(problem, question, curveTo, () => isCancelled() || (question.method === 'p-center' && timeLimitMs !== null && performance.now() > curveUntil)) : null
    const report = city && 'ground' in of ? reportOf(of.ground, city, question, sites) : null
    const found = answer ?? { method: question.method, sites, objective: NaN, bound: NaN, gap: 1, isProven: false, stoppedBy: 'cancelled' as const, solverFault: null }
    return { result: { answer: found, reasons: explainSites(problem, question, sites), curve, report } }
  } catch (error) {
    if (error instanceof SitingRefused) return { refused: error.issues }
    if (error instanceof GroundTooLarge) return { tooLarge: error.message }
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
