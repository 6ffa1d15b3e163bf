/** Management gaps: four layers, each a list of units with a kind and a sentence; summary, list, map and file read the same judgement. */
import { type CityRow, getCity } from '../cities/cities.ts'
import type { Reply } from '../contract/endpoint.ts'
import { gapSentence } from '../contract/management-gap-sentences.ts'
import {
  GAP_LAYER_KEYS, GAP_MAP_UNITS, gapKind, gapKindsOf, type GapLayer, type GapLayerSummary, type GapListQuery, type GapQuery, type GapRow, type getManagementGapMap as mapEndpoint, type getManagementGaps as summaryEndpoint,
  type listManagementGaps as listEndpoint,
} from '../contract/management-gaps.ts'
import { GAP_LAYER_NAMES } from '../contract/management-gap-words.ts'
import type { Db } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { type Judgement, rankUnits, summarise } from './judgement.ts'
import { READERS } from './layers.ts'
import { type GapParameters, presentAsked, readParameters } from './parameters.ts'
import { listShapes } from './unit-queries.ts'

export interface GapAnswer {
  city: CityRow
  at: Date
  parameters: GapParameters
  judgement: Judgement
  /** Under the filter, ranked. */
  rows: GapRow[]
}

/**
 * One layer, judged and ranked.
 * @throws AppError not_found for an unknown city; bad_request for a kind of another layer, or a level where it is not asked by
 */
export async function readLayer(db: Db, cityKey: string, layer: GapLayer, query: GapListQuery, at: Date): Promise<GapAnswer> {
  const city = await getCity(db, cityKey)
  if (query.kind !== undefined && !gapKindsOf(layer).includes(query.kind)) {
    throw new AppError('bad_request', `“${GAP_LAYER_NAMES[layer].zh}”没有类型 ${query.kind}：可选 ${gapKindsOf(layer).join('、')}，请改选。The layer ${layer} has no kind ${query.kind}; it has ${gapKindsOf(layer).join(', ')}.`, { errors: [{ path: 'query.kind', message: `one of ${gapKindsOf(layer).join(', ')}` }] })
  }
  if (layer !== 'responsibility' && query.level !== 'cell') {
    throw new AppError('bad_request', `只有责任盲区可按网格、社区或街道判断，其余各有单元：请去掉判断单元。Only responsibility is asked by level; ${layer} has units of its own.`, { errors: [{ path: 'query.level', message: '仅用于责任盲区。For responsibility only' }] })
  }
  const parameters = await readParameters(db, city.cityId, query)
  const judgement = await READERS[layer](db, city, parameters, at)
  const isShown = ({ kind }: { kind: GapRow['kind'] }): boolean => (query.kind === undefined ? query.everyUnit || gapKind(kind).isGap : kind === query.kind)
  const rows = rankUnits(layer, judgement.units).filter(isShown).map((unit, index): GapRow => {
    const { zh, en } = gapSentence(unit)
    return { ...unit, rank: index + 1, sentenceZh: zh, sentenceEn: en }
  })
  return { city, at, parameters, judgement, rows }
}

/** The four layers in figures. @throws AppError not_found */
export async function getManagementGaps(db: Db, cityKey: string, query: GapQuery, at: Date): Promise<Reply<typeof summaryEndpoint>> {
  const city = await getCity(db, cityKey)
  const parameters = await readParameters(db, city.cityId, query)
  return { asOf: at.toISOString(), asked: presentAsked(parameters), layers: await summariseLayers(db, city, parameters, at) }
}

/** Each layer in figures; `known` need not be judged again. */
export function summariseLayers(db: Db, city: CityRow, parameters: GapParameters, at: Date, known?: Judgement): Promise<GapLayerSummary[]> {
  return Promise.all(GAP_LAYER_KEYS.map(async (layer) => summarise(known?.layer === layer ? known : await READERS[layer](db, city, parameters, at))))
}

/** A page of a layer's units. @throws AppError as `readLayer` */
export async function listManagementGaps(db: Db, cityKey: string, layer: GapLayer, query: GapListQuery & { afterRank: number; limit: number }, at: Date): Promise<Reply<typeof listEndpoint>> {
  const { parameters, judgement, rows } = await readLayer(db, cityKey, layer, query, at)
  const page = rows.slice(query.afterRank, query.afterRank + query.limit)
  const last = page.at(-1)?.rank ?? rows.length
  return { asOf: at.toISOString(), asked: presentAsked(parameters), summary: summarise(judgement), model: judgement.model, total: rows.length, rows: page, afterRank: last < rows.length ? last : null }
}

/** A layer's units for the map. @throws AppError as `readLayer` */
export async function getManagementGapMap(db: Db, cityKey: string, layer: GapLayer, query: GapListQuery, at: Date): Promise<Reply<typeof mapEndpoint>> {
  const { rows } = await readLayer(db, cityKey, layer, query, at)
  return { asOf: at.toISOString(), isCut: rows.length > GAP_MAP_UNITS, units: rows.slice(0, GAP_MAP_UNITS).map(({ sentenceZh: _zh, sentenceEn: _en, ...unit }) => unit) }
}

const SHAPES_AT_ONCE = 2000

/** Shapes of units that are drawn by tiles, by id. */
export async function readShapes(db: Db, rows: readonly GapRow[]): Promise<Map<string, { type: string; coordinates: unknown }>> {
  const shapes = new Map<string, { type: string; coordinates: unknown }>()
  for (const table of ['unit_grids', 'administrative_areas'] as const) {
    const ids = rows.filter(({ drawnBy }) => drawnBy === table).map(({ id }) => id)
    for (let start = 0; start < ids.length; start += SHAPES_AT_ONCE) for (const { id, geometry } of await listShapes(db, table, ids.slice(start, start + SHAPES_AT_ONCE))) shapes.set(id, geometry)
  }
  return shapes
}
