/** Stores the rows of one layer: staged, judged, measured, compared with what is there, written. Runs in the import's transaction. */
import { v7 as uuidv7 } from 'uuid'
import type { KindRule } from '../../data/importers/kinds.ts'
import { settleMeasuringSystem } from '../cities/cities.ts'
import type { FeatureKind } from '../contract/layers.ts'
import type { Queryable } from '../db/db.ts'
import { AppError, fromSqlState } from '../errors.ts'
import type { ImportFacts, ImportRun, StoredCounts, StoredLayer } from './context.ts'
import { fileStem } from './layer-key.ts'
import { findLayer, updateLayerFacts, upsertLayer } from './queries.ts'
import type { SpooledRow } from './spool.ts'
import {
  createStage, deleteStageRows, findStageCenter, finishStage, insertStageRows, judgeStage, listStageFindings, measureStage, placeStage, releaseSavepoint, rollbackToSavepoint, savepoint, type StageRow,
} from './stage-queries.ts'
import { countLive, countStaged, endVanished, insertNew, keepHistory, type Layer, listRepeatedCodes, listTakenCodes, type StoreTarget, updateChanged } from './store-queries.ts'
import { completeFields } from './targets.ts'

export const KEYED_BATCH = 1000

export type KeyedRow = SpooledRow & { sourceKey: string }

/** Kind of the catalogue and of the tiles that a table belongs to. */
export function featureKindOf(rule: KindRule): FeatureKind {
  return rule.table as FeatureKind
}

export interface LayerPlan {
  key: string
  rule: KindRule
  titleZh: string
  titleEn: string
}

/** Finds or makes the catalogue row. @throws AppError conflict when the key belongs to a layer of another kind. */
export async function openLayer(tx: Queryable, run: ImportRun, plan: LayerPlan, facts: ImportFacts): Promise<number> {
  const kind = featureKindOf(plan.rule)
  const existing = await findLayer(tx, run.city.cityId, plan.key)
  if (existing && existing.kind !== kind) throw new AppError('conflict', `图层“${plan.key}”已是 ${existing.kind}，请用 --layer 另取名称。The layer "${plan.key}" holds ${existing.kind} already; choose another key with --layer.`)
  const { options } = run
  return upsertLayer(tx, {
    publicId: uuidv7(), cityId: run.city.cityId, key: plan.key, kind, titleZh: plan.titleZh, titleEn: plan.titleEn, owner: options.owner ?? '', source: fileStem(run.fileName) === '' ? run.fileName : run.fileName,
    licence: options.licence ?? '', sourceCrs: facts.crs, dataDate: options.dataDate ?? null,
  })
}

function toStageRow(rule: KindRule, row: KeyedRow, ordinal: number): StageRow {
  return {
    ordinal, row: row.row, publicId: uuidv7(), sourceKey: row.sourceKey, contentHash: row.contentHash, geometry: row.geometry ? JSON.stringify(row.geometry) : null,
    fields: JSON.stringify(completeFields(rule.table, row.fields)), attributes: JSON.stringify(row.attributes), joinKey: row.joinKey,
  }
}

/** Stages a batch; when the database refuses it, row by row, so that the one at fault is named. */
async function stageBatch(tx: Queryable, run: ImportRun, batch: readonly StageRow[], srid: number): Promise<void> {
  await savepoint(tx)
  try {
    await insertStageRows(tx, batch, srid)
    await releaseSavepoint(tx)
  } catch (error) {
    await rollbackToSavepoint(tx)
    if (batch.length > 1) {
      const middle = Math.ceil(batch.length / 2)
      await stageBatch(tx, run, batch.slice(0, middle), srid)
      await stageBatch(tx, run, batch.slice(middle), srid)
      return
    }
    const row = batch[0]
    const known = fromSqlState(error)
    if (!row || known instanceof AppError) throw known
    const reason = error instanceof Error ? error.message : String(error)
    run.issues.add(row.row, { severity: 'refused', code: 'coordinates_out_of_range', field: 'geometry', message: `The coordinates cannot be transformed: ${reason}. Is the coordinate system the right one?`, sample: row.geometry?.slice(0, 120) ?? null })
  }
}

const DIMENSION = { polygon: 2, line: 1, point: 0, optionalPoint: 0, any: null, none: null } as const

function noteFindings(run: ImportRun, findings: Awaited<ReturnType<typeof listStageFindings>>): number[] {
  const refused: number[] = []
  for (const finding of findings) {
    if (finding.refusal) {
      refused.push(finding.ordinal)
      run.issues.add(finding.row, { severity: 'refused', code: finding.refusalCode ?? 'geometry_invalid', field: 'geometry', message: finding.refusal, sample: null })
    } else if (finding.repair) {
      run.issues.add(finding.row, { severity: 'repaired', code: 'geometry_made_valid', field: 'geometry', message: `The geometry was not valid (${finding.repair.replace(/\[.*$/, '')}) and was made so.`, sample: finding.repair })
    }
    if (finding.outsideCity && !finding.refusal) run.issues.add(finding.row, { severity: 'flagged', code: 'outside_city', field: 'geometry', message: 'The place is outside the city: the row is taken, but left out of totals.', sample: finding.place })
  }
  return refused
}

/** Stages the rows of a layer and says what is wrong with them; refused rows are gone from the stage afterwards. */
export async function stageRows(tx: Queryable, run: ImportRun, rule: KindRule, rows: AsyncIterable<KeyedRow>, srid: number, total: number): Promise<void> {
  await createStage(tx)
  let batch: StageRow[] = []
  let done = 0
  let ordinal = 0
  for await (const row of rows) {
    batch.push(toStageRow(rule, row, ++ordinal))
    if (batch.length < KEYED_BATCH) continue
    run.io.signal.throwIfAborted()
    await stageBatch(tx, run, batch, srid)
    done += batch.length
    run.io.progress(45 + (25 * done) / Math.max(1, total), 'staging')
    batch = []
  }
  if (batch.length > 0) await stageBatch(tx, run, batch, srid)
  await finishStage(tx, rule.table)
}

/** Judges, measures and places what was staged. */
export async function settleStage(tx: Queryable, run: ImportRun, rule: KindRule): Promise<void> {
  run.io.signal.throwIfAborted()
  await judgeStage(tx, DIMENSION[rule.geometry], rule.geometry === 'polygon' || (rule.geometry === 'line' && rule.table !== 'path_edges'))
  const center = await findStageCenter(tx)
  if (center) {
    const system = await settleMeasuringSystem(tx, run.city, center)
    if (rule.measure) await measureStage(tx, rule.measure, system.srid, center)
  }
  if (rule.table !== 'administrative_areas') await placeStage(tx, run.city.cityId, rule.outsideBy)
  await deleteStageRows(tx, noteFindings(run, await listStageFindings(tx)))
}

/** Refuses rows whose code another row has: of the file first, then of the city where a code is one of its own. */
async function refuseTakenCodes(tx: Queryable, run: ImportRun, rule: KindRule, target: StoreTarget, layerId: number): Promise<void> {
  if (rule.uniqueCode === null) return
  const schemeOtherwise = rule.uniqueCode === 'scheme' ? String(target.columns.find(({ column }) => column === 'scheme_id')?.otherwise ?? '') : null
  const repeated = await listRepeatedCodes(tx, schemeOtherwise)
  for (const { row, code, firstRow } of repeated) run.issues.add(row, { severity: 'refused', code: 'code_repeated', field: 'code', message: `The code ${code} stands in row ${firstRow} already.`, sample: code })
  await deleteStageRows(tx, repeated.map(({ ordinal }) => ordinal))
  if (rule.uniqueCode === 'layer') return
  const taken = await listTakenCodes(tx, rule.table, { cityId: run.city.cityId, layerId }, schemeOtherwise)
  for (const { row, code } of taken) run.issues.add(row, { severity: 'refused', code: 'code_taken', field: 'code', message: `The code ${code} is in use by another row of the city.`, sample: code })
  await deleteStageRows(tx, taken.map(({ ordinal }) => ordinal))
}

/** An empty file is a slip far more often than a wish: it must not end a whole layer unasked. */
async function requireRows(tx: Queryable, table: string, layer: Layer): Promise<void> {
  const living = await countLive(tx, table, layer)
  if (living === 0 || (await countStaged(tx)) > 0) return
  throw new AppError('conflict', `文件没有可取的行，照此会终止图层的全部数据，没有改动：请换有数据的文件，或另取图层名称。The file holds no row to take; taking it would end all ${living.toLocaleString('en')} rows of the layer. Nothing was changed: give a file with rows, or another layer with --layer.`)
}

/** @throws AppError when rows were refused and the user did not say that they may be left out. */
export function requireNoRefusal(run: ImportRun): void {
  const refused = run.issues.count('refused')
  if (refused === 0 || run.options.skipBad) return
  throw new AppError('bad_request', `${refused} 行被拒收，没有写入任何内容：请改正文件，或用 --skip-bad 只取好的行。In all ${refused} row${refused === 1 ? ' was' : 's were'} refused, so nothing was taken. Mend the file, or take the good rows with --skip-bad.`)
}

/** Writes what is staged into the table of the layer. */
export async function storeStage(tx: Queryable, run: ImportRun, rule: KindRule, target: StoreTarget, layerId: number): Promise<StoredCounts> {
  await refuseTakenCodes(tx, run, rule, target, layerId)
  requireNoRefusal(run)
  const layer = { cityId: run.city.cityId, layerId }
  await requireRows(tx, target.table, layer)
  run.io.progress(75, 'storing')
  await keepHistory(tx, target, layer)
  // Ended before others change: a code may pass from a row that goes to one that stays.
  const ended = await endVanished(tx, target.table, layer)
  const changed = await updateChanged(tx, target, layer)
  const inserted = await insertNew(tx, target, layer)
  const taken = await countLive(tx, target.table, layer)
  return { taken, inserted, changed, ended, unchanged: taken - inserted - changed, outsideCity: run.issues.codeCount('flagged', 'outside_city') }
}

/** Brings the catalogue row in line with what was stored. */
export async function closeLayer(tx: Queryable, run: ImportRun, plan: LayerPlan, layerId: number, counts: StoredCounts, facts: ImportFacts): Promise<StoredLayer> {
  const isChanged = counts.inserted + counts.changed + counts.ended > 0
  const quality = {
    file: run.fileName, read: facts.read, taken: counts.taken, repaired: run.issues.count('repaired'), refused: run.issues.count('refused'), flagged: run.issues.count('flagged'), outside: counts.outsideCity,
    encoding: facts.encoding, mapping: facts.mapping,
  }
  await updateLayerFacts(tx, layerId, { rowCount: counts.taken, quality, isChanged })
  return { key: plan.key, kind: featureKindOf(plan.rule), layerId, rows: counts.taken, counts }
}
