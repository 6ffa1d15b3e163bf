import { parentPort } from 'node:worker_threads'
import loadSolver from 'highs'
import { type CurvePoint, growCurve } from '../engine/siting/curve.ts'
import type { SitingControl } from '../engine/siting/incumbent.ts'
import { type SitingIssue, SitingRefused } from '../engine/siting/issues.ts'
import type { SitingAnswer, SitingProblem, SitingProgress, SitingQuestion } from '../engine/siting/problem.ts'
import { solveSiting } from '../engine/siting/solve.ts'
import { explainSites, type SiteReason } from '../engine/siting/why.ts'

export interface SitingRequest {
  problem: SitingProblem
  question: SitingQuestion
  /** Milliseconds for the search itself; null for no limit. */
  timeLimitMs: number | null
  isExact: boolean
  /** Points of the curve; 0 for none. */
  curveTo: number
  /** Set to 1 by whoever asks, to end the search with the best so far. */
  cancel: Int32Array<SharedArrayBuffer>
}

export interface SitingResult {
  answer: SitingAnswer
  reasons: SiteReason[] | null
  curve: CurvePoint[] | null
}

export type SitingMessage = { progress: SitingProgress } | { answer: SitingAnswer } | { result: SitingResult } | { refused: readonly SitingIssue[] } | { error: string }

parentPort?.once('message', (request: SitingRequest) => {
  void run(request).then((message) => parentPort?.postMessage(message satisfies SitingMessage))
})

async function run({ problem, question, timeLimitMs, isExact, curveTo, cancel }: SitingRequest): Promise<SitingMessage> {
  try {
    const solver = isExact ? await loadSolver() : null
    const isCancelled = () => Atomics.load(cancel, 0) === 1
    const control: SitingControl = {
      now: () => performance.now(),
      stopAt: timeLimitMs === null ? Infinity : performance.now() + timeLimitMs,
      isCancelled,
      report: (progress) => parentPort?.postMessage({ progress } satisfies SitingMessage),
    }
    const answer = solveSiting(problem, question, control, { solver, isGreedyOnly: false })
    // Told before reasons and curve are worked out, which may take their time too.
    parentPort?.postMessage({ answer } satisfies SitingMessage)
    const curve = curveTo > 0 ? growCurve(problem, question, curveTo, isCancelled) : null
    return { result: { answer, reasons: explainSites(problem, question, answer.sites), curve } }
  } catch (error) {
    if (error instanceof SitingRefused) return { refused: error.issues }
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
