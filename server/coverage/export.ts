/** Finished coverage runs as files. */
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { RunFileFormat } from '../contract/run-files.ts'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { makeRunFile, type SentRunFile } from '../files/run-file.ts'
import { getCoverageResult } from './coverage.ts'
import { type CsvTable, runFileOf } from './export-tables.ts'

/** The file, written down in the log before it is handed out. @throws AppError not_found, conflict while there is no result */
export async function getCoverageFile(context: AppContext, principal: Principal, city: string, run: string, format: RunFileFormat, table: CsvTable = 'blind_spots'): Promise<SentRunFile> {
  const result = await getCoverageResult(context, city, run)
  if (format === 'csv' && table === 'mends' && !result.mends) throw new AppError('conflict', '尚未计算补救措施。The mends of this run have not been computed yet: ask for them first.')
  const parts = runFileOf(result, table)
  const baseName = format === 'csv' && table !== 'blind_spots' ? `${parts.baseName}-${table}` : parts.baseName
  const file = await makeRunFile({ ...parts, baseName }, format)
  await context.db.transaction((tx) => recordAudit(tx, principal, result.city.cityId, { domain: 'exports', action: 'exportCoverage', objectKind: 'coverage_run', objectId: run, details: { format, table } }, context.clock()))
  return file
}
