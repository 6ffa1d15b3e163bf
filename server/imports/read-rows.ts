/** From the file to spooled rows: header first, then every row prepared, its faults noted. */
import { createHash } from 'node:crypto'
import path from 'node:path'
import { ChildFailure } from '../../data/importers/child-process.ts'
import { CrsError, settleCrs, type SourceCrs, suspectShift } from '../../data/importers/crs.ts'
import { FileRefused } from '../../data/importers/file-refused.ts'
import type { KindRule } from '../../data/importers/kinds.ts'
import { describeMapping, type Mapping, MappingError, settleMapping } from '../../data/importers/mapping.ts'
import { type PreparedRow, rowPreparer } from '../../data/importers/prepare.ts'
import { readSource } from '../../data/importers/reader.ts'
import type { SourceHeader, SourceRow } from '../../data/importers/source-rows.ts'
import { AppError } from '../errors.ts'
import type { ImportFacts, ImportRun } from './context.ts'
import { findProj4Text } from './queries.ts'
import { Spool } from './spool.ts'

/** Rows looked at to learn the columns of formats that do not list them. */
const COLUMN_SAMPLE = 500

/** Errors of the reading rooms in the words of the API. */
export function toAppError(error: unknown): unknown {
  if (error instanceof FileRefused) {
    const code = error.code === 'too_large' || error.code.startsWith('too_many') || error.code.startsWith('zip_too') ? 'too_large' : error.code === 'unsupported' ? 'unsupported_file' : 'bad_request'
    return new AppError(code, error.message, { cause: error })
  }
  if (error instanceof ChildFailure) return new AppError(error.reason === 'cancelled' ? 'cancelled' : error.reason === 'time' || error.reason === 'memory' ? 'too_large' : 'bad_request', error.message, { cause: error })
  if (error instanceof MappingError || error instanceof CrsError) return new AppError('bad_request', error.message, { cause: error })
  return error
}

export interface OpenedSource {
  header: SourceHeader
  crs: SourceCrs
  rows: AsyncGenerator<SourceRow>
}

/** Starts reading and settles the coordinate system. */
export async function openSource(run: ImportRun, everyLayer: boolean): Promise<OpenedSource> {
  const { options } = run
  const lines = readSource(run.file, { fileName: run.fileName, encoding: options.encoding, fileLayer: options.fileLayer, everyLayer, signal: run.io.signal })
  const first = await lines.next()
  if (first.done || !('header' in first.value)) throw new AppError('bad_request', '文件读不出来，请检查格式是否完整。The file could not be read.')
  const { header } = first.value
  try {
    const crs = await settleCrs(options.crs, header.crs, header.crsText, (srid) => findProj4Text(run.db, srid))
    async function* rows(): AsyncGenerator<SourceRow> {
      for await (const line of lines) if ('data' in line) yield line.data
    }
    return { header, crs, rows: rows() }
  } catch (error) {
    await lines.return(undefined)
    throw error
  }
}

async function takeSample(rows: AsyncGenerator<SourceRow>): Promise<SourceRow[]> {
  const sample: SourceRow[] = []
  while (sample.length < COLUMN_SAMPLE) {
    const next = await rows.next()
    if (next.done) break
    sample.push(next.value)
  }
  return sample
}

/** Columns of the file; where the format does not list them, of its first rows. */
export function columnsOf(header: SourceHeader, sample: readonly SourceRow[]): string[] {
  return [...new Set([...header.fields.map((field) => field.name), ...sample.flatMap((row) => Object.keys(row.properties))])]
}

/** Parts of the key that the user wrote as `A+B`. */
export function joinColumns(join: string, columns: readonly string[]): string[] {
  const written = join.slice(0, join.lastIndexOf('='))
  const parts = columns.includes(written) ? [written] : written.split('+').map((part) => part.trim())
  const missing = parts.find((part) => !columns.includes(part))
  if (missing !== undefined) throw new AppError('bad_request', `--join ${join}：文件没有列“${missing}”，应写成 COLUMN=LAYER.COLUMN，多列以 + 拼接。The option --join ${join}: the file has no column "${missing}". It has: ${columns.join(', ')}. Write it as COLUMN=LAYER.COLUMN; columns are put together by +.`)
  return parts
}

/** An area without a code gets one that cannot be taken for an official one: `G` and eleven hexadecimal digits from level and name. */
function codeGenerator(): (row: PreparedRow) => boolean {
  const seen = new Map<string, number>()
  return ({ fields }) => {
    if (fields['level'] === undefined || (fields['code'] !== null && fields['code'] !== undefined)) return false
    const subject = `${fields['level']}|${fields['name']}`
    const times = (seen.get(subject) ?? 0) + 1
    seen.set(subject, times)
    fields['code'] = `G${createHash('sha256').update(`${subject}|${times}`).digest('hex').slice(0, 11).toUpperCase()}`
    return true
  }
}

/** A field that no column gives is missed once for the whole file, not once a row. */
function requireFields(rule: KindRule, mapping: Mapping, columns: readonly string[]): void {
  const missing = rule.fields.filter((field) => field.required && !mapping.fields.has(field))
  if (missing.length === 0) return
  throw new MappingError(`${missing.map((field) => `There is no ${field.name}. ${field.required}`).join(' ')} Columns of the file: ${columns.join(', ') || 'none'}.`)
}

export interface ReadRows {
  spool: Spool
  facts: ImportFacts
  mapping: Mapping
  crs: SourceCrs
  columns: string[]
}

/**
 * Reads a whole file into a spool of rows of one kind.
 * @throws AppError when the file as a whole cannot be taken.
 */
export async function readRows(run: ImportRun, rule: KindRule, isTable = false): Promise<ReadRows> {
  const { options, issues, io } = run
  const { header, crs, rows } = await openSource(run, false)
  const sample = await takeSample(rows)
  const columns = columnsOf(header, sample)
  const mapping = settleMapping(rule, options.map, columns)
  if (sample.length > 0) requireFields(rule, mapping, columns)
  const suspicion = crs.shift ? null : suspectShift(columns)
  if (suspicion) issues.note('crs_suspicious', `The column names speak of ${suspicion === 'gcj02' ? 'GCJ-02 (高德, 腾讯)' : 'BD-09 (百度)'} coordinates; if they are, import again with --crs ${suspicion}.`)
  const joinParts = options.join ? joinColumns(options.join, columns) : []
  const prepare = rowPreparer({ rule: isTable ? { ...rule, geometry: 'none' } : rule, mapping, crs, timeZone: run.city.timeZone, geometryByJoin: joinParts.length > 0 }, header.driver === 'CSV' || header.layers[0]?.geometryType === null)
  const generateCode = rule.table === 'administrative_areas' ? codeGenerator() : () => false
  const expected = header.layers.reduce((sum, layer) => sum + Math.max(0, layer.rows ?? 0), 0)

  const spool = new Spool(path.join(run.scratch, 'rows.ndjson'))
  let read = 0
  let generated = 0
  async function take(source: SourceRow): Promise<void> {
    const { problems, ...row } = prepare(source)
    const duplicateOf = mapping.id && !mapping.id.isGuess && row.id !== null ? spool.firstRowOf(row.id) : undefined
    if (duplicateOf !== undefined) problems.push({ severity: 'refused', code: 'id_repeated', field: 'id', message: `The identifier ${row.id} stands in row ${duplicateOf} already.`, sample: row.id })
    if (mapping.id && !mapping.id.isGuess && row.id === null) problems.push({ severity: 'refused', code: 'id_missing', field: 'id', message: `The row has no identifier in column ${mapping.id.column}.`, sample: null })
    for (const problem of problems) issues.add(row.row, problem)
    if (problems.some((problem) => problem.severity === 'refused')) return
    if (generateCode({ ...row, problems })) generated++
    await spool.append({ ...row, joinKey: joinParts.length > 0 ? joinParts.map((part) => String(source.properties[part] ?? '').trim()).join('') : null })
  }
  for (const source of sample) await take(source)
  read = sample.length
  for await (const source of rows) {
    await take(source)
    if (++read % 2000 === 0) io.progress(Math.min(45, expected > 0 ? (45 * read) / expected : 20), 'reading')
  }
  await spool.close()
  if (generated > 0) issues.note('code_generated', `${generated} areas have no code in the file; codes beginning with G were made from their level and name. Give official ones with --map code=COLUMN.`)
  const facts: ImportFacts = { read, mapping: describeMapping(mapping), crs: crs.name, crsFrom: crs.from, encoding: header.encoding, driver: header.driver, totals: {} }
  if (mapping.id && (!mapping.id.isGuess || spool.hasUniqueIds)) facts.mapping = { ...facts.mapping, id: mapping.id.column }
  return { spool, facts, mapping, crs, columns }
}
