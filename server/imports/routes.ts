import type { Router } from 'express'
import { FileRefused } from '../../data/importers/file-refused.ts'
import { sniffFormat } from '../../data/importers/sniff.ts'
import { getCity } from '../cities/cities.ts'
import { CityParams } from '../contract/cities.ts'
import { API_PREFIX } from '../contract/endpoint.ts'
import { cancelImport, getImport, IMPORT_UPLOAD_PATH, ImportOptions, ImportState, listImportIssues, listImports } from '../contract/imports.ts'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { guard, principalOf } from '../http/guard.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { beginImport, cancelRecordedImport, getImportRecord, listImportRecords, listRecordIssues, toState } from './records.ts'
import { receiveUpload, type Upload, uploadReceiver } from './upload-routes.ts'
import { removeUpload } from './uploads.ts'

function parseOptions(text: string): ImportOptions {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch (error) {
    throw new AppError('bad_request', '导入选项不是有效的 JSON。The options of the import are not valid JSON.', { cause: error })
  }
  const parsed = ImportOptions.safeParse(given)
  if (!parsed.success) throw new AppError('bad_request', '导入选项不能用，请按各项说明修改。The options of the import cannot be used; see errors.', { errors: parsed.error.issues.map((issue) => ({ path: ['options', ...issue.path].join('.'), message: issue.message })) })
  return parsed.data
}

/** Files of no known kind are turned away at the door; what is inside is judged in the child process. */
async function checkFormat(upload: Upload): Promise<void> {
  try {
    await sniffFormat(upload.file, upload.fileName)
  } catch (error) {
    if (error instanceof FileRefused) throw new AppError(error.code === 'unsupported' ? 'unsupported_file' : 'bad_request', error.message, { cause: error })
    throw error
  }
}

/** Mounts the addresses of imports. */
export function importsRoutes(router: Router, context: AppContext): void {
  const { db, config } = context
  const options = serveOptions(context)
  const receiver = uploadReceiver(config)

  router.post(`${API_PREFIX}${IMPORT_UPLOAD_PATH}`, guard(context, 'imports.run'), async (request, response) => {
    const params = CityParams.safeParse(request.params)
    if (!params.success) throw new AppError('bad_request', params.error.issues[0]?.message ?? 'The city cannot be used.')
    const city = await getCity(db, params.data.city)
    const upload = await receiveUpload(receiver, config, request, response)
    try {
      const wish = parseOptions(upload.options)
      await checkFormat(upload)
      await beginImport(context, await principalOf(context, request), city, upload.file, upload.fileName, wish, 'waiting', upload.id)
      await context.jobs.enqueue('import', upload.id)
    } catch (error) {
      await removeUpload(config, upload.id)
      throw error
    }
    const state = toState(await getImportRecord(context, city, upload.id))
    response.status(202).location(`${API_PREFIX}/cities/${city.key}/imports/${upload.id}`).json(options.checkReplies ? ImportState.parse(state) : state)
  })

  serve(router, listImports, options, async ({ params }) => ({ imports: (await listImportRecords(context, await getCity(db, params.city))).map(toState) }))
  serve(router, getImport, options, async ({ params }) => toState(await getImportRecord(context, await getCity(db, params.city), params.import)))
  serve(router, cancelImport, options, async ({ principal, params }) => toState(await cancelRecordedImport(context, principal, await getCity(db, params.city), params.import)))
  serve(router, listImportIssues, options, async ({ params, query }) => listRecordIssues(context, await getCity(db, params.city), params.import, query.after, query.limit))
}
