/** A question of coverage on the command line, and its finished run: from the store, or computed here. */
import { setTimeout as delay } from 'node:timers/promises'
import type { AppContext } from '../../context.ts'
import { CoverageQuestion, type CoverageRun } from '../../contract/coverage.ts'
import { askForRun, executeRun, getCoverageRun } from '../../coverage/coverage.ts'
import { AppError } from '../../errors.ts'
import { type CommandIo, UsageError } from '../command.ts'
import { IMPEDANCE_OPTIONS, impedanceOf } from '../impedance-options.ts'
import { readOptions, required } from '../options.ts'

const LEVELS = ['county', 'street', 'community', 'cell'] as const

/** A question of coverage as it stands on the command line. */
export interface CoverageCall {
  city: string
  question: CoverageQuestion
  by: (typeof LEVELS)[number] | undefined
  top: number
}

function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new UsageError(`${option} wants a number, not "${text}"`)
  return value
}

/**
 * Reads the question.
 * @param check refuses a first word that is not the one to be read after
 * @throws UsageError
 */
export function parseCoverageCall(args: string[], check: (what: string | undefined) => void): CoverageCall {
  const { values, positionals } = readOptions(args, {
    city: { type: 'string' },
    facility: { type: 'string' },
    layer: { type: 'string', multiple: true },
    rule: { type: 'string' },
    radius: { type: 'string' },
    ruler: { type: 'string' },
    ...IMPEDANCE_OPTIONS,
    'min-area': { type: 'string' },
    demand: { type: 'string' },
    by: { type: 'string' },
    'every-feature': { type: 'boolean' },
    'qualifying-only': { type: 'boolean' },
    'clip-to-city': { type: 'boolean' },
    top: { type: 'string' },
  })
  const [what, ...more] = positionals
  check(what)
  const by = LEVELS.find((level) => level === values.by)
  if (values.by !== undefined && !by) throw new UsageError(`--by wants one of ${LEVELS.join(', ')}, not "${values.by}"`)
  if (values['every-feature'] && values['qualifying-only']) throw new UsageError('--every-feature and --qualifying-only exclude each other')
  if (more.length > 0 && !values.layer) throw new UsageError(`"${more[0]}" is one word too many`)
  // Several names may follow one --layer.
  const layers = [...(values.layer ?? []), ...more]
  const isPlain = values.radius !== undefined && values['min-area'] === undefined && layers.length > 0
  const given = {
    facility: values.facility,
    layers,
    rule: values.rule,
    radiusMeters: numberOf('--radius', values.radius),
    ruler: values.ruler,
    impedance: impedanceOf(values),
    minAreaM2: numberOf('--min-area', values['min-area']),
    demand: values.demand,
    everyFeature: values['every-feature'] ?? (isPlain && !values['qualifying-only']),
    clipToCity: values['clip-to-city'] ?? false,
  }
  const question = CoverageQuestion.safeParse(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)))
  if (!question.success) throw new UsageError(question.error.issues.map((issue) => `${String(issue.path[0] ?? '')}: ${issue.message}`).join('; '))
  const top = numberOf('--top', values.top) ?? 20
  if (!Number.isInteger(top) || top < 0 || top > 5000) throw new UsageError('--top wants a whole number from 0 to 5000')
  return { city: required(values.city, '--city'), question: question.data, by, top }
}

const POLL_MILLISECONDS = 300

/** Gets the finished run: from the store, by computing it here, or from the process that is at it already. */
export async function answerCoverage(context: AppContext, call: CoverageCall, io: CommandIo): Promise<CoverageRun> {
  const asked = await askForRun(context.db, call.city, call.question)
  if (asked.status === 'finished') return asked
  await executeRun(context, asked.id, io.signal, { progress: (percent, stage) => io.progress(percent, stage) })
  for (;;) {
    io.signal.throwIfAborted()
    const run = await getCoverageRun(context, call.city, asked.id)
    if (run.status === 'finished') return run
    if (run.status === 'failed' || run.status === 'cancelled') throw new AppError(run.status === 'cancelled' ? 'cancelled' : 'internal', run.error?.message ?? `The run ${run.id} is ${run.status}.`)
    // Another process works on the same question: its answer is ours.
    io.progress(run.percent, run.stage)
    await delay(POLL_MILLISECONDS, undefined, { signal: io.signal })
  }
}
