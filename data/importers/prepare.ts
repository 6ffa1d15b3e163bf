/** A row of a file as a row of ours: fields parsed, geometry of the right sort, faults named. Pure. */
import { createHash } from 'node:crypto'
import { doubtGeometry, type SourceCrs, undoShift, unwindLongitude } from './crs.ts'
import { type RowProblem, sampleOf } from './file-refused.ts'
import { type CheckedGeometry, Fault } from './geojson-check.ts'
import { fitGeometry } from './geometry-rule.ts'
import type { FieldRule, KindRule } from './kinds.ts'
import type { FieldSource, Mapping } from './mapping.ts'
import type { SourceRow } from './source-rows.ts'
import { cleanText, cleanValue, parseValue, ValueError } from './values.ts'

export interface PreparedRow {
  row: number
  /** The file's own identifier; null where it has none. */
  id: string | null
  /** Hash of the row as the file has it: the same row gives the same key wherever it stands and however its columns are mapped. */
  sourceHash: string
  /** Hash of what the row becomes: another one means that the row changed. */
  contentHash: string
  geometry: CheckedGeometry | null
  fields: Record<string, string | number | boolean | null>
  attributes: Record<string, unknown>
  problems: RowProblem[]
}

export interface PrepareOptions {
  rule: KindRule
  mapping: Mapping
  crs: SourceCrs
  timeZone: string
  /** A row without geometry gets one by a join later. */
  geometryByJoin: boolean
}

const MAXIMUM_ATTRIBUTE_BYTES = 256 * 1024

const refused = (code: string, field: string | null, message: string, sample?: unknown): RowProblem => ({ severity: 'refused', code, field, message, sample: sampleOf(sample) })

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32)

function valueOf(source: FieldSource, field: FieldRule, row: SourceRow, timeZone: string): string | number | boolean | null {
  if (source.from === 'constant') return parseValue(source.value, field, timeZone)
  const cell = row.properties[source.column]
  return source.from === 'contains' ? String(cell ?? '').includes(source.text) : parseValue(cell, field, timeZone)
}

function readFields(row: SourceRow, options: PrepareOptions, problems: RowProblem[]): PreparedRow['fields'] {
  const fields: PreparedRow['fields'] = {}
  for (const field of options.rule.fields) {
    const source = options.mapping.fields.get(field)
    if (!source) continue
    try {
      fields[field.column] = valueOf(source, field, row, options.timeZone)
    } catch (error) {
      if (!(error instanceof ValueError)) throw error
      const isGuess = source.from === 'column' && source.isGuess && !field.required
      const sample = source.from === 'constant' ? source.value : row.properties[source.column]
      const column = source.from === 'constant' ? '' : ` (column ${source.column})`
      if (isGuess) problems.push({ severity: 'flagged', code: 'value_unclear', field: field.name, message: `${error.message}; the field was left empty.`, sample: sampleOf(sample) })
      else problems.push(refused('value_invalid', field.name, `${field.name}${column}: ${error.message}.`, sample))
      fields[field.column] = null
    }
  }
  for (const field of options.rule.fields) {
    if (field.required && (fields[field.column] === undefined || fields[field.column] === null) && !problems.some((problem) => problem.field === field.name)) {
      problems.push(refused('value_missing', field.name, options.mapping.fields.has(field) ? `The row has no ${field.name}.` : `There is no ${field.name}. ${field.required}`))
    }
  }
  return fields
}

function positionFromColumns(row: SourceRow, mapping: Mapping): CheckedGeometry | null {
  if (mapping.longitude === null || mapping.latitude === null) return null
  const numbers = [mapping.longitude, mapping.latitude].map((column) => {
    const cell = row.properties[column]
    if (cell === null || cell === undefined || cell === '') return null
    const number = Number(cell)
    if (!Number.isFinite(number)) throw new Fault('coordinates_not_numbers', `The column ${column} holds ${JSON.stringify(cell)}, which is not a number.`, cell)
    return number
  })
  return numbers[0] === null || numbers[1] === null ? null : { type: 'Point', coordinates: numbers }
}

function readGeometry(row: SourceRow, options: PrepareOptions, problems: RowProblem[], isTable: boolean): CheckedGeometry | null {
  const { rule, crs } = options
  try {
    const given = row.geometry ?? (isTable ? positionFromColumns(row, options.mapping) : null)
    if (given === null) {
      if (rule.geometry !== 'optionalPoint' && rule.geometry !== 'none' && !options.geometryByJoin) throw new Fault('geometry_missing', 'The row has no geometry (null), so it has no place on the map.')
      return null
    }
    const { geometry, change } = fitGeometry(given, rule.geometry)
    if (change) problems.push({ severity: 'repaired', code: 'geometry_unwrapped', field: 'geometry', message: change, sample: null })
    const unwound = unwindLongitude(geometry, crs)
    if (unwound) {
      problems.push({ severity: 'repaired', code: 'longitude_unwound', field: 'geometry', message: 'The longitude is beyond 180° and was read as one full turn less; check it for a typing error.', sample: sampleOf(geometry.coordinates) })
      return unwound
    }
    const doubt = doubtGeometry(geometry, crs)
    if (doubt) throw new Fault('coordinates_out_of_range', doubt)
    return crs.shift ? undoShift(geometry, crs.shift) : geometry
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    problems.push(refused(error.code, 'geometry', error.message, error.sample))
    return null
  }
}

function usedColumns(mapping: Mapping): Set<string> {
  const used = new Set<string>()
  for (const source of mapping.fields.values()) if (source.from === 'column') used.add(source.column)
  return used
}

/** Prepares rows one by one; `isTable` says that geometry, if any, stands in columns. */
export function rowPreparer(options: PrepareOptions, isTable: boolean): (row: SourceRow) => PreparedRow {
  const used = usedColumns(options.mapping)
  const settings = JSON.stringify([options.crs.name, options.rule.table])
  return (row) => {
    const problems = [...row.problems]
    const isRefused = problems.some((problem) => problem.severity === 'refused')
    const fields = isRefused ? {} : readFields(row, options, problems)
    const geometry = isRefused ? null : readGeometry(row, options, problems, isTable)
    const attributes = cleanValue(Object.fromEntries(Object.entries(row.properties).filter(([name, value]) => !used.has(name) && value !== null))) as Record<string, unknown>
    if (JSON.stringify(attributes).length > MAXIMUM_ATTRIBUTE_BYTES) problems.push(refused('attributes_too_long', null, `The row carries more than ${MAXIMUM_ATTRIBUTE_BYTES / 1024} KB of attributes.`))
    const cell = options.mapping.id ? row.properties[options.mapping.id.column] : row.id
    const id = cell === null || cell === undefined || cell === '' ? null : cleanText(String(cell)).slice(0, 200)
    const sourceHash = hashOf([row.properties, row.geometry])
    const contentHash = hashOf([settings, fields, attributes, geometry])
    return { row: row.row, id, sourceHash, contentHash, geometry, fields, attributes, problems }
  }
}
