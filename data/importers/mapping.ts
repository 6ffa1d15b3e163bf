/** Which column becomes which field: what the user says first, then guesses by well-known names. */
import type { FieldRule, KindRule } from './kinds.ts'
import { ID_GUESSES, LATITUDE_GUESSES, LONGITUDE_GUESSES } from './kinds.ts'

/** Where a field's value comes from. */
export type FieldSource =
  | { from: 'column'; column: string; isGuess: boolean }
  | { from: 'constant'; value: string }
  /** True where the column contains the text: `drill=專案名稱~測試`. */
  | { from: 'contains'; column: string; text: string }

export interface Mapping {
  fields: Map<FieldRule, FieldSource>
  id: { column: string; isGuess: boolean } | null
  longitude: string | null
  latitude: string | null
}

/** What the user said about the mapping cannot be followed. */
export class MappingError extends Error {}

const POSITION_NAMES: Record<string, 'longitude' | 'latitude'> = { lon: 'longitude', lng: 'longitude', longitude: 'longitude', x: 'longitude', lat: 'latitude', latitude: 'latitude', y: 'latitude' }

const plain = (name: string): string => name.toLowerCase().replaceAll(/[\s_.\-:]/g, '')

function guessColumn(names: readonly string[], columns: ReadonlyMap<string, string>): string | undefined {
  for (const name of names) {
    const column = columns.get(plain(name))
    if (column !== undefined) return column
  }
  return undefined
}

function parseSource(field: string, written: string, columns: ReadonlySet<string>): FieldSource {
  if (written.startsWith('=')) return { from: 'constant', value: written.slice(1) }
  const [column, text] = columns.has(written) ? [written, undefined] : splitOnce(written, '~')
  if (!columns.has(column)) throw new MappingError(`--map ${field}=${written}: the file has no column "${column}". It has: ${[...columns].join(', ') || 'none'}.`)
  return text === undefined ? { from: 'column', column, isGuess: false } : { from: 'contains', column, text }
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)]
}

/**
 * Settles the mapping of a file.
 * @param given `field → column`, `field → =constant`, `field → column~text`, as the user wrote them.
 * @param columnNames all columns of the file.
 * @throws MappingError naming the field or column that does not exist.
 */
export function settleMapping(rule: KindRule, given: Readonly<Record<string, string>>, columnNames: readonly string[]): Mapping {
  const columns = new Set(columnNames)
  const byPlainName = new Map([...columnNames].reverse().map((name) => [plain(name), name]))
  const known = new Set([...rule.fields.map((field) => field.name), 'id', ...Object.keys(POSITION_NAMES)])
  for (const name of Object.keys(given)) {
    if (!known.has(name)) throw new MappingError(`--map ${name}=…: rows of this kind have no field "${name}". Fields are: ${[...new Set([...rule.fields.map((field) => field.name), 'id', 'lon', 'lat'])].join(', ')}.`)
  }
  const mapping: Mapping = { fields: new Map(), id: null, longitude: null, latitude: null }
  const used = new Set<string>()
  for (const field of rule.fields) {
    const written = given[field.name]
    if (written !== undefined) mapping.fields.set(field, parseSource(field.name, written, columns))
  }
  for (const source of mapping.fields.values()) if (source.from === 'column') used.add(source.column)
  for (const field of rule.fields) {
    if (mapping.fields.has(field)) continue
    const free = new Map([...byPlainName].filter(([, column]) => !used.has(column)))
    const column = guessColumn(field.guess, free)
    if (column === undefined) continue
    mapping.fields.set(field, { from: 'column', column, isGuess: true })
    used.add(column)
  }
  for (const [name, axis] of Object.entries(POSITION_NAMES)) {
    const written = given[name]
    if (written === undefined) continue
    if (!columns.has(written)) throw new MappingError(`--map ${name}=${written}: the file has no column "${written}". It has: ${[...columns].join(', ')}.`)
    mapping[axis] = written
  }
  mapping.longitude ??= guessColumn(LONGITUDE_GUESSES, byPlainName) ?? null
  mapping.latitude ??= guessColumn(LATITUDE_GUESSES, byPlainName) ?? null

  const idField = [...mapping.fields].find(([field]) => field.name === 'id')?.[1]
  if (idField?.from === 'column') mapping.id = { column: idField.column, isGuess: idField.isGuess }
  else if (given['id'] !== undefined) {
    if (!columns.has(given['id'])) throw new MappingError(`--map id=${given['id']}: the file has no column "${given['id']}".`)
    mapping.id = { column: given['id'], isGuess: false }
  } else {
    const code = [...mapping.fields].find(([field]) => field.column === 'code')?.[1]
    const column = code?.from === 'column' ? code.column : guessColumn(ID_GUESSES, byPlainName)
    if (column !== undefined) mapping.id = { column, isGuess: true }
  }
  return mapping
}

/** The mapping in words, for the report: field → column. */
export function describeMapping(mapping: Mapping): Record<string, string> {
  const words = [...mapping.fields].map(([field, source]) => {
    if (source.from === 'constant') return [field.name, `=${source.value}`]
    return [field.name, source.from === 'contains' ? `${source.column}~${source.text}` : source.column]
  })
  return Object.fromEntries(words)
}
