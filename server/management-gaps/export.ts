/** A layer of management gaps as a file: the same rows as the list, with what was asked written beside them. */
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import { gapKindText, modelFormula } from '../contract/management-gap-sentences.ts'
import type { GAP_EXPORT_FORMATS, GapLayer, GapListQuery, GapRow } from '../contract/management-gaps.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/db.ts'
import { makeRunFile, type SentRunFile } from '../files/run-file.ts'
import type { Column, OutField, OutLayer } from '../files/write.ts'
import { summarise } from './judgement.ts'
import { type GapAnswer, readLayer, readShapes } from './management-gaps.ts'

export type GapExportFormat = (typeof GAP_EXPORT_FORMATS)[number]

const COLUMNS = [
  { key: 'rank', title: '排名 rank' },
  { key: 'unit', title: '单元 unit' },
  { key: 'code', title: '代码 code' },
  { key: 'name', title: '名称 name' },
  { key: 'street', title: '街道 street' },
  { key: 'community', title: '社区 community' },
  { key: 'kind', title: '类型 kind' },
  { key: 'weight', title: '排序值 weight' },
  { key: 'sentence_zh', title: '说明' },
  { key: 'sentence_en', title: 'sentence' },
  { key: 'longitude', title: '经度 longitude' },
  { key: 'latitude', title: '纬度 latitude' },
  { key: 'id', title: 'id' },
] as const satisfies readonly Column[]

const FIELDS: readonly OutField[] = COLUMNS.map(({ key }) => ({ name: key, type: key === 'rank' ? 'integer' : ['weight', 'longitude', 'latitude'].includes(key) ? 'number' : 'text' }))

function inWords(row: GapRow): Record<string, unknown> {
  const { zh, en } = gapKindText(row.kind)
  return {
    rank: row.rank, unit: row.level, code: row.code, name: row.name, street: row.streetName, community: row.communityName, kind: `${zh} ${en}`, weight: row.weight, sentence_zh: row.sentenceZh, sentence_en: row.sentenceEn,
    longitude: row.center?.[0] ?? null, latitude: row.center?.[1] ?? null, id: row.id,
  }
}

/** City, moment, parameters, figures, rules and model in words, one line each. */
export function describeAnswer({ city, at, parameters, judgement, rows }: GapAnswer): { key: string; value: unknown }[] {
  const { layer, model } = judgement
  const summary = summarise(judgement)
  return [
    { key: '城市 city', value: `${city.nameZh} ${city.nameEn} (${city.key})${city.isDemo ? ' · 合成演示数据 synthetic demonstration data' : ''}` },
    { key: '截至 as of', value: at.toISOString() },
    { key: '图层 layer', value: layer },
    { key: '行数 rows', value: rows.length },
    { key: '盲区 gaps', value: summary.total === null ? summary.count : `${summary.count} / ${summary.total}` },
    ...summary.kinds.map(({ kind, count, total }) => ({ key: gapKindText(kind).zh, value: `${count} / ${total}` })),
    { key: '统计天数 period days', value: parameters.periodDays },
    { key: '核查间隔 days without a check', value: parameters.days },
    { key: '更新间隔 months', value: parameters.months },
    ...parameters.rules.map(({ name, version, value, source }) => ({ key: `${name} v${version}`, value: `${value}（${source}）` })),
    ...(model ? [{ key: '模型 model', value: `${model.family}: ${modelFormula(model, 'en')}` }, { key: '拟合 fit', value: `n = ${model.communities}, deviance ${model.deviance.toFixed(2)} / ${model.degreesOfFreedom} df, dispersion ${model.dispersion.toFixed(3)}, pseudo R² ${model.pseudoR2.toFixed(4)}` }] : []),
    ...judgement.untold.map(({ zh, en }) => ({ key: '未判断 not told', value: `${zh} ${en}` })),
    { key: '坐标 coordinates', value: 'EPSG:4490' },
  ]
}

/** A layer as files: every unit with its shape where it has one, else its middle; a Shapefile holds the middles. */
export async function makeGapFile(db: Db, answer: GapAnswer, format: GapExportFormat): Promise<SentRunFile> {
  const rows = answer.rows.map(inWords)
  const hasShapes = format === 'geojson' || format === 'gpkg'
  const shapes = hasShapes ? await readShapes(db, answer.rows) : new Map<string, never>()
  const middleOf = ({ center }: GapRow) => (center ? { type: 'Point', coordinates: center } : null)
  const layer = (): OutLayer => ({ name: 'management_gaps', geometryType: 'Geometry', fields: FIELDS, features: answer.rows.map((row, at) => ({ geometry: shapes.get(row.id) ?? middleOf(row), properties: { ...rows[at], kind: row.kind } })) })
  return makeRunFile(
    {
      baseName: `${answer.city.key}-gaps-${answer.judgement.layer}-${answer.at.toISOString().slice(0, 10)}`,
      table: { columns: COLUMNS, rows },
      sheets: () => [{ name: '管理盲区 gaps', columns: COLUMNS, rows }, { name: '说明 about', columns: [{ key: 'key', title: '项目 item' }, { key: 'value', title: '内容 value' }], rows: describeAnswer(answer) }],
      layer,
      shapeLayer: () => ({ ...layer(), geometryType: 'Point', features: answer.rows.flatMap((row, at) => (row.center ? [{ geometry: { type: 'Point', coordinates: row.center }, properties: { ...rows[at], kind: row.kind } }] : [])) }),
      layers: () => [layer()],
      passport: () => describeAnswer(answer),
    },
    format,
  )
}

/** The file of a layer judged now, written down in the log before it is handed out. @throws AppError as `readLayer` */
export async function getGapFile({ db, clock }: Pick<AppContext, 'db' | 'clock'>, principal: Principal, city: string, layer: GapLayer, query: GapListQuery, format: GapExportFormat): Promise<SentRunFile> {
  const answer = await readLayer(db, city, layer, query, clock())
  const file = await makeGapFile(db, answer, format)
  await db.transaction((tx) => recordAudit(tx, principal, answer.city.cityId, { domain: 'exports', action: 'exportManagementGaps', objectKind: 'city', objectId: city, details: { format, layer, query } }, answer.at))
  return file
}
