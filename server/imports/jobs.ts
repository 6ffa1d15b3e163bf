/** Imports as jobs: they survive a restart, because the file and its record do. */
import { getCity } from '../cities/cities.ts'
import { ImportOptions } from '../contract/imports.ts'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { ImportFailed } from './issues.ts'
import { findImport, listOpenImports } from './queries.ts'
import { endImport, endOf, isStopping, runRecordedImport } from './records.ts'
import { hasUpload, removeUpload, uploadPath } from './uploads.ts'

/** An import without a file here that began this long ago was cut off with the program that ran it. */
const LOST_AFTER_SECONDS = 3600

async function runJob(context: AppContext, importId: string, signal: AbortSignal): Promise<void> {
  const record = await findImport(context.db, importId, null)
  if (!record || (record.status !== 'waiting' && record.status !== 'running')) return removeUpload(context.config, importId)
  const city = await getCity(context.db, record.cityKey)
  try {
    if (!(await hasUpload(context.config, importId))) throw new AppError('not_found', '上传的文件已不在，请重新上传。The uploaded file is no longer there; upload it again.')
    await runRecordedImport(context, city, importId, uploadPath(context.config, importId), record.fileName, ImportOptions.parse(record.options), { signal })
  } catch (error) {
    if (isStopping(signal)) return
    if (error instanceof AppError && !(error instanceof ImportFailed)) await endImport(context, city, importId, endOf({ error }))
    if (!(error instanceof AppError)) context.log.error({ err: error, importId }, 'import failed unexpectedly')
  }
  await removeUpload(context.config, importId)
}

/** Registers the work of imports, and takes up what a stopped or killed server left. Call once when the server starts. */
export async function registerImportJobs(context: AppContext): Promise<void> {
  await context.jobs.handle('import', (importId, { signal }) => runJob(context, importId, signal))
  for (const { id, cityKey, ageSeconds } of await listOpenImports(context.db)) {
    if (await hasUpload(context.config, id)) await context.jobs.enqueue('import', id)
    else if (ageSeconds > LOST_AFTER_SECONDS) {
      const error = new AppError('unavailable', '导入因程序退出而中断，没有写入任何内容，请重新导入。The import was cut off when the program that ran it ended; nothing of it stays.')
      await endImport(context, await getCity(context.db, cityKey), id, endOf({ error }))
    }
  }
}
