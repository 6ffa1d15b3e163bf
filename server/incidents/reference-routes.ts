import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Router } from 'express'
import multer, { MulterError } from 'multer'
import { v7 as uuidv7 } from 'uuid'
import type { AppContext } from '../context.ts'
import * as contract from '../contract/reference.ts'
import { AppError } from '../errors.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { incomingFolder } from './evidence-storage.ts'
import { exportCaseClasses } from './class-export.ts'
import { editCaseClass, endCaseClass, getCaseClass, importClassTable, listClassVersions } from './reference-edit.ts'

const MOST_MEGABYTES = 10

function readOptions(text: unknown): contract.ClassImportOptions {
  let given: unknown
  try {
    given = JSON.parse(typeof text === 'string' ? text : '{}')
  } catch (error) {
    throw new AppError('bad_request', '导入选项不是有效的 JSON。The options of the import are not valid JSON.', { cause: error })
  }
  const parsed = contract.ClassImportOptions.safeParse(given)
  if (!parsed.success) throw new AppError('bad_request', '导入选项不能用，请按各项说明修改。The options of the import cannot be used; see errors.', { errors: parsed.error.issues.map((issue) => ({ path: ['options', ...issue.path].join('.'), message: issue.message })) })
  return parsed.data
}

/** Mounts the editing of classes. */
export function referenceRoutes(router: Router, context: AppContext): void {
  const { db, config, clock } = context
  const options = serveOptions(context)
  const storage = multer.diskStorage({
    destination: (_request, _file, done) => {
      mkdirSync(incomingFolder(config), { recursive: true, mode: 0o700 })
      done(null, incomingFolder(config))
    },
    filename: (_request, _file, done) => done(null, uuidv7()),
  })
  const receiver = multer({ storage, limits: { files: 1, fields: 1, parts: 3, fileSize: MOST_MEGABYTES * 1024 ** 2, fieldSize: 10_000, fieldNameSize: 40 } }).single('file')

  serve(router, contract.importCaseClasses, options, async ({ principal, params }, request, response) => {
    try {
      await new Promise<void>((resolve, reject) => void receiver(request, response, (error?: unknown) => (error ? reject(error as Error) : resolve())))
    } catch (error) {
      if (error instanceof MulterError && error.code === 'LIMIT_FILE_SIZE') throw new AppError('too_large', `表格超过 ${MOST_MEGABYTES} MB。The table is larger than ${MOST_MEGABYTES} MB.`, { cause: error })
      throw new AppError('bad_request', '表单须有一个表格文件（file）和选项（options）。The form has to hold one table in "file" and the options as JSON in "options".', { cause: error })
    }
    const { file } = request
    if (!file) throw new AppError('bad_request', '没有表格文件，请选择文件后再传。There is no table: send multipart/form-data with "file" and "options".')
    try {
      return await importClassTable(db, principal, params.scheme, file.path, readOptions((request.body as Record<string, unknown> | undefined)?.['options']), clock())
    } finally {
      await rm(file.path, { force: true })
    }
  })

  const addressOf = ({ scheme, kind, code }: { scheme: string; kind: 'part' | 'event'; code: string }) => ({ schemeId: scheme, kind, code })
  serve(router, contract.editCaseClass, options, async ({ principal, params, body }) => editCaseClass(db, principal, addressOf(params), body, clock()))
  serve(router, contract.endCaseClass, options, async ({ principal, params, body }) => endCaseClass(db, principal, addressOf(params), body, clock()))
  serve(router, contract.getCaseClass, options, async ({ params }) => getCaseClass(db, addressOf(params)))
  serve(router, contract.exportCaseClasses, options, async ({ params, query }, _request, response) => {
    const file = await exportCaseClasses(db, params.scheme, query.content, query.format)
    response.setHeader('Content-Disposition', `attachment; filename="${file.fileName}"`)
    response.setHeader('Content-Type', file.mediaType)
    response.setHeader('Cache-Control', 'private, max-age=0')
    response.end(file.bytes)
  })
  serve(router, contract.listClassVersions, options, async ({ params, query }) => listClassVersions(db, params.scheme, query.before, query.limit))
}
