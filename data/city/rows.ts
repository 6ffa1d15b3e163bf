/** The demo city as plain rows: what the generator gives and the loader takes. */
import type { Geometry } from './wkb.ts'

export type Value = string | number | boolean | null

/** Database type of a column of its own, so that a whole column can travel as one array. */
export type ColumnType = 'text' | 'integer' | 'real' | 'double precision' | 'boolean' | 'timestamptz'

export interface FeatureRow {
  sourceKey: string
  publicId: string
  contentHash: string
  values: Value[]
  attributes: Record<string, Value>
  geometry: Geometry
}

/** One data set of the catalogue with its rows. */
export interface LayerRows {
  key: string
  /** Kind of feature and name of its table. */
  kind: string
  titleZh: string
  titleEn: string
  owner: string
  quality: Record<string, Value>
  columns: readonly (readonly [string, ColumnType])[]
  rows: FeatureRow[]
}

export interface EntranceRow {
  publicId: string
  /** Source key of the green space it opens. */
  greenKey: string
  name: string
  geometry: Geometry
}

export interface NodeRow {
  publicId: string
  sourceKey: string
  geometry: Geometry
}

export interface EdgeRow {
  publicId: string
  sourceKey: string
  contentHash: string
  fromKey: string
  toKey: string
  kind: string
  barrier: string | null
  lengthMeters: number
  /** From the first end to the last. */
  riseMeters: number
  geometry: Geometry
}

export interface FlowRow {
  action: string
  from: string | null
  to: string
  actor: string
  at: string
  opinion: string | null
}

export interface IncidentRow {
  publicId: string
  contentHash: string
  reportNumber: string
  caseNumber: string | null
  classKind: 'part' | 'event'
  classCode: string
  className: string
  largeCode: string
  conditionOrdinal: number | null
  severity: number
  severityFrom: 'class' | 'source' | 'person'
  state: string
  source: string
  sourceReference: string | null
  reportedBy: string
  department: string | null
  holder: string | null
  description: string
  address: string | null
  placeMethod: string
  geometry: Geometry | null
  countyCode: string | null
  streetCode: string | null
  communityCode: string | null
  gridCode: string | null
  partKey: string | null
  occurredAt: string
  reportedAt: string
  filedAt: string | null
  dueAt: string | null
  disposedAt: string | null
  endedAt: string | null
  flow: FlowRow[]
}

export interface NumberRow {
  series: 'report' | 'case'
  day: string
  last: number
}

/** Who answers for an area. */
export interface OwnerRow {
  publicId: string
  areaCode: string
  organisation: string
  person: string | null
}

export interface DemoCity {
  publicId: string
  nameZh: string
  nameEn: string
  asOf: Date
  /** Since when the city's rows are valid: before its first incident. */
  validFrom: Date
  source: string
  boundary: Geometry
  extent: Geometry
  layers: LayerRows[]
  entrances: EntranceRow[]
  nodes: NodeRow[]
  edges: EdgeRow[]
  incidents: IncidentRow[]
  numbers: NumberRow[]
  owners: OwnerRow[]
}
