/** How a file comes in: one form of one file and its options, straight to disk, within the configured size. */
import { mkdirSync } from 'node:fs'
import type { Request, RequestHandler, Response } from 'express'
import multer, { MulterError } from 'multer'
import { v7 as uuidv7 } from 'uuid'
import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import { uploadFolder } from './uploads.ts'

const MAXIMUM_OPTIONS_BYTES = 64 * 1024

export interface Upload {
  /** Becomes the id of the import. */
  id: string
  file: string
  /** As the sender calls it; never used as a path. */
  fileName: string
  options: string
}

/** The receiver of `multipart/form-data` with one `file` and one text `options`, within the configured size. */
export function uploadReceiver(config: Config): RequestHandler {
  const folder = uploadFolder(config)
  const storage = multer.diskStorage({
    destination: (_request, _file, done) => {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      done(null, folder)
    },
    filename: (_request, _file, done) => done(null, uuidv7()),
  })
  return multer({ storage, limits: { files: 1, fields: 1, parts: 3, fileSize: config.UPLOAD_LIMIT_MB * 1024 ** 2, fieldSize: MAXIMUM_OPTIONS_BYTES, fieldNameSize: 40 } }).single('file')
}

/** @throws AppError for what is wrong with the form: too large, no file, something else in it. */
export async function receiveUpload(receiver: RequestHandler, config: Config, request: Request, response: Response): Promise<Upload> {
  try {
    await new Promise<void>((resolve, reject) => void receiver(request, response, (error?: unknown) => (error ? reject(error as Error) : resolve())))
  } catch (error) {
    if (!(error instanceof MulterError)) throw new AppError('bad_request', '文件没有传完，请重试。The form could not be read to its end.', { cause: error })
    if (error.code === 'LIMIT_FILE_SIZE') throw new AppError('too_large', `文件超过 ${config.UPLOAD_LIMIT_MB} MB 上限（UPLOAD_LIMIT_MB）。The file is larger than the ${config.UPLOAD_LIMIT_MB} MB this server takes (UPLOAD_LIMIT_MB).`, { cause: error })
    throw new AppError('bad_request', `表单须有一个文件（file）和选项（options）。The form has to hold one file in "file" and the options as JSON in "options": ${error.message}.`, { cause: error })
  }
  const { file } = request
  if (!file) throw new AppError('bad_request', '没有文件，请选择文件后再传。There is no file: send multipart/form-data with "file" and "options".')
  const options: unknown = (request.body as Record<string, unknown> | undefined)?.['options']
  // Browsers send file names as UTF-8 bytes, which the form's header hands over as Latin-1.
  const fileName = Buffer.from(file.originalname, 'latin1').toString('utf8').slice(0, 200)
  return { id: file.filename, file: file.path, fileName, options: typeof options === 'string' ? options : '{}' }
}
