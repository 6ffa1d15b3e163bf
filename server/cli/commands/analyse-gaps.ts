import type { AppContext } from '../../context.ts'
import { gapKindText, modelFormula } from '../../contract/management-gap-sentences.ts'
import { type CountModel, GAP_LAYER_KEYS, type GapLayerSummary, GapLayer, GapQuery } from '../../contract/management-gaps.ts'
import { getManagementGaps, listManagementGaps } from '../../management-gaps/management-gaps.ts'
import { type CommandIo, UsageError } from '../command.ts'
import { readOptions, required } from '../options.ts'

export const GAPS_USAGE = `analyse gaps --city ID [--layer NAME] [options]

管理盲区：责任、漏报、关注、数据。 Management gaps of responsibility, reporting, attention and data. Without --layer the counts of all four.

  --layer NAME         ${GAP_LAYER_KEYS.join(', ')}: lists its units, the gravest first
  --level NAME         responsibility by cell (default), community or street
  --period-days N      reporting: days of cases that expected and actual counts are about
  --days N             attention: days without a check from which a cell is told
  --months N           data: months without renewal from which a layer is old
  --every-unit         reporting: also communities that are as expected, and those of which nothing can be told
  --top N              how many units to list (default 20)
  --json               prints the answer as JSON and nothing else

Numbers that are not given come from the table of rules; the answer names each with its source.

Examples
  analyse gaps --city demo
  analyse gaps --city demo --layer reporting --json
  analyse gaps --city demo --layer attention --days 60`

const shareText = (share: number | null) => (share === null ? '—' : `${(share * 100).toFixed(1)} %`)

function printSummary(io: CommandIo, { layer, count, total, share, kinds, untold }: GapLayerSummary): void {
  io.print(`${layer}  ${count}${total === null ? '' : ` / ${total}  ${shareText(share)}`}`)
  for (const kind of kinds) if (kind.count > 0) io.print(`    ${gapKindText(kind.kind).zh} ${gapKindText(kind.kind).en}: ${kind.count} / ${kind.total}`)
  for (const { zh, en } of untold) io.print(`    ${zh} ${en}`)
}

function printModel(io: CommandIo, model: CountModel): void {
  io.print(`    ${model.family}: ${modelFormula(model, 'en')}`)
  io.print(`    n ${model.communities}, deviance ${model.deviance.toFixed(2)} / ${model.degreesOfFreedom}, dispersion ${model.dispersion.toFixed(3)}, pseudo R² ${model.pseudoR2.toFixed(4)}`)
}

/** @param args words after `gaps` */
export async function analyseGaps(args: string[], { db, clock }: AppContext, io: CommandIo): Promise<unknown> {
  const { values, positionals } = readOptions(args, {
    city: { type: 'string' }, layer: { type: 'string' }, level: { type: 'string' }, 'period-days': { type: 'string' }, days: { type: 'string' }, months: { type: 'string' }, 'every-unit': { type: 'boolean' }, top: { type: 'string' },
  })
  if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is one word too many`)
  const city = required(values.city, '--city')
  const layer = GapLayer.optional().safeParse(values.layer)
  if (!layer.success) throw new UsageError(`--layer wants one of ${GAP_LAYER_KEYS.join(', ')}, not "${values.layer}"`)
  const query = GapQuery.safeParse({ level: values.level, periodDays: values['period-days'], days: values.days, months: values.months })
  if (!query.success) throw new UsageError(query.error.issues.map(({ path, message }) => `--${String(path[0]).replace('periodDays', 'period-days')}: ${message}`).join('; '))
  const limit = Number(values.top ?? '20')
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw new UsageError('--top wants a whole number from 1 to 1000')
  if (layer.data === undefined) {
    const answer = await getManagementGaps(db, city, query.data, clock())
    for (const summary of answer.layers) printSummary(io, summary)
    return { city, ...answer }
  }
  const answer = await listManagementGaps(db, city, layer.data, { ...query.data, everyUnit: values['every-unit'] ?? false, afterRank: 0, limit }, clock())
  printSummary(io, answer.summary)
  if (answer.model) printModel(io, answer.model)
  for (const row of answer.rows) io.print(`  ${row.rank}. ${row.sentenceZh} ${row.sentenceEn}`)
  if (answer.afterRank !== null) io.print(`  … ${answer.total - answer.rows.length} more`)
  return { city, layer: layer.data, ...answer }
}
