/**
 * The frame of every benchmark: two ways of doing the same thing, run in turn (A B A B …) so that a busy machine
 * slows both, reported as medians and their ratio; refused when the control itself swings too much.
 */

/** What one side of a comparison answered; both sides of a pair must answer the same where `result` is given. */
export interface Outcome {
  /** A short text of the answer (a count, a hash), compared between the sides where both give one. */
  result?: string
  /** Milliseconds, where the side measured itself (a latency, say); else the frame's clock counts. */
  milliseconds?: number
}

export interface Side {
  name: string
  run(): Promise<Outcome | void>
}

export interface Comparison {
  name: string
  /** The size of the input, in words. */
  size: string
  /** What is measured against: it runs first in every round. */
  control: Side
  subject: Side
  /** Goal for median(subject) / median(control), where there is one; above it the bench fails. */
  atMost?: number
  /** An absolute goal in milliseconds for the subject, where an issue names one. */
  subjectAtMostMs?: number
  rounds?: number
}

export interface Bench {
  name: string
  /** Answers the comparisons with what they need set up, or a sentence that says why it cannot run here. */
  prepare(arguments_: readonly string[]): Promise<{ comparisons: Comparison[]; close(): Promise<void> } | { refused: string }>
}

/** A bench that is not a comparison: it runs, tells what it saw, and says whether its goals were met. */
export interface Trial {
  name: string
  /** @param say prints a line as soon as it is known. */
  run(arguments_: readonly string[], say: (line: string) => void): Promise<{ report: unknown; isMet: boolean } | { refused: string }>
}

export interface Measured {
  bench: string
  name: string
  size: string
  rounds: number
  controlName: string
  subjectName: string
  controlMs: number
  subjectMs: number
  /** subject / control */
  ratio: number
  /** Largest divided by smallest control after the best and worst round are left out. */
  controlSpread: number
  cpuMs: number
  result: string | null
  goal: string | null
  verdict: 'met' | 'missed' | 'measured' | 'too noisy' | 'answers differ'
}

/** Above this swing of the control no ratio is reported. */
export const SPREAD_LIMIT = 1.3

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Largest divided by smallest, without the extreme round at either end when there are five or more. */
export function spread(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const kept = sorted.length >= 5 ? sorted.slice(1, -1) : sorted
  return kept[kept.length - 1]! / kept[0]!
}

async function time(side: Side): Promise<{ milliseconds: number; result: string | undefined }> {
  const start = performance.now()
  const outcome = (await side.run()) ?? {}
  return { milliseconds: outcome.milliseconds ?? performance.now() - start, result: outcome.result }
}

/** Runs one comparison: a round to warm up, then interleaved rounds. */
export async function measure(bench: string, comparison: Comparison): Promise<Measured> {
  const rounds = comparison.rounds ?? 5
  const control: number[] = []
  const subject: number[] = []
  const results = new Set<string>()
  let cpu = process.cpuUsage()
  for (let round = -1; round < rounds; round += 1) {
    const a = await time(comparison.control)
    const b = await time(comparison.subject)
    if (a.result !== undefined && b.result !== undefined) results.add(a.result).add(b.result)
    if (round < 0) cpu = process.cpuUsage()
    else {
      control.push(a.milliseconds)
      subject.push(b.milliseconds)
    }
  }
  const used = process.cpuUsage(cpu)
  const controlMs = median(control)
  const subjectMs = median(subject)
  const ratio = subjectMs / controlMs
  const controlSpread = spread(control)
  const goals = [
    comparison.atMost === undefined ? null : { text: `ratio ≤ ${comparison.atMost}`, met: ratio <= comparison.atMost },
    comparison.subjectAtMostMs === undefined ? null : { text: `≤ ${comparison.subjectAtMostMs} ms`, met: subjectMs <= comparison.subjectAtMostMs },
  ].filter((goal) => goal !== null)
  let verdict: Measured['verdict'] = 'measured'
  if (results.size > 1) verdict = 'answers differ'
  // A goal in milliseconds that was met on a noisy machine is met; a ratio says nothing there.
  else if (controlSpread > SPREAD_LIMIT && !(comparison.atMost === undefined && goals.length > 0 && goals.every((goal) => goal.met))) verdict = 'too noisy'
  else if (goals.length > 0) verdict = goals.every((goal) => goal.met) ? 'met' : 'missed'
  return {
    bench,
    name: comparison.name,
    size: comparison.size,
    rounds,
    controlName: comparison.control.name,
    subjectName: comparison.subject.name,
    controlMs,
    subjectMs,
    ratio,
    controlSpread,
    cpuMs: (used.user + used.system) / 1000 / rounds,
    result: [...results][0] ?? null,
    goal: goals.map((goal) => goal.text).join(', ') || null,
    verdict,
  }
}
