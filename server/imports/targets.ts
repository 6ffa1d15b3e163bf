/** From the rules of a kind to the columns that are written, with what a row has where the file says nothing. */
import type { FieldRule, KindRule } from '../../data/importers/kinds.ts'
import type { StoredColumn, StoreTarget } from './store-queries.ts'

type Values = Record<string, string | number | boolean | null>

const OTHERWISE: Record<string, Values> = {
  unit_grids: { community_code: '', street_code: '', county_code: '' },
  green_spaces: { scheme_id: 'CJJT85-2017', counts_as_activity_site: true, access: 'open' },
  leftover_plots: { class: 'leftover' },
  roads: { is_bridge: false },
  path_edges: { kind: 'path', one_way: false },
  water_bodies: { class: 'water' },
  facilities: { access: 'open' },
  permits: { kind: 'other' },
  control_areas: { kind: 'key_area' },
  parts: { scheme_id: 'GBT30428.2-2013', state: 'intact' },
}

function typeOf(field: FieldRule): StoredColumn['type'] {
  if (field.type === 'integer') return 'integer'
  if (field.type === 'number') return 'double precision'
  if (field.type === 'instant') return 'timestamptz'
  if (field.type === 'time_of_day') return 'integer'
  return field.type === 'boolean' ? 'boolean' : 'text'
}

/** Columns of a kind's table that an import fills. */
export function targetOf(rule: KindRule): StoreTarget {
  const otherwise = OTHERWISE[rule.table] ?? {}
  const columns = rule.fields.map((field) => ({ column: field.column, type: typeOf(field), otherwise: otherwise[field.column] ?? null }))
  const missing = Object.keys(otherwise).filter((column) => !columns.some((known) => known.column === column))
  return { table: rule.table, measure: rule.measure, columns: [...columns, ...missing.map((column) => ({ column, type: 'text' as const, otherwise: otherwise[column] ?? null }))] }
}

/** Classes of CJJ/T 85-2017 in which people may spend their time: parks (G1…) and squares (G3). */
const ACTIVITY_SITE = /^G(1|3)/

/** What follows from the fields of a row without looking anywhere else. */
export function completeFields(table: string, fields: Values): Values {
  if (table === 'unit_grids' && typeof fields['code'] === 'string' && /^\d{15}$/.test(fields['code'])) {
    const { code } = fields
    return { ...fields, community_code: fields['community_code'] ?? code.slice(0, 12), street_code: fields['street_code'] ?? `${code.slice(0, 9)}000`, county_code: fields['county_code'] ?? `${code.slice(0, 6)}000000` }
  }
  if (table === 'green_spaces' && typeof fields['class_code'] === 'string') {
    const classCode = fields['class_code'].toUpperCase()
    return { ...fields, class_code: classCode, counts_as_activity_site: fields['counts_as_activity_site'] ?? ACTIVITY_SITE.test(classCode) }
  }
  return fields
}
