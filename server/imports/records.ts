/** The record of an import: begun, moved along, closed with its report; read by the API and kept for whoever asks later. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { v7 as uuidv7 } from 'uuid'
import { type Principal, SYSTEM } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CityRow } from '../cities/cities.ts'
import type { ImportIssue, ImportOptions, ImportState } from '../contract/imports.ts'
import { LIVE_CHANNEL } from '../contract/live.ts'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { publish } from '../live/publish.ts'
import { ImportFailed, type ImportResult, runImport } from './imports.ts'
import { findImport, finishImport, type ImportEnd, type ImportRecord, insertImport, listImports, listIssues, returnImport, updateImportProgress } from './queries.ts'

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** Writes the record of an import that is about to begin. @returns its public id. */
export async function beginImport(context: AppContext, principal: Principal, city: CityRow, file: string, fileName: string, options: ImportOptions, status: 'waiting' | 'running', id = uuidv7()): Promise<string> {
  const sha256 = await hashFile(file)
  await context.db.transaction(async (tx) => {
    await insertImport(tx, { publicId: id, cityId: city.cityId, kind: options.kind, fileName, sha256, options, dryRun: options.dryRun, status })
    await recordAudit(tx, principal, city.cityId, { domain: 'imports', action: 'beginImport', objectKind: 'import', objectId: id, details: { kind: options.kind, fileName, sha256, dryRun: options.dryRun } }, context.clock())
  })
  return id
}

async function tell(context: AppContext, city: CityRow, importId: string, status: string, stage: string, percent: number): Promise<void> {
  await publish(context.db, city.cityId, { type: 'import.changed', city: city.key, importId, status, stage, percent })
  await context.db.notify(LIVE_CHANNEL)
}

/** Closes the record and tells every open console. */
export async function endImport(context: AppContext, city: CityRow, importId: string, end: ImportEnd): Promise<void> {
  await context.db.transaction(async (tx) => {
    const isNews = await finishImport(tx, importId, end)
    await publish(tx, city.cityId, { type: 'import.changed', city: city.key, importId, status: end.status, stage: end.status, percent: 100 })
    const { taken, inserted, changed, ended } = end.report ?? {}
    if (isNews) await recordAudit(tx, SYSTEM, city.cityId, { domain: 'imports', action: 'endImport', outcome: end.status === 'finished' ? 'done' : 'failed', objectKind: 'import', objectId: importId, details: { status: end.status, taken, inserted, changed, ended, code: end.error?.code } }, context.clock())
  })
  await context.db.notify(LIVE_CHANNEL)
}

/** How an import ended, as its record keeps it. Unknown errors are told by a sentence only; the log has the rest. */
export function endOf(outcome: { result: ImportResult } | { error: unknown }): ImportEnd {
  if ('result' in outcome) return { status: 'finished', layerId: outcome.result.layerId, report: outcome.result.report, error: null, issues: outcome.result.issues }
  const { error } = outcome
  if (error instanceof ImportFailed) return { status: error.code === 'cancelled' ? 'cancelled' : 'failed', layerId: null, report: error.report, error: { code: error.code, message: error.message }, issues: error.issues }
  if (error instanceof AppError) return { status: 'failed', layerId: null, report: null, error: { code: error.code, message: error.message }, issues: [] }
  return { status: 'failed', layerId: null, report: null, error: { code: 'internal', message: 'Something went wrong on our side; nothing was taken.' }, issues: [] }
}

const TELL_EVERY_MILLISECONDS = 500

/** Whether the work stops because the server does, not because somebody cancelled it. */
export function isStopping(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason instanceof AppError && signal.reason.code === 'unavailable'
}

/**
 * Runs an import whose record exists, and closes the record however it ends.
 * Progress goes to `progress` at once, to the record and the live feed twice a second.
 * @throws ImportFailed as `runImport` does, after the record was closed.
 */
export async function runRecordedImport(context: AppContext, city: CityRow, importId: string, file: string, fileName: string, options: ImportOptions, io: { signal: AbortSignal; progress?: (percent: number, stage: string) => void }): Promise<ImportResult> {
  // Told by a timer of its own: the import's steps run inside its transaction, where nothing else may speak to the database.
  let latest: { percent: number; stage: string } | undefined
  let telling: Promise<unknown> = Promise.resolve()
  // On the embedded engine that transaction holds the only connection: from then on only the caller is told.
  const canTell = (stage: string) => context.db.engine === 'postgres' || stage === 'reading'
  const note = async ({ percent, stage }: { percent: number; stage: string }) => {
    if (await updateImportProgress(context.db, importId, stage, percent)) await tell(context, city, importId, 'running', stage, percent)
  }
  const timer = setInterval(() => {
    const now = latest
    latest = undefined
    if (now && canTell(now.stage)) telling = telling.then(() => note(now)).catch((error: unknown) => context.log.warn({ err: error, importId }, 'the progress of an import could not be noted'))
  }, TELL_EVERY_MILLISECONDS)
  const progress = (percent: number, stage: string): void => {
    io.progress?.(percent, stage)
    latest = { percent, stage }
  }
  try {
    const result = await runImport(context.db, city, file, fileName, options, { signal: io.signal, progress })
    clearInterval(timer)
    await telling
    await endImport(context, city, importId, endOf({ result }))
    return result
  } catch (error) {
    clearInterval(timer)
    await telling
    if (isStopping(io.signal)) await returnImport(context.db, importId)
    else await endImport(context, city, importId, endOf({ error }))
    throw error
  } finally {
    clearInterval(timer)
  }
}

/** What the API answers of a record. */
export function toState(record: ImportRecord): ImportState {
  const { importId: _importId, cityKey: _cityKey, options: _options, ...state } = record
  return state
}

/** @throws AppError not_found when the city has no such import. */
export async function getImportRecord(context: AppContext, city: CityRow, id: string): Promise<ImportRecord> {
  const record = await findImport(context.db, id, city.cityId)
  if (!record) throw new AppError('not_found', `这座城市没有导入记录 ${id}。The city has no import ${id}.`)
  return record
}

export function listImportRecords(context: AppContext, city: CityRow): Promise<ImportRecord[]> {
  return listImports(context.db, city.cityId)
}

/** A page of what was said about the rows of an import, in the order in which it was found. */
export async function listRecordIssues(context: AppContext, city: CityRow, id: string, after: number, limit: number): Promise<{ issues: ImportIssue[]; nextAfter: number | null }> {
  const { importId } = await getImportRecord(context, city, id)
  const rows = await listIssues(context.db, importId, after, limit)
  const last = rows.at(-1)
  return { issues: rows.map(({ ordinal: _ordinal, ...issue }) => issue), nextAfter: rows.length === limit && last ? last.ordinal : null }
}

/**
 * Cancels a waiting or running import; nothing of it stays. One that has ended stays as it is.
 * @throws AppError not_found when the city has no such import.
 */
export async function cancelRecordedImport(context: AppContext, principal: Principal, city: CityRow, id: string): Promise<ImportRecord> {
  const record = await getImportRecord(context, city, id)
  if (record.status === 'waiting' || record.status === 'running') {
    await context.db.transaction((tx) => recordAudit(tx, principal, city.cityId, { domain: 'imports', action: 'cancelImport', objectKind: 'import', objectId: id }, context.clock()))
    await context.jobs.cancel('import', id)
    // A waiting import is closed here; a running one closes itself, and whichever comes second changes nothing.
    if (record.status === 'waiting') await endImport(context, city, id, { status: 'cancelled', layerId: null, report: null, error: { code: 'cancelled', message: 'The import was cancelled before it began.' }, issues: [] })
  }
  return getImportRecord(context, city, id)
}
