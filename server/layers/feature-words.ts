/** Pure: a stored row → fields, title and history in words. */
import type { FeatureField, FeatureKind } from '../contract/layers.ts'
import { type FieldSource, KINDS } from './kinds.ts'
import { fieldLabel, kindLabel, type Label, unitLabel, valueLabel } from './labels.ts'

type Columns = Record<string, unknown>

/** What a row refers to by code, looked up beforehand. */
export interface Names {
  areas: ReadonlyMap<string, string>
  caseClass: Label | undefined
  timeZone: string
}

/** A time in the city's zone, to the minute. */
export function localTime(instant: string, timeZone: string): string {
  // Swedish writes dates as ISO does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(new Date(instant))
}

function plain(value: unknown): string | number | boolean | null {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Math.round(value * 100) / 100
  if (typeof value === 'string' || typeof value === 'boolean') return value
  return value === null || value === undefined ? null : JSON.stringify(value)
}

function wordsOf(kind: FeatureKind, source: FieldSource, value: string | number | boolean, names: Names): { valueZh?: string; valueEn?: string } {
  if (source.says === 'time') {
    const text = localTime(String(value), names.timeZone)
    return { valueZh: text, valueEn: text }
  }
  if (source.says === 'area') {
    const name = names.areas.get(String(value))
    return name === undefined ? {} : { valueZh: name, valueEn: name }
  }
  const isClass = source.column === KINDS[kind].class?.column && KINDS[kind].class?.dictionary === 'case_class'
  const label = isClass ? names.caseClass : source.dictionary && valueLabel(source.dictionary, String(value))
  return label ? { valueZh: label.zh, valueEn: label.en } : {}
}

const LIFE: FieldSource[] = [{ column: 'valid_from', says: 'time' }, { column: 'valid_to', says: 'time' }, { column: 'outside_city', dictionary: 'boolean' }]

/** All fields of a row in words; of its life only what says something. */
export function fieldsInWords(kind: FeatureKind, columns: Columns, names: Names): FeatureField[] {
  const life = LIFE.filter(({ column }) => (KINDS[kind].hasVersions || column === 'outside_city') && columns[column] !== null && columns[column] !== undefined && columns[column] !== false)
  return [...KINDS[kind].fields, ...life].map((source) => {
    const label = fieldLabel(source.column)
    const value = plain(columns[source.column])
    return {
      key: source.column,
      labelZh: label.zh,
      labelEn: label.en,
      value,
      ...(value === null ? {} : wordsOf(kind, source, value, names)),
      ...(source.unit ? { unit: unitLabel(source.unit).zh } : {}),
    }
  })
}

/** What a feature is called: by its name, else by its code, else by its kind and number in the source. */
export function titleOf(kind: FeatureKind, columns: Columns, caseClass?: Label): Label {
  const { name, code } = KINDS[kind]
  const text = (column: string | null) => (column && typeof columns[column] === 'string' && columns[column] !== '' ? String(columns[column]) : undefined)
  const label = kindLabel(kind)
  if (kind === 'incidents') return { zh: `${text('class_name') ?? label.zh} ${text('case_number') ?? text('report_number') ?? ''}`.trim(), en: `${caseClass?.en ?? text('class_name') ?? label.en} ${text('case_number') ?? text('report_number') ?? ''}`.trim() }
  const named = text(name)
  if (named !== undefined) return { zh: named, en: text('name_en') ?? named }
  const numbered = text(code) ?? text('source_key') ?? ''
  return { zh: `${caseClass?.zh ?? label.zh} ${numbered}`.trim(), en: `${caseClass?.en ?? label.en} ${numbered}`.trim() }
}

export interface VersionColumns {
  columns: Columns
  shapeHash: string | null
}

export interface HistoryEntry {
  at: string
  what: string
  whatEn: string
  actor: string | null
}

/** What each version changed against the one before, newest first; the last entry is the first record. */
export function historyOf(kind: FeatureKind, versions: readonly VersionColumns[]): HistoryEntry[] {
  const entries: HistoryEntry[] = []
  versions.forEach(({ columns, shapeHash }, index) => {
    const before = versions[index - 1]
    const at = String(columns['valid_from'])
    const number = index + 1
    if (!before) {
      entries.push({ at, what: '首次录入', whatEn: 'First recorded', actor: null })
    } else {
      const changed = KINDS[kind].fields.map(({ column }) => column).filter((column) => JSON.stringify(columns[column]) !== JSON.stringify(before.columns[column]))
      if (shapeHash !== before.shapeHash) changed.push('geom')
      if (JSON.stringify(columns['attributes']) !== JSON.stringify(before.columns['attributes'])) changed.push('attributes')
      const labels = changed.map(fieldLabel)
      entries.push({
        at,
        what: `第 ${number} 版${labels.length > 0 ? `：更新${labels.map(({ zh }) => zh).join('、')}` : ''}`,
        whatEn: `Version ${number}${labels.length > 0 ? `: ${labels.map(({ en }) => en).join(', ')} changed` : ''}`,
        actor: null,
      })
    }
    const ended = columns['valid_to']
    // An end that is the next version's beginning is told there.
    if (typeof ended === 'string' && ended !== versions[index + 1]?.columns['valid_from']) entries.push({ at: ended, what: '停用', whatEn: 'Ended', actor: null })
  })
  return entries.reverse()
}
