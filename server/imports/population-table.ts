/** A table of people by area name or code, joined to areas that are on the map already. */
import { v7 as uuidv7 } from 'uuid'
import { KIND_RULES, type KindRule } from '../../data/importers/kinds.ts'
import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import type { ImportRun, StoredLayer } from './context.ts'
import { type AreaPopulation, hasAttribute, type JoinColumn, listAttributes, listJoinKeys, updateAreaPopulation } from './join-queries.ts'
import { findLayer, type LayerRow } from './queries.ts'
import type { ReadRows } from './read-rows.ts'
import { requireNoRefusal } from './store.ts'

/** Population with elders (65+) and children (0 to 14) apart. */
export const POPULATION_TABLE_RULE: KindRule = {
  ...KIND_RULES.population_cells,
  geometry: 'none',
  fields: KIND_RULES.population_cells.fields
    .filter((field) => field.column !== 'code')
    .map((field) => (field.column === 'population' ? { ...field, type: 'integer' as const, required: 'Say which column holds the people: --map population=COLUMN.' } : { ...field, type: 'integer' as const })),
}

export interface JoinTarget {
  layer: LayerRow
  table: string
  key: JoinColumn
  keyName: string
}

/**
 * Finds what `COLUMN=LAYER.COLUMN` points at: a field of the layer (`name`, `code`), or a column of its source.
 * @throws AppError naming the layer or column that is not there.
 */
export async function findJoinTarget(db: Queryable, run: ImportRun): Promise<JoinTarget> {
  const join = run.options.join
  if (!join) throw new AppError('bad_request', 'Say what the table is joined to: --join COLUMN=LAYER.COLUMN, e.g. --join 區域+村里=taipei_village.FULL.')
  const target = join.slice(join.lastIndexOf('=') + 1)
  const dot = target.indexOf('.')
  if (!join.includes('=') || dot < 0) throw new AppError('bad_request', `--join ${join} 写法有误，应为 COLUMN=LAYER.COLUMN。The option --join ${join} is not of the form COLUMN=LAYER.COLUMN.`)
  const key = target.slice(0, dot)
  const column = target.slice(dot + 1)
  const layer = await findLayer(db, run.city.cityId, key)
  if (!layer) throw new AppError('not_found', `--join ${join}：城市没有图层“${key}”。The option --join ${join}: the city has no layer "${key}".`)
  const rule = Object.values(KIND_RULES).find((candidate) => candidate.table === layer.kind)
  if (!rule) throw new AppError('bad_request', `--join ${join}：不能与 ${layer.kind} 图层连接。The option --join ${join}: rows cannot be joined to a layer of ${layer.kind}.`)
  const field = rule.fields.find((candidate) => candidate.name === column || layer.mapping?.[candidate.name] === column)
  if (field) return { layer, table: rule.table, key: { column: field.column }, keyName: column }
  if (await hasAttribute(db, rule.table, layer.layerId, column)) return { layer, table: rule.table, key: { attribute: column }, keyName: column }
  const known = [...rule.fields.map((candidate) => candidate.name), ...(await listAttributes(db, rule.table, layer.layerId))]
  throw new AppError('bad_request', `--join ${join}：图层“${key}”的行没有“${column}”。The option --join ${join}: rows of the layer "${key}" have no "${column}". They have: ${known.join(', ')}.`)
}

/** Names that differ in one character at most, for a hint. */
function isAlmost(a: string, b: string): boolean {
  const left = [...a]
  const right = [...b]
  return left.length === right.length && left.filter((character, index) => character !== right[index]).length === 1
}

/** Writes the people of the table into the areas of the layer and tells what did not match, on either side. */
export async function storePopulationTable(tx: Queryable, run: ImportRun, read: ReadRows): Promise<StoredLayer> {
  requireNoRefusal(run)
  const target = await findJoinTarget(tx, run)
  if (target.table !== 'administrative_areas') throw new AppError('bad_request', `人口表须与行政区划连接；图层“${target.layer.key}”是 ${target.layer.kind}。A population table is joined to administrative areas; the layer "${target.layer.key}" holds ${target.layer.kind}.`)
  const areas = new Map<string, number>()
  for (const area of await listJoinKeys(tx, target.table, target.layer.layerId, target.key)) if (area.key !== null) areas.set(area.key.trim(), area.featureId)

  const matched = new Map<string, AreaPopulation>()
  const unmatched: { row: number; key: string; population: number }[] = []
  let people = 0
  let peopleMatched = 0
  for await (const row of read.spool.rows()) {
    const key = row.joinKey ?? ''
    const population = Number(row.fields['population'] ?? 0)
    people += population
    const featureId = areas.get(key)
    if (featureId === undefined) {
      unmatched.push({ row: row.row, key, population })
      continue
    }
    if (matched.has(key)) {
      run.issues.add(row.row, { severity: 'refused', code: 'join_repeated', field: 'join', message: `The area "${key}" stands in the table more than once.`, sample: key })
      continue
    }
    peopleMatched += population
    const apart = Object.fromEntries(Object.entries({ elders: row.fields['elders'], children: row.fields['children'] }).filter(([, value]) => value !== null && value !== undefined))
    matched.set(key, { featureId, publicId: uuidv7(), population, attributes: JSON.stringify(apart) })
  }
  requireNoRefusal(run)
  if (matched.size === 0) throw new AppError('bad_request', `表中没有一行找到对应的区划，请检查 --join 两边的列。Not one row of the table finds its area: "${unmatched[0]?.key ?? ''}" is not among the values of ${target.keyName}, such as "${[...areas.keys()][0] ?? ''}".`)
  const lonely = [...areas.keys()].filter((key) => !matched.has(key))
  for (const { row, key } of unmatched) {
    const near = lonely.find((other) => isAlmost(other, key))
    run.issues.add(row, { severity: 'flagged', code: 'join_no_area', field: 'join', message: `No area is called "${key}"${near ? `; the map has "${near}", which has no row` : ''}.`, sample: key })
  }
  for (const key of lonely) run.issues.note('join_no_row', `The area "${key}" has no row in the table; its population stays as it was.`)
  const changed = await updateAreaPopulation(tx, [...matched.values()])
  read.facts.totals = { areas: areas.size, areasMatched: matched.size, areasWithoutRow: lonely.length, rowsWithoutArea: unmatched.length, population: people, populationMatched: peopleMatched }
  const counts = { taken: matched.size, inserted: 0, changed, unchanged: matched.size - changed, ended: 0, outsideCity: 0 }
  return { key: target.layer.key, kind: 'administrative_areas', layerId: target.layer.layerId, rows: areas.size, counts }
}
