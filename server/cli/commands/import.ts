import { stat } from 'node:fs/promises'
import path from 'node:path'
import { SYSTEM } from '../../access/principal.ts'
import { getCity } from '../../cities/cities.ts'
import { IMPORT_KINDS, ImportOptions, type ImportIssue, type ImportReport } from '../../contract/imports.ts'
import { AppError } from '../../errors.ts'
import { ImportFailed, runImport } from '../../imports/imports.ts'
import { beginImport, runRecordedImport } from '../../imports/records.ts'
import { type Command, CommandFailed, type CommandIo, UsageError } from '../command.ts'
import { readOptions, required } from '../options.ts'

const USAGE = `import FILE --city ID --as KIND [options]

把文件导入一座城市；任何一行被拒收则整个导入不生效（--skip-bad 除外）；重复导入同一文件不产生变化。
Takes a file into a city: GeoJSON, CSV, GeoPackage, Shapefile (.shp or zipped), DBF, KML, KMZ, FlatGeobuf, OpenStreetMap PBF.
One transaction: with a refused row nothing is taken, unless --skip-bad. The same file again changes nothing.

  --as KIND            ${IMPORT_KINDS.join(', ')}
  --layer KEY          key in the catalogue; default: the file's name
  --map FIELD=COLUMN   which column a field comes from; FIELD==VALUE gives all rows one value; FIELD=COLUMN~TEXT is true where the
                       column contains the text. May be repeated. id=COLUMN names the identifier; lon=, lat= (or x=, y=) the point columns of a table
  --join COLUMN=LAYER.COLUMN   joins a table to a layer that is there; COLUMN may be put together: 區域+村里=taipei_village.FULL
  --crs EPSG:n|gcj02|bd09      default: what the file declares, else WGS 84
  --encoding NAME      UTF-8, GB18030 (GBK, GB2312), Big5, UTF-16; default: told by the file
  --file-layer NAME    layer inside a GeoPackage, data set inside a zip
  --title-zh, --title-en, --owner, --licence, --data-date YYYY-MM-DD   what the catalogue says of the layer
  --skip-bad           takes the good rows and reports the refused ones
  --dry-run            reports what would happen and writes nothing
  --json               prints the report as JSON and nothing else

Examples
  import taipei_town.geojson --city taipei --as administrative_areas --map level==county --map code=CPTID
  import public_wc.geojson --city taipei --as facilities --map class==toilet
  import disaster.geojson --city taipei --as incidents --map drill=專案名稱~測試`

const SAMPLE_ROWS = 8

function parseMap(entries: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    entries.map((entry) => {
      const at = entry.indexOf('=')
      if (at <= 0 || at === entry.length - 1) throw new UsageError(`--map ${entry} is not of the form FIELD=COLUMN or FIELD==VALUE.`)
      return [entry.slice(0, at), entry.slice(at + 1)]
    }),
  )
}

interface Call {
  file: string
  city: string
  options: ImportOptions
}

function parseCall(args: string[]): Call {
  const { values, positionals } = readOptions(args, {
    city: { type: 'string' }, as: { type: 'string' }, layer: { type: 'string' }, map: { type: 'string', multiple: true, default: [] }, join: { type: 'string' }, crs: { type: 'string' }, encoding: { type: 'string' },
    'file-layer': { type: 'string' }, 'title-zh': { type: 'string' }, 'title-en': { type: 'string' }, owner: { type: 'string' }, licence: { type: 'string' }, 'data-date': { type: 'string' },
    'skip-bad': { type: 'boolean', default: false }, 'dry-run': { type: 'boolean', default: false },
  })
  const [file, ...more] = positionals
  if (!file) throw new UsageError('name a file to import')
  if (more.length > 0) throw new UsageError(`"${more[0]}" is one word too many: one file at a time`)
  const city = required(values.city, '--city')
  const given = {
    kind: required(values.as, '--as'), layer: values.layer, map: parseMap(values.map), join: values.join, crs: values.crs, encoding: values.encoding, fileLayer: values['file-layer'], titleZh: values['title-zh'], titleEn: values['title-en'],
    owner: values.owner, licence: values.licence, dataDate: values['data-date'], skipBad: values['skip-bad'], dryRun: values['dry-run'],
  }
  const options = ImportOptions.safeParse(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)))
  if (!options.success) throw new UsageError(options.error.issues.map((issue) => `--${issue.path[0] === 'kind' ? 'as' : String(issue.path[0])}: ${issue.message}`).join('\n'))
  return { file, city, options: options.data }
}

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - [...text].reduce((sum, character) => sum + (character.charCodeAt(0) > 255 ? 2 : 1), 0)))

function printReport(io: CommandIo, report: ImportReport, issues: readonly ImportIssue[], dryRun: boolean): void {
  const line = (label: string, value: string | number) => io.print(`  ${pad(label, 26)}${value}`)
  io.print(dryRun ? '试运行，未写入任何数据 · Dry run, nothing was written' : '导入报告 · Import report')
  line('读取 read', report.read)
  line('接收 taken', `${report.taken}  (新增 new ${report.inserted}, 变更 changed ${report.changed}, 未变 unchanged ${report.unchanged}, 终止 ended ${report.ended})`)
  line('修复 repaired', report.repaired)
  line('拒收 refused', report.refused)
  line('存疑 flagged', report.flagged)
  if (report.outsideCity > 0) line('界外 outside the city', report.outsideCity)
  line('坐标系 CRS', `${report.crs} (${{ option: '指定 given', file: '文件声明 declared', default: '默认 assumed' }[report.crsFrom]})`)
  if (report.encoding) line('编码 encoding', report.encoding)
  line('字段 fields', Object.entries(report.mapping).map(([field, column]) => `${field}←${column}`).join('  ') || '—')
  for (const layer of report.layers) line('图层 layer', `${layer.key} (${layer.kind}, ${layer.rows})`)
  for (const [name, value] of Object.entries(report.totals)) line(name, typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 6 }) : value)
  for (const group of report.issuesByCode) {
    io.print(`  ${{ refused: '拒收', repaired: '修复', flagged: '存疑' }[group.severity as 'refused']} ${group.severity} ${group.code}: ${group.count}`)
    for (const issue of issues.filter(({ code, severity }) => code === group.code && severity === group.severity).slice(0, SAMPLE_ROWS)) io.print(`      ${issue.row > 0 ? `行 row ${issue.row}: ` : ''}${issue.message}${issue.sample ? `  ${issue.sample}` : ''}`)
    if (group.count > SAMPLE_ROWS) io.print(`      … ${group.count - SAMPLE_ROWS} more`)
  }
  line('用时 seconds', (report.durationMilliseconds / 1000).toFixed(1))
}

/** `import`: the same importer as behind the API. */
export const importCommand: Command = {
  name: 'import',
  summary: '导入文件：GeoJSON、CSV、GeoPackage、Shapefile、KML、FlatGeobuf、OpenStreetMap  Take a file into a city',
  usage: USAGE,
  async run(args, context, io) {
    const { file, city: key, options } = parseCall(args)
    const city = await getCity(context.db, key)
    const full = path.resolve(io.workingDirectory, file)
    const facts = await stat(full).catch(() => undefined)
    if (!facts?.isFile()) throw new AppError('not_found', `There is no file ${full}.`)
    const fileName = path.basename(full)
    const progress = (percent: number, stage: string) => io.progress(percent, stage)
    try {
      const result = options.dryRun
        ? await runImport(context.db, city, full, fileName, options, { signal: io.signal, progress })
        : await runRecordedImport(context, city, await beginImport(context, SYSTEM, city, full, fileName, options, 'running'), full, fileName, options, { signal: io.signal, progress })
      printReport(io, result.report, result.issues, options.dryRun)
      return { ...result.report, dryRun: options.dryRun, issues: result.issues }
    } catch (error) {
      if (!(error instanceof ImportFailed && error.report)) throw error
      printReport(io, error.report, error.issues, options.dryRun)
      throw new CommandFailed(error, { ...error.report, dryRun: options.dryRun, issues: error.issues })
    }
  },
}
