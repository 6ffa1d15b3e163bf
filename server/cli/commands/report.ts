import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { SYSTEM } from '../../access/principal.ts'
import type { AppContext } from '../../context.ts'
import { ReportQuery } from '../../contract/planning-report.ts'
import { AppError } from '../../errors.ts'
import { findSortOfRun, getReportFile, getWorkbookFile } from '../../planning-report/report.ts'
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

/** `report`: a finished run as a PDF, or all its tables as a workbook. */
export const reportCommand: Command = {
  name: 'report',
  summary: '把一次计算出成报告（PDF）或全部表格（XLSX）  A finished run as a report, or all its tables',
  usage: `report --city ID --run ID --output FILE [--language zh|en] [--paper a4|a3] [--orientation portrait|landscape] [--parts maps,tables,method] [--xlsx]

覆盖（任一口径，含方案）、选址、供需、补救的计算都可出报告：结论、关键数字、矢量地图、表格、方法、数据出处，和打开此结果的二维码（地址取 PUBLIC_BASE_URL）。
Reports on runs of coverage (either ruler, scenarios too), sites, supply and mends: finding, key figures, vector maps, tables, method, sources,
and a square code that opens the run (its address begins with PUBLIC_BASE_URL). --xlsx writes every table of the run instead.

Examples
  report --city demo --run 01a21dac-db04-77b9-a52c-146d3aeb68a6 --language en --output coverage.pdf
  report --city demo --run 01a21dac-db04-77b9-a52c-146d3aeb68a6 --xlsx --output coverage.xlsx`,
  async run(args, context, io) {
    const text = { type: 'string' } as const
    const { values, positionals } = readOptions(args, { city: text, run: text, output: text, language: text, paper: text, orientation: text, parts: text, xlsx: { type: 'boolean', default: false } })
    if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is one word too many`)
    const city = required(values.city, '--city')
    const run = required(values.run, '--run')
    if (!UUID.test(run)) throw new UsageError(`"${run}" is no id of a run`)
    const out = path.resolve(io.workingDirectory, required(values.output, '--output'))
    const { language, paper, orientation, parts } = values
    const query = ReportQuery.safeParse({ language, paper, orientation, parts })
    if (!query.success) throw new UsageError(`--${String(query.error.issues[0]?.path[0])} cannot be understood; see help report`)
    const sort = await findSortOfRun(context, city, run)
    io.progress(10, values.xlsx ? 'tables' : 'maps and tables')
    const { bytes, mediaType } = values.xlsx ? await getWorkbookFile(context, SYSTEM, { city, sort, run }) : await getReportFile(context, SYSTEM, { city, sort, run, query: query.data, baseUrl: baseUrlOf(context) })
    await write(out, bytes)
    io.print(`已写入 written: ${out} (${bytes.byteLength} bytes)`)
    return { file: out, bytes: bytes.byteLength, mediaType, city, run, sort }
  },
}
