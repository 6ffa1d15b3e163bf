/** Takes a file into a city: reads it in a child process, checks every row, stores it in one transaction, reports what became of each row. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { KIND_RULES } from '../../data/importers/kinds.ts'
import type { CityRow } from '../cities/cities.ts'
import type { ImportIssue, ImportOptions, ImportReport } from '../contract/imports.ts'
import type { FeatureKind } from '../contract/layers.ts'
import type { Db, Queryable } from '../db/db.ts'
import { AppError, fromSqlState } from '../errors.ts'
import { layersChanged } from '../layers/changed.ts'
import { setTotals } from './totals.ts'
import type { ImportFacts, ImportIo, ImportRun, StoredLayer } from './context.ts'
import { GRID_OWNER_RULE, storeGridOwners } from './grid-owners.ts'
import { openClassBook, openDepartments, ownSchemeId, settleIncidents, storeIncidents } from './incidents.ts'
import { ImportFailed, Issues } from './issues.ts'
import { fileStem, layerKeyOf } from './layer-key.ts'
import { osmLayer, readOpenStreetMap } from './openstreetmap.ts'
import { linkNodes, networkEdges, PATH_RULE, PATH_TARGET } from './paths.ts'
import { assignParents, assignPartGrids, growExtent, refreshIncidentPlaces, refreshOutside, setBoundary } from './place-queries.ts'
import { findJoinTarget, POPULATION_TABLE_RULE, storePopulationTable } from './population-table.ts'
import { readRows, toAppError } from './read-rows.ts'
import { joinGeometry } from './join-geometry.ts'
import { closeLayer, type KeyedRow, type LayerPlan, openLayer, settleStage, stageRows, storeStage } from './store.ts'
import { targetOf } from './targets.ts'

export type { ImportIo } from './context.ts'
export { ImportFailed } from './issues.ts'
export { layerKeyOf } from './layer-key.ts'

const TRANSACTION_TIMEOUT_MILLISECONDS = 600_000

export interface ImportResult {
  report: ImportReport
  issues: readonly ImportIssue[]
  /** The one layer of the import; null for several. */
  layerId: number | null
}

/** Thrown inside the transaction of a dry run, so that nothing stays. */
class DryRunEnd extends Error {}

interface Prepared {
  facts: ImportFacts
  store(tx: Queryable): Promise<StoredLayer[]>
}

function planOf(run: ImportRun, kind: keyof typeof KIND_RULES): LayerPlan {
  const stem = fileStem(run.fileName)
  return { key: run.options.layer ?? layerKeyOf(run.fileName), rule: KIND_RULES[kind], titleZh: run.options.titleZh ?? stem, titleEn: run.options.titleEn ?? run.options.titleZh ?? stem }
}

/** Stages rows, settles and stores them as one layer of features. */
async function storeFeatures(tx: Queryable, run: ImportRun, plan: LayerPlan, rows: AsyncIterable<KeyedRow>, count: number, facts: ImportFacts, srid: number): Promise<StoredLayer> {
  run.issues.enterPart(plan.key)
  const layerId = await openLayer(tx, run, plan, facts)
  const isNetwork = plan.rule === PATH_RULE
  await stageRows(tx, run, plan.rule, isNetwork ? networkEdges(rows) : rows, srid, count)
  if (run.options.join) await joinGeometry(tx, run)
  await settleStage(tx, run, plan.rule)
  if (isNetwork) await linkNodes(tx, run, layerId)
  const counts = await storeStage(tx, run, plan.rule, isNetwork ? PATH_TARGET : targetOf(plan.rule), layerId)
  await setTotals(tx, plan.rule, layerId, facts)
  const layer = await closeLayer(tx, run, plan, layerId, counts, facts)
  // Lines are cut into edges: what was taken of the file are its rows.
  return isNetwork ? { ...layer, counts: { ...counts, taken: count } } : layer
}

async function prepareFeatures(run: ImportRun, kind: keyof typeof KIND_RULES): Promise<Prepared> {
  const plan = planOf(run, kind)
  if (run.options.join) await findJoinTarget(run.db, run)
  const { spool, facts, crs, mapping } = await readRows(run, plan.rule)
  if (kind !== 'incidents') return { facts, store: async (tx) => [await storeFeatures(tx, run, plan, spool.rows(), spool.count, facts, crs.srid)] }
  const scheme = [...mapping.fields].find(([field]) => field.name === 'scheme')?.[1]
  // The times of a case tell how far it came, where no column does.
  const hasStates = [...mapping.fields.keys()].some((field) => ['state', 'filed', 'dispatched', 'disposed', 'ended'].includes(field.name))
  if (!hasStates) run.issues.note('state_unknown', 'The file says nothing of the state of its cases: they are taken as 待受理 (pending_accept). If they are all closed, import with --map state==closed.')
  return {
    facts,
    async store(tx) {
      const layerId = await openLayer(tx, run, plan, facts)
      const book = await openClassBook(tx, scheme?.from === 'constant' ? scheme.value : ownSchemeId(run.city.key, plan.key), plan.titleZh)
      await stageRows(tx, run, plan.rule, settleIncidents(spool.rows(), run, book, await openDepartments(tx, run.city.cityId), facts.mapping['district'] ?? 'district'), crs.srid, spool.count)
      await settleStage(tx, run, plan.rule)
      const counts = await storeIncidents(tx, run, layerId, hasStates, facts)
      await setTotals(tx, plan.rule, layerId, facts)
      return [await closeLayer(tx, run, plan, layerId, counts, facts)]
    },
  }
}

async function prepareOpenStreetMap(run: ImportRun): Promise<Prepared> {
  const { facts, spools } = await readOpenStreetMap(run)
  const baseKey = run.options.layer ?? layerKeyOf(run.fileName)
  const stem = run.options.titleZh ?? fileStem(run.fileName)
  return {
    facts,
    async store(tx) {
      const layers: StoredLayer[] = []
      for (const [target, spool] of spools) if (spool.count > 0) layers.push(await storeFeatures(tx, run, osmLayer(baseKey, stem, target), spool.rows(), spool.count, facts, 4326))
      return layers
    },
  }
}

async function prepare(run: ImportRun): Promise<Prepared> {
  const { kind } = run.options
  if (kind === 'openstreetmap') return prepareOpenStreetMap(run)
  if (kind === 'grid_owners') {
    const read = await readRows(run, GRID_OWNER_RULE)
    return { facts: read.facts, store: async (tx) => [await storeGridOwners(tx, run, read)] }
  }
  if (kind !== 'population_table') return prepareFeatures(run, kind)
  await findJoinTarget(run.db, run)
  const read = await readRows(run, POPULATION_TABLE_RULE, true)
  return { facts: read.facts, store: async (tx) => [await storePopulationTable(tx, run, read)] }
}

/** What else changes when rows did: the city's outline, what lies outside it, parents, areas of incidents, cells of parts. */
async function settleCity(tx: Queryable, run: ImportRun, stored: readonly StoredLayer[]): Promise<void> {
  const layers = stored.flatMap(({ layerId, ...layer }) => (layerId === null ? [] : [{ ...layer, layerId }]))
  const { cityId } = run.city
  const changedKinds = new Set(layers.filter(({ counts }) => counts.inserted + counts.changed + counts.ended > 0).map(({ kind }) => kind))
  if (changedKinds.has('administrative_areas') && run.options.kind === 'administrative_areas') {
    await assignParents(tx, cityId)
    await setBoundary(tx, cityId)
    for (const rule of Object.values(KIND_RULES)) if ((await refreshOutside(tx, cityId, rule.table, rule.outsideBy)) > 0) changedKinds.add(rule.table)
  }
  if (changedKinds.has('administrative_areas') || changedKinds.has('unit_grids')) if ((await refreshIncidentPlaces(tx, cityId, null)) > 0) changedKinds.add('incidents')
  if (changedKinds.has('parts') || changedKinds.has('unit_grids')) await assignPartGrids(tx, cityId)
  for (const layer of layers) await growExtent(tx, cityId, layer.kind, layer.layerId, layer.kind !== 'incidents')
  await layersChanged(tx, run.city, [...changedKinds] as FeatureKind[])
}

function reportOf(run: ImportRun, facts: ImportFacts, layers: readonly StoredLayer[], startedAt: number): ImportReport {
  const sum = (key: keyof StoredLayer['counts']) => layers.reduce((total, { counts }) => total + counts[key], 0)
  return {
    read: facts.read, taken: sum('taken'), inserted: sum('inserted'), changed: sum('changed'), unchanged: sum('unchanged'), ended: sum('ended'),
    repaired: run.issues.count('repaired'), refused: run.issues.count('refused'), flagged: run.issues.count('flagged'), outsideCity: run.issues.codeCount('flagged', 'outside_city'),
    mapping: facts.mapping, crs: facts.crs, crsFrom: facts.crsFrom, encoding: facts.encoding, driver: facts.driver,
    layers: layers.map(({ key, kind, rows }) => ({ key, kind, rows })), totals: facts.totals, issuesByCode: run.issues.summary(), durationMilliseconds: Math.round(performance.now() - startedAt),
  }
}

async function storeAll(run: ImportRun, prepared: Prepared): Promise<StoredLayer[]> {
  let layers: StoredLayer[] = []
  try {
    await run.db.transaction(
      async (tx) => {
        layers = await prepared.store(tx)
        run.io.progress(90, 'finishing')
        await settleCity(tx, run, layers)
        if (run.options.dryRun) throw new DryRunEnd()
        run.io.signal.throwIfAborted()
      },
      { timeoutMs: TRANSACTION_TIMEOUT_MILLISECONDS },
    )
  } catch (error) {
    if (!(error instanceof DryRunEnd)) throw error
  }
  return layers
}

/**
 * Imports one file. All or nothing: with a refused row nothing is taken, unless `skipBad`; a dry run takes nothing ever.
 * @param fileName the name the user knows the file by; the layer is called after it unless told.
 * @throws ImportFailed with the report and the issues so far, when nothing was taken.
 */
export async function runImport(db: Db, city: CityRow, file: string, fileName: string, options: ImportOptions, io: ImportIo): Promise<ImportResult> {
  const startedAt = performance.now()
  const scratch = await mkdtemp(path.join(tmpdir(), 'xiucheng-import-'))
  const run: ImportRun = { db, city, file, fileName, options, io, issues: new Issues(), scratch }
  let prepared: Prepared | undefined
  try {
    prepared = await prepare(run)
    const layers = await storeAll(run, prepared)
    io.progress(100, 'finishing')
    return { report: reportOf(run, prepared.facts, layers, startedAt), issues: run.issues.list, layerId: layers.length === 1 ? (layers[0]?.layerId ?? null) : null }
  } catch (error) {
    if (io.signal.aborted) throw new ImportFailed('cancelled', 'The import was cancelled; nothing of it stays.', null, [], error)
    const known = fromSqlState(toAppError(error))
    if (!(known instanceof AppError)) throw error
    throw new ImportFailed(known.code, known.message, prepared ? reportOf(run, prepared.facts, [], startedAt) : null, run.issues.list, error)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
