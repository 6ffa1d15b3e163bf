import { stat } from 'node:fs/promises'
import path from 'node:path'
import { SYSTEM } from '../../access/principal.ts'
import { ClassImportOptions, type ClassImportReport } from '../../contract/reference.ts'
import { AppError } from '../../errors.ts'
import { importClassTable } from '../../incidents/reference-edit.ts'
import { type Command, type CommandIo, UsageError } from '../command.ts'
import { readOptions, required } from '../options.ts'

const USAGE = `classes import FILE --scheme ID --source TEXT [options]

把小类、立案条件、处置时限与结案条件的表格（XLSX 或 CSV，每行一个立案条件）作为类别标准的新版本导入。
任何一行看不懂则整表不生效；旧案件沿用立案时的条件与时限；疑似拖动填充的数值逐处指出。
Takes a table of classes, filing conditions, limits and closing conditions (XLSX or CSV, one condition a row) as a new version of a scheme.
One row that is not understood refuses the whole table. Old cases keep the conditions they were filed under.

  --scheme ID          which scheme, e.g. GBT30428.2-2013
  --source TEXT        where the table comes from
  --title-zh, --title-en   name of the scheme; default: as it is
  --verified           the table was held against the original
  --replace            the table is the whole scheme, even where most classes would end
  --dry-run            reports what would happen and writes nothing
  --json               prints the report as JSON and nothing else

Columns: 类型 (部件/事件), 大类名称, 小类代码, 小类名称, 立案条件, 处置时限, 结案条件; may be there: 英文名, 严重程度, 地方扩展`

const SAMPLE_ISSUES = 30

function print(io: CommandIo, report: ClassImportReport): void {
  io.print(report.dryRun ? '试运行，未写入任何数据 · Dry run, nothing was written' : `${report.schemeId} 第 ${report.version} 版 · version ${report.version}${report.isChanged ? '' : '（无变化 unchanged）'}`)
  io.print(`  小类 classes ${report.classes}  (新增 new ${report.changes.classesAdded.length}, 变更 changed ${report.changes.classesChanged.length}, 终止 ended ${report.changes.classesEnded.length})`)
  io.print(`  条件 conditions ${report.conditions}  (新增 new ${report.changes.conditionsAdded}, 终止 ended ${report.changes.conditionsEnded})`)
  for (const issue of report.issues.slice(0, SAMPLE_ISSUES)) io.print(`  ${issue.severity === 'refused' ? '拒收 refused' : '存疑 flagged'} 行 row ${issue.row}: ${issue.message}`)
  if (report.issueCount > SAMPLE_ISSUES) io.print(`  … ${report.issueCount - SAMPLE_ISSUES} more`)
  if (report.needsReplace) io.print('  未列出的小类超过三成，导入须加 --replace · leaves out so many classes that the import needs --replace')
}

/** `classes import`: the same as behind the API. */
export const classesCommand: Command = {
  name: 'classes',
  summary: '导入类别、立案条件与时限表  Take a table of classes, filing conditions and limits',
  usage: USAGE,
  async run(args, context, io) {
    const { values, positionals } = readOptions(args, { scheme: { type: 'string' }, source: { type: 'string' }, 'title-zh': { type: 'string' }, 'title-en': { type: 'string' }, verified: { type: 'boolean', default: false }, replace: { type: 'boolean', default: false }, 'dry-run': { type: 'boolean', default: false } })
    const [verb, file, ...more] = positionals
    if (verb !== 'import' || !file || more.length > 0) throw new UsageError('say "classes import FILE --scheme ID --source TEXT"')
    const scheme = required(values.scheme, '--scheme')
    if (!/^[A-Za-z0-9.-]{1,60}$/.test(scheme)) throw new UsageError('--scheme: letters, digits, dots and hyphens')
    const options = ClassImportOptions.safeParse({ source: required(values.source, '--source'), titleZh: values['title-zh'], titleEn: values['title-en'], verified: values.verified, replace: values.replace, dryRun: values['dry-run'] })
    if (!options.success) throw new UsageError(options.error.issues.map((issue) => `--${String(issue.path[0])}: ${issue.message}`).join('\n'))
    const full = path.resolve(io.workingDirectory, file)
    if (!(await stat(full).catch(() => undefined))?.isFile()) throw new AppError('not_found', `There is no file ${full}.`)
    try {
      const report = await importClassTable(context.db, SYSTEM, scheme, full, options.data, context.clock())
      print(io, report)
      if (report.refusedRows > 0) throw new AppError('bad_request', `${report.refusedRows} 行不能用。${report.refusedRows} rows cannot be used.`)
      return report
    } catch (error) {
      if (error instanceof AppError) for (const { path: where, message } of error.errors?.slice(0, SAMPLE_ISSUES) ?? []) io.print(`  拒收 refused 行 ${where.replace(/^row\.(\d+)\.?/, 'row $1 ').trim()}: ${message}`)
      throw error
    }
  },
}
