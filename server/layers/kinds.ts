/** Every kind of feature as a record: its table, what it is called by, and its fields in the order they are read. */
import type { FeatureKind } from '../contract/layers.ts'
import type { Dictionary, Unit } from './labels.ts'

export interface FieldSource {
  column: string
  unit?: Unit
  /** Words for the coded values of this column. */
  dictionary?: Dictionary
  /** Not a column: counted for the one feature that is inspected. */
  isCounted?: boolean
  /** A time, said in the city's zone; or a code of another thing, said with its name. */
  says?: 'time' | 'area'
}

export interface KindSource {
  table: string
  code: string | null
  name: string | null
  /** Coded class of a row, and the words for it; `case_class` are the classes of the row's own scheme. */
  class: { column: string; dictionary: Dictionary | 'case_class' } | null
  hasArea: boolean
  /** Rows have versions: one live, earlier ones ended. Incidents keep their history in their flow. */
  hasVersions: boolean
  fields: readonly FieldSource[]
}

const field = (column: string, more: Omit<FieldSource, 'column'> = {}): FieldSource => ({ column, ...more })
const name = field('name')
const code = field('code')
const area = field('area_m2', { unit: 'm2' })
const length = field('length_meters', { unit: 'm' })
const people = [field('population', { unit: 'people' }), field('elders', { unit: 'people' }), field('children', { unit: 'people' })]
const time = (column: string) => field(column, { says: 'time' })
const place = (column: string) => field(column, { says: 'area' })
const versioned = { hasVersions: true, code: null, name: 'name', class: null, hasArea: true }

export const KINDS: Record<FeatureKind, KindSource> = {
  incidents: {
    table: 'incidents', code: 'report_number', name: 'class_name', class: { column: 'state', dictionary: 'incident_state' }, hasArea: false, hasVersions: false,
    fields: [
      field('report_number'), field('case_number'), field('class_kind', { dictionary: 'class_kind' }), field('class_name'), field('class_code'), field('scheme_id'),
      field('severity', { dictionary: 'severity' }), field('severity_from', { dictionary: 'severity_from' }), field('state', { dictionary: 'incident_state' }),
      field('source', { dictionary: 'incident_source' }), field('source_reference'), field('description'), field('address'), field('place_method', { dictionary: 'place_method' }),
      place('county_code'), place('street_code'), place('community_code'), field('grid_code'), field('grid_version'), field('department'), field('holder'),
      time('occurred_at'), time('reported_at'), time('received_at'), time('filed_at'), time('due_at'), time('disposed_at'), time('ended_at'), field('is_drill', { dictionary: 'boolean' }),
    ],
  },
  unit_grids: {
    ...versioned, table: 'unit_grids', code: 'code', class: { column: 'grade', dictionary: 'grid_grade' },
    fields: [code, name, field('grade', { dictionary: 'grid_grade' }), field('status', { dictionary: 'grid_status' }), place('county_code'), place('street_code'), place('community_code'), area, field('population', { unit: 'people' }), field('owner_name'), field('grid_version')],
  },
  administrative_areas: {
    ...versioned, table: 'administrative_areas', code: 'code', class: { column: 'level', dictionary: 'administrative_level' },
    fields: [name, code, field('level', { dictionary: 'administrative_level' }), place('parent_code'), area, field('population', { unit: 'people' })],
  },
  green_spaces: {
    ...versioned, table: 'green_spaces', class: { column: 'class_code', dictionary: 'green_class' },
    fields: [
      name, field('class_code', { dictionary: 'green_class' }), field('scheme_id'), area, field('access', { dictionary: 'access' }), field('counts_as_activity_site', { dictionary: 'boolean' }),
      field('green_ratio', { unit: 'percent' }), field('owner_name'), field('built_year'), field('entrances', { isCounted: true }),
    ],
  },
  green_lines: { ...versioned, table: 'green_lines', code: 'code', fields: [name, code, area] },
  control_areas: {
    ...versioned, table: 'control_areas', code: 'code', class: { column: 'kind', dictionary: 'control_kind' },
    fields: [name, code, field('kind', { dictionary: 'control_kind' }), field('classes'), time('starts_at'), time('ends_at'), field('from_minute'), field('to_minute'), field('tip'), area],
  },
  permits: {
    ...versioned, table: 'permits', code: 'code', hasArea: false, class: { column: 'kind', dictionary: 'permit_kind' },
    fields: [name, code, field('kind', { dictionary: 'permit_kind' }), field('holder'), field('issued_by'), time('starts_at'), time('ends_at')],
  },
  leftover_plots: {
    ...versioned, table: 'leftover_plots', code: 'code', class: { column: 'class', dictionary: 'leftover_class' },
    fields: [name, code, field('class', { dictionary: 'leftover_class' }), area, field('ownership', { dictionary: 'ownership' }), field('land_use', { dictionary: 'land_use' })],
  },
  residential_areas: { ...versioned, table: 'residential_areas', code: 'code', fields: [name, code, area, field('population', { unit: 'people' })] },
  population_cells: { ...versioned, table: 'population_cells', code: 'code', name: null, fields: [code, ...people, area] },
  built_up_areas: { ...versioned, table: 'built_up_areas', fields: [name, area] },
  historic_districts: { ...versioned, table: 'historic_districts', fields: [name, area] },
  facilities: {
    ...versioned, table: 'facilities', code: 'code', hasArea: false, class: { column: 'class', dictionary: 'facility_class' },
    fields: [name, code, field('class', { dictionary: 'facility_class' }), field('address'), field('access', { dictionary: 'access' }), field('level'), field('capacity'), field('owner_name')],
  },
  parts: {
    ...versioned, table: 'parts', code: 'code', hasArea: false, class: { column: 'class_code', dictionary: 'case_class' },
    fields: [name, code, field('class_code'), field('scheme_id'), field('state', { dictionary: 'part_state' }), field('department'), field('maintainer'), field('grid_code')],
  },
  buildings: {
    ...versioned, table: 'buildings', class: { column: 'class', dictionary: 'building_class' },
    fields: [name, field('class', { dictionary: 'building_class' }), field('height_meters', { unit: 'm' }), field('floors', { unit: 'floors' }), area, ...people],
  },
  roads: {
    ...versioned, table: 'roads', hasArea: false, class: { column: 'class', dictionary: 'road_class' },
    fields: [name, field('name_en'), field('class', { dictionary: 'road_class' }), length, field('width_meters', { unit: 'm' }), field('is_bridge', { dictionary: 'boolean' })],
  },
  path_edges: {
    ...versioned, table: 'path_edges', name: null, hasArea: false, class: { column: 'kind', dictionary: 'path_kind' },
    fields: [field('kind', { dictionary: 'path_kind' }), field('barrier', { dictionary: 'barrier' }), field('one_way', { dictionary: 'boolean' }), length],
  },
  water_bodies: { ...versioned, table: 'water_bodies', class: { column: 'class', dictionary: 'water_class' }, fields: [name, field('class', { dictionary: 'water_class' }), area] },
  terrain_areas: { ...versioned, table: 'terrain_areas', class: { column: 'class', dictionary: 'terrain_class' }, fields: [name, field('class', { dictionary: 'terrain_class' }), field('level'), area] },
}
