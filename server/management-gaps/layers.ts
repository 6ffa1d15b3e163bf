/** Reads and judges one layer of gaps. */
import type { CityRow } from '../cities/cities.ts'
import type { GapFigures, GapKind, GapLayer, GapUnit } from '../contract/management-gaps.ts'
import type { Queryable } from '../db/db.ts'
import { listUnattendedCells } from './attention-queries.ts'
import { countPlaced, listCommunityData, listLayerAges, listMisplaced, listOutside, listUnplacedCells } from './data-queries.ts'
import type { Judgement } from './judgement.ts'
import type { GapParameters } from './parameters.ts'
import { judgeReporting } from './reporting.ts'
import { findFirstCase, listCommunityCases, listCommunityGround } from './reporting-queries.ts'
import { findOwnerTables, listOwnerlessAreas, listOwnerlessCells } from './responsibility-queries.ts'
import { countAreas, countCells, type UnitRow } from './unit-queries.ts'

const DAY = 86_400_000

type Reader = (db: Queryable, city: CityRow, parameters: GapParameters, at: Date) => Promise<Judgement>

/** A row of a cell or an area as a unit. */
function unitOf(level: 'cell' | 'community' | 'street', { id, code, name, streetName, communityName, center }: UnitRow, kind: GapKind, weight: number | null, figures: GapFigures): GapUnit {
  return { level, id, code, name, drawnBy: level === 'cell' ? 'unit_grids' : 'administrative_areas', streetName, communityName, kind, weight, center, figures }
}

const NO_CELLS = { zh: '没有单元网格数据。', en: 'there are no cells of a unit grid.' }

const readResponsibility: Reader = async (db, { cityId }, { level, uncoveredShare }) => {
  const cells = await countCells(db, cityId)
  const total = level === 'cell' ? cells : await countAreas(db, cityId, level)
  const rows = level === 'cell' ? await listOwnerlessCells(db, cityId) : await listOwnerlessAreas(db, cityId, level, cells === 0 ? null : uncoveredShare)
  const { owners, collectors } = await findOwnerTables(db, cityId)
  const untold: Judgement['untold'] = []
  if (total === 0) untold.push(level === 'cell' ? NO_CELLS : { zh: '没有这一级的行政区划数据。', en: 'there are no administrative areas of this level.' })
  else if (cells === 0) untold.push({ zh: '没有单元网格数据，不判断网格是否铺满。', en: 'there are no cells, so nothing is said of land without any.' })
  if (owners === 0) untold.push({ zh: '责任单位表是空的：请导入网格责任单位。', en: 'the table of owners is empty: import the owners of cells or communities.' })
  if (collectors === 0) untold.push({ zh: '没有在岗的采集员岗位，不判断有无采集员。', en: 'no collector is in post, so nothing is said of collectors.' })
  const units = rows.map((row) => unitOf(level, row, row.kind, row.people, { people: row.people, ...(row.owner === null ? {} : { owner: row.owner }), ...(row.uncoveredShare === null ? {} : { uncoveredShare: row.uncoveredShare }), ...(row.openCells === null ? {} : { openCells: row.openCells }) }))
  return { layer: 'responsibility', units, total, totals: {}, counts: {}, untold, model: null }
}

const readReporting: Reader = async (db, city, parameters, at) => {
  const period = { from: new Date(at.getTime() - parameters.periodDays * DAY), to: at }
  const ground = await listCommunityGround(db, city.cityId, city.measureSrid)
  const cases = new Map((await listCommunityCases(db, city.cityId, period.from, period.to)).map((row) => [row.code, row.cases]))
  const judgement = judgeReporting(ground.map((community) => ({ ...community, cases: cases.get(community.code) ?? 0 })), period, parameters)
  const begins = await findFirstCase(db, city)
  if (begins !== null && Date.parse(begins.at) > period.from.getTime()) judgement.untold.push({ zh: `案件记录自 ${begins.day} 开始，不足 ${parameters.periodDays} 日。`, en: `cases are on record since ${begins.day} only, not for ${parameters.periodDays} days.` })
  return judgement
}

const readAttention: Reader = async (db, city, { days }, at) => {
  const total = await countCells(db, city.cityId)
  const rows = await listUnattendedCells(db, city, new Date(at.getTime() - days * DAY))
  const units = rows.map((row) => {
    if (row.checkedAt !== null && row.checkedOn !== null) {
      const daysAgo = Math.floor((at.getTime() - Date.parse(row.checkedAt)) / DAY)
      return unitOf('cell', row, 'stale', daysAgo, { checkedOn: row.checkedOn, daysAgo, days })
    }
    return row.cases > 0 ? unitOf('cell', row, 'never_checked', row.cases, { cases: row.cases }) : unitOf('cell', row, 'no_case', row.people, { people: row.people })
  })
  return { layer: 'attention', units, total, totals: {}, counts: {}, untold: total === 0 ? [NO_CELLS] : [], model: null }
}

/** Whole months from a day to a moment: as many as have been completed. */
function monthsBetween(day: string, at: Date): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const months = (at.getUTCFullYear() - year) * 12 + at.getUTCMonth() + 1 - month
  return at.getUTCDate() < date ? months - 1 : months
}

const readData: Reader = async (db, city, { months, placeMeters }, at) => {
  const { cityId } = city
  const communities = await listCommunityData(db, cityId)
  const layers = await listLayerAges(db, cityId)
  const misplaced = await listMisplaced(db, cityId, city.measureSrid, placeMeters)
  const outside = await listOutside(db, cityId)
  const unplaced = await listUnplacedCells(db, cityId)
  const { stated, placed } = await countPlaced(db, cityId)
  const cells = await countCells(db, cityId)
  const ages = layers.map((layer) => ({ ...layer, monthsAgo: monthsBetween(layer.dated, at) }))
  const pointOf = ({ feature, id, code, name, center }: { feature: 'parts' | 'incidents' | 'facilities' | 'unit_grids'; id: string; code: string; name: string | null; center: [number, number] | null }) =>
    ({ level: 'feature' as const, id, code, name, center, drawnBy: feature === 'unit_grids' ? 'unit_grids' as const : null })
  const units: GapUnit[] = [
    ...communities.filter(({ missing }) => missing.length > 0).map((row) => unitOf('community', row, 'missing', row.people, { people: row.people, missing: row.missing })),
    ...misplaced.map((row) => ({ ...pointOf(row), streetName: row.streetName, communityName: row.communityName, kind: 'wrong_unit' as const, weight: row.meters, figures: { feature: row.feature, statedCode: row.statedCode, foundCode: row.foundCode, meters: row.meters } })),
    ...outside.map((row) => ({ ...pointOf(row), streetName: null, communityName: null, kind: 'outside_city' as const, weight: null, figures: { feature: row.feature } })),
    ...unplaced.map((row) => unitOf('cell', row, 'unplaced', row.people, { without: row.without })),
    ...ages.filter(({ monthsAgo }) => monthsAgo >= months).map((layer): GapUnit => ({
      level: 'layer', id: layer.id, code: layer.key, name: layer.titleZh, drawnBy: null, streetName: null, communityName: null, kind: 'old', weight: layer.monthsAgo, center: null,
      figures: { dated: layer.dated, datedBy: layer.datedBy, monthsAgo: layer.monthsAgo, months },
    })),
  ]
  const countOf = (rows: readonly { feature: string; count: number }[]): number => [...new Map(rows.map(({ feature, count }) => [feature, count])).values()].reduce((sum, count) => sum + count, 0)
  const untold: Judgement['untold'] = []
  if (communities.length === 0) untold.push({ zh: '没有带人口的社区，不判断哪里缺数据。', en: 'no community is known to have people, so nothing is said of missing data.' })
  if (stated === 0) untold.push({ zh: '没有登记网格的部件或案件，不判断位置。', en: 'no part or case states its cell, so nothing is said of wrong places.' })
  if (layers.length === 0) untold.push({ zh: '还没有数据图层。', en: 'there are no layers of data yet.' })
  return {
    layer: 'data', units, total: null, untold, model: null,
    counts: { wrong_unit: countOf(misplaced), outside_city: countOf(outside) },
    totals: { missing: communities.length, wrong_unit: stated, outside_city: placed, unplaced: cells, old: layers.length },
  }
}

export const READERS: Record<GapLayer, Reader> = { responsibility: readResponsibility, reporting: readReporting, attention: readAttention, data: readData }
