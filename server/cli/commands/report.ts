import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { SYSTEM } from '../../access/principal.ts'
import type { AppContext } from '../../context.ts'
import { GAP_LAYER_KEYS, GapLayer, GapListQuery } from '../../contract/management-gaps.ts'
import { ReportQuery } from '../../contract/planning-report.ts'
import { AppError } from '../../errors.ts'
import { findSortOfRun, getReportFile, getWorkbookFile, type ReportSubject } from '../../planning-report/report.ts'
import { type Command, UsageError } from '../command.ts'
import { readOptions, required } from '../options.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Where the console is reached, for the code in the report. */
function baseUrlOf({ config }: AppContext): string {
  return config.PUBLIC_BASE_URL ?? `http://${config.HOST}:${config.PORT}`
}

async function write(file: string, bytes: Uint8Array): Promise<void> {
  await writeFile(file, bytes).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOSPC') throw new AppError('storage_full', `There is no room left for ${file}.`, { cause: error })
    throw new AppError('bad_request', `${file} cannot be written: ${error.code === 'ENOENT' ? 'there is no such folder' : error.code === 'EISDIR' ? 'it is a folder' : error.code}.`, { cause: error })
  })
}

const GAP_OPTIONS = { level: 'level', kind: 'kind', periodDays: 'period-days', days: 'days', months: 'months' } as const

/** Either a run or a layer of gaps with its question. @throws UsageError */
function readSubject(values: Partial<Record<'run' | 'gaps' | (typeof GAP_OPTIONS)[keyof typeof GAP_OPTIONS], string>>): { run: string } | { layer: GapLayer; question: GapListQuery } {
  if (values.gaps === undefined) {
    const foreign = Object.values(GAP_OPTIONS).find((name) => values[name] !== undefined)
    if (foreign) throw new UsageError(`--${foreign} belongs to --gaps`)
    const run = required(values.run, '--run (or --gaps)')
    if (!UUID.test(run)) throw new UsageError(`"${run}" is no id of a run`)
    return { run }
  }
  if (values.run !== undefined) throw new UsageError('say either --run or --gaps')
  const layer = GapLayer.safeParse(values.gaps)
  if (!layer.success) throw new UsageError(`--gaps wants one of ${GAP_LAYER_KEYS.join(', ')}, not "${values.gaps}"`)
  const question = GapListQuery.safeParse(Object.fromEntries(Object.entries(GAP_OPTIONS).map(([key, name]) => [key, values[name]])))
  if (!question.success) throw new UsageError(question.error.issues.map(({ path: [key], message }) => `--${GAP_OPTIONS[key as keyof typeof GAP_OPTIONS]}: ${message}`).join('; '))
  return { layer: layer.data, question: question.data }
}

/** `report`: a finished run as a PDF, or all its tables as a workbook. */
export const reportCommand: Command = {
  name: 'report',
  summary: '把一次计算出成报告（PDF）或全部表格（XLSX）  A finished run as a report, or all its tables',
  usage: `report --city ID (--run ID | --gaps LAYER) --output FILE [--language zh|en] [--paper a4|a3] [--orientation portrait|landscape] [--parts maps,tables,method] [--xlsx]

覆盖（任一口径，含方案）、选址、供需、补救、绿地指标的计算和管理盲区都可出报告：结论、关键数字、矢量地图、表格、方法、数据出处，和打开此结果的二维码（地址取 PUBLIC_BASE_URL）。
Reports on runs of coverage (either ruler, scenarios too), sites, supply, mends and indicator sheets, and on management gaps: finding, key figures, vector maps,
tables, method, sources, and a square code that opens the run (its address begins with PUBLIC_BASE_URL). --xlsx writes every table instead.

Management gaps are judged anew, and their code asks the same question again:
  --gaps LAYER         ${GAP_LAYER_KEYS.join(', ')}
  --level NAME         responsibility by cell (default), community or street
  --kind NAME          one kind of the layer only
  --period-days N      reporting: days of cases; --days N attention: days without a check; --months N data: months without renewal

Examples
  report --city demo --run 01a21dac-db04-77b9-a52c-146d3aeb68a6 --language en --output coverage.pdf
  report --city demo --run 01a21dac-db04-77b9-a52c-146d3aeb68a6 --xlsx --output coverage.xlsx
  report --city demo --gaps attention --days 60 --output attention.pdf`,
  async run(args, context, io) {
    const text = { type: 'string' } as const
    const { values, positionals } = readOptions(args, {
      city: text, run: text, gaps: text, level: text, kind: text, 'period-days': text, days: text, months: text, output: text, language: text, paper: text, orientation: text, parts: text, xlsx: { type: 'boolean', default: false },
    })
    if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is one word too many`)
    const city = required(values.city, '--city')
    const asked = readSubject(values)
    const out = path.resolve(io.workingDirectory, required(values.output, '--output'))
    const { language, paper, orientation, parts } = values
    const query = ReportQuery.safeParse({ language, paper, orientation, parts })
    if (!query.success) throw new UsageError(`--${String(query.error.issues[0]?.path[0])} cannot be understood; see help report`)
    const of: ReportSubject = 'layer' in asked ? { sort: 'gaps', ...asked } : { sort: await findSortOfRun(context, city, asked.run), run: asked.run }
    io.progress(10, values.xlsx ? 'tables' : 'maps and tables')
    const { bytes, mediaType } = values.xlsx ? await getWorkbookFile(context, SYSTEM, { city, of }) : await getReportFile(context, SYSTEM, { city, of, query: query.data, baseUrl: baseUrlOf(context) })
    await write(out, bytes)
    io.print(`已写入 written: ${out} (${bytes.byteLength} bytes)`)
    return { file: out, bytes: bytes.byteLength, mediaType, city, ...of }
  },
}
