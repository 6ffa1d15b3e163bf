/** The rows of a filter as a file, with the filter written into it: CSV, XLSX or GeoJSON. */
import type { CityRow } from '../cities/cities.ts'
import { isOverdue, SOURCE_LABELS, STATE_LABELS } from '../contract/incident-workflow.ts'
import type { INCIDENT_EXPORT_FORMATS, IncidentFilter } from '../contract/incidents.ts'
import { QUEUES } from '../contract/queues.ts'
import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { type Column, csvCell, csvChunks, geoJsonChunks, type OutFeature, writeXlsx } from '../files/write.ts'
import { localDay } from './clocks.ts'
import { countIncidents } from './counts.ts'
import { incidentFilter } from './filter-queries.ts'
import { type ExportedIncident, listExportPage, type PageStart } from './queries.ts'
import { maskReporter } from './reporter.ts'
import type { Visibility } from './visibility.ts'

export type IncidentExportFormat = (typeof INCIDENT_EXPORT_FORMATS)[number]

export interface IncidentExport {
  mediaType: string
  fileName: string
  chunks: AsyncIterable<string | Buffer>
}

const PAGE_ROWS = 5_000
/** A workbook is built in memory, about 1 kB a row and column. */
const XLSX_ROWS = 100_000

const COLUMNS = [
  { key: 'reportNumber', title: '受理号 Report number' },
  { key: 'caseNumber', title: '案件编号 Case number' },
  { key: 'kind', title: '类别 Kind' },
  { key: 'classCode', title: '小类代码 Class code' },
  { key: 'className', title: '小类 Class' },
  { key: 'severity', title: '级别 Severity (1-3)' },
  { key: 'state', title: '状态 State' },
  { key: 'overdue', title: '超时 Overdue' },
  { key: 'source', title: '来源 Source' },
  { key: 'sourceReference', title: '来源编号 Source reference' },
  { key: 'reportedBy', title: '上报人 Reported by' },
  { key: 'description', title: '问题描述 Description' },
  { key: 'address', title: '地址 Address' },
  { key: 'streetName', title: '街道 Street' },
  { key: 'communityName', title: '社区 Community' },
  { key: 'gridCode', title: '单元网格 Grid cell' },
  { key: 'longitude', title: '经度 Longitude' },
  { key: 'latitude', title: '纬度 Latitude' },
  { key: 'department', title: '处置部门 Department' },
  { key: 'occurredAt', title: '发生时间 Occurred' },
  { key: 'reportedAt', title: '上报时间 Reported' },
  { key: 'filedAt', title: '立案时间 Filed' },
  { key: 'dueAt', title: '处置时限 Due' },
  { key: 'disposedAt', title: '处置完成 Handled' },
  { key: 'endedAt', title: '结束时间 Ended' },
  { key: 'outsideCity', title: '城市范围外 Outside the city' },
  { key: 'isDrill', title: '演练 Drill' },
  { key: 'layerKey', title: '图层 Layer' },
  { key: 'id', title: '标识 Id' },
] as const satisfies readonly Column[]

const FILTER_WORDS: Record<keyof IncidentFilter, string> = {
  states: '状态 states',
  status: '进度 status',
  sources: '来源 sources',
  severities: '级别 severities',
  classes: '类别 classes',
  areas: '区域 areas',
  boundingBox: '范围 bounding box',
  from: '自 from',
  to: '至 to',
  text: '文字 text',
  layers: '图层 layers',
  queue: '队列 queue',
  mine: '由我办理 mine',
  supervised: '督办 supervised',
  returned: '退回 returned',
  includeDrills: '含演练 with drills',
  includeOutside: '含城市范围外 with places outside the city',
}

function valueInWords(key: keyof IncidentFilter, filter: IncidentFilter): string {
  const queue = key === 'queue' && filter.queue ? QUEUES[filter.queue] : undefined
  return queue ? `${queue.labelZh} ${queue.labelEn}` : [filter[key]].flat().join(', ')
}

/** Whose eyes the rows were seen with, so that a part of the city is not taken for the whole. */
function reachInWords(visibility: Visibility): string {
  if (visibility.isWhole) return '全市 the whole city'
  const reaches = visibility.reaches.map(({ areaCode, organisationIds }) => [areaCode === null ? [] : [`区域 area ${areaCode}`], organisationIds === null ? [] : ['本部门 own department']].flat().join(' · '))
  return [...new Set([...reaches, '本人经办 own cases'])].join('；')
}

/** The filter, the city, the reach and the moment in words, one line each. */
export function describeExport(city: CityRow, visibility: Visibility, filter: IncidentFilter, at: Date): { what: string; value: string }[] {
  const given = (Object.keys(FILTER_WORDS) as (keyof IncidentFilter)[]).filter((key) => filter[key] !== undefined)
  return [
    { what: '城市 City', value: `${city.nameZh} ${city.nameEn} (${city.key})${city.isDemo ? ' · 合成演示数据 synthetic demonstration data' : ''}` },
    { what: '截至 As of', value: at.toISOString() },
    { what: '坐标 Coordinates', value: 'EPSG:4490' },
    { what: '可见范围 Reach', value: reachInWords(visibility) },
    ...(given.length === 0 ? [{ what: '筛选 Filter', value: '全部 all' }] : given.map((key) => ({ what: `筛选 Filter: ${FILTER_WORDS[key]}`, value: valueInWords(key, filter) }))),
  ]
}

function inWords(row: ExportedIncident, at: Date): Record<string, unknown> {
  const { position, ...rest } = row
  const yes = (value: boolean) => (value ? '是 yes' : '否 no')
  return {
    ...rest,
    kind: row.classKind === 'part' ? '部件 part' : '事件 event',
    state: `${STATE_LABELS[row.state].zh} ${STATE_LABELS[row.state].en}`,
    source: `${SOURCE_LABELS[row.source].zh} ${SOURCE_LABELS[row.source].en}`,
    overdue: yes(isOverdue(row, at.getTime())),
    outsideCity: yes(row.outsideCity),
    isDrill: yes(row.isDrill),
    longitude: position?.[0] ?? null,
    latitude: position?.[1] ?? null,
  }
}

/** Every row of the filter, newest first, read page by page so that a slow reader holds nothing open in the database. */
async function* exportedRows(db: Queryable, city: CityRow, visibility: Visibility, filter: IncidentFilter, at: Date): AsyncGenerator<ExportedIncident> {
  let start: PageStart | undefined
  do {
    const page = await listExportPage(db, incidentFilter(city, visibility, filter, at), start, PAGE_ROWS)
    for (const { summary } of page) yield maskReporter(summary)
    start = page.length === PAGE_ROWS ? page.at(-1)?.start : undefined
  } while (start)
}

async function* csv(rows: AsyncIterable<Record<string, unknown>>, about: readonly { what: string; value: string }[]): AsyncGenerator<string> {
  let first = true
  for await (const chunk of csvChunks(COLUMNS, rows)) {
    // The mark that tells Excel the encoding has to stay the very first character, before the lines on the filter.
    if (first) yield `\uFEFF${about.map(({ what, value }) => `${csvCell(`# ${what}: ${value}`)}\r\n`).join('')}${chunk.replace('\uFEFF', '')}`
    else yield chunk
    first = false
  }
}

async function* geoJson(rows: AsyncIterable<ExportedIncident>, about: readonly { what: string; value: string }[], at: Date): AsyncGenerator<string> {
  async function* features(): AsyncGenerator<OutFeature> {
    for await (const row of rows) yield { geometry: row.position && { type: 'Point', coordinates: row.position }, properties: { ...row, overdue: isOverdue(row, at.getTime()) } }
  }
  const names = ['id', 'reportNumber', 'caseNumber', 'classKind', 'classCode', 'className', 'severity', 'state', 'overdue', 'source', 'sourceReference', 'reportedBy', 'description', 'address', 'streetCode', 'streetName', 'communityCode', 'communityName', 'gridCode', 'department', 'occurredAt', 'reportedAt', 'filedAt', 'dueAt', 'disposedAt', 'endedAt', 'outsideCity', 'isDrill', 'layerKey']
  const head = '{"type":"FeatureCollection",'
  for await (const chunk of geoJsonChunks({ name: 'incidents', geometryType: 'Point', fields: names.map((name) => ({ name, type: 'text' as const })), features: features() })) {
    yield chunk.startsWith(head) ? `${head}"about":${JSON.stringify(Object.fromEntries(about.map(({ what, value }) => [what, value])))},${chunk.slice(head.length)}` : chunk
  }
}

async function* workbook(rows: readonly Record<string, unknown>[], about: readonly { what: string; value: string }[]): AsyncGenerator<Buffer> {
  yield writeXlsx([
    { name: '案件 Incidents', columns: COLUMNS, rows },
    { name: '说明 About', columns: [{ key: 'what', title: '项 Item' }, { key: 'value', title: '值 Value' }], rows: about },
  ])
}

async function* mapped<T, U>(items: AsyncIterable<T>, map: (item: T) => U): AsyncGenerator<U> {
  for await (const item of items) yield map(item)
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

/**
 * Prepares the file of a filter; its bytes are made while they are read.
 * @throws AppError too_large when a workbook is asked for more rows than it can carry.
 */
export async function exportIncidents(db: Queryable, city: CityRow, visibility: Visibility, filter: IncidentFilter, format: IncidentExportFormat, at: Date): Promise<IncidentExport> {
  const about = describeExport(city, visibility, filter, at)
  const rows = exportedRows(db, city, visibility, filter, at)
  const words = mapped(rows, (row) => inWords(row, at))
  const baseName = `incidents-${city.key}-${localDay(at, city.timeZone)}`
  switch (format) {
    case 'csv':
      return { mediaType: 'text/csv; charset=utf-8', fileName: `${baseName}.csv`, chunks: csv(words, about) }
    case 'geojson':
      return { mediaType: 'application/geo+json', fileName: `${baseName}.geojson`, chunks: geoJson(rows, about, at) }
    case 'xlsx': {
      const { total } = await countIncidents(db, city, visibility, filter, at)
      if (total > XLSX_ROWS) throw new AppError('too_large', `The filter holds ${total} incidents; a workbook carries ${XLSX_ROWS}. Narrow the filter or export CSV.`)
      const all = await collect(words)
      return { mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', fileName: `${baseName}.xlsx`, chunks: workbook(all, about) }
    }
  }
}
