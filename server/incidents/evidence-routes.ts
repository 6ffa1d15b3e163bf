import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Request, RequestHandler, Response, Router } from 'express'
import multer, { MulterError } from 'multer'
import { v7 as uuidv7 } from 'uuid'
import type { Principal } from '../access/principal.ts'
import { getCity } from '../cities/cities.ts'
import type { Config } from '../config.ts'
import type { AppContext } from '../context.ts'
import * as contract from '../contract/evidence.ts'
import { AppError } from '../errors.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { addEvidence, getEvidenceCase, getEvidenceCopy, getEvidenceOriginal, listEvidence } from './evidence.ts'
import { incomingFolder, openEvidenceStorage } from './evidence-storage.ts'

const COPY_SECONDS = 3600

/** The receiver of a form of one `file` and one text `kind`: straight to disk under a name of ours, within the configured size. */
function photoReceiver(config: Config): RequestHandler {
  const folder = incomingFolder(config)
  const storage = multer.diskStorage({
    destination: (_request, _file, done) => {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      done(null, folder)
    },
    filename: (_request, _file, done) => done(null, uuidv7()),
  })
  return multer({ storage, limits: { files: 1, fields: 1, parts: 3, fileSize: config.MEDIA_LIMIT_MB * 1024 ** 2, fieldSize: 100, fieldNameSize: 40 } }).single('file')
}

/** @throws AppError for what is wrong with the form: too large, no file, no such kind. */
async function receivePhoto(receiver: RequestHandler, config: Config, request: Request, response: Response): Promise<{ file: string; fileName: string; kindText: unknown }> {
  try {
    await new Promise<void>((resolve, reject) => void receiver(request, response, (error?: unknown) => (error ? reject(error as Error) : resolve())))
  } catch (error) {
    if (!(error instanceof MulterError)) throw new AppError('bad_request', '照片没有传完，请重试。The form could not be read to its end; send the photo again.', { cause: error })
    if (error.code === 'LIMIT_FILE_SIZE') throw new AppError('too_large', `照片超过 ${config.MEDIA_LIMIT_MB} MB 上限（MEDIA_LIMIT_MB）。The photo is larger than the ${config.MEDIA_LIMIT_MB} MB this server takes (MEDIA_LIMIT_MB).`, { cause: error })
    throw new AppError('bad_request', `表单须有一张照片（file）和类型（kind）。The form has to hold one photo in "file" and its kind in "kind": ${error.message}.`, { cause: error })
  }
  const { file } = request
  if (!file) throw new AppError('bad_request', '没有照片，请选择照片后再传。There is no photo: send multipart/form-data with "file" and "kind".')
  // Browsers send file names as UTF-8 bytes, which the form's header hands over as Latin-1. The name is only ever shown.
  const fileName = Buffer.from(file.originalname, 'latin1').toString('utf8').replaceAll(/[\p{Control}/\\]|\p{Surrogate}/gu, '_').slice(0, 200)
  return { file: file.path, fileName, kindText: (request.body as Record<string, unknown> | undefined)?.['kind'] }
}

/** Nothing in a photo may run, whatever a browser takes it for. */
function sendPhoto(response: Response, bytes: Buffer, mediaType: string, disposition: string): void {
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox")
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  response.setHeader('Content-Disposition', disposition)
  response.type(mediaType).send(bytes)
}

/** Mounts the addresses of evidence. */
export function evidenceRoutes(router: Router, context: AppContext): void {
  const { db, config, clock } = context
  const options = serveOptions(context)
  const storage = openEvidenceStorage(config)
  const receiver = photoReceiver(config)

  serve(router, contract.listEvidence, options, async ({ params, principal }) => listEvidence(db, config, principal, await getCity(db, params.city), params.id))

  serve(router, contract.addEvidence, options, async ({ params, principal }, request, response) => {
    const city = await getCity(db, params.city)
    // Asked before the photo is received, so that a wrong address costs nobody 20 MB.
    await getEvidenceCase(db, principal, city, params.id, 'incidents.evidence')
    const { file, fileName, kindText } = await receivePhoto(receiver, config, request, response)
    const kind = contract.EvidenceKind.safeParse(kindText)
    if (!kind.success) {
      await rm(file, { force: true })
      const message = `The field "kind" has to be one of ${contract.EVIDENCE_KINDS.join(', ')}.`
      throw new AppError('bad_request', message, { errors: [{ path: 'form.kind', message }] })
    }
    const added = await addEvidence(db, config, storage, principal, city, params.id, { file, fileName, kind: kind.data }, clock())
    if (added.replayed) response.setHeader('Idempotency-Replayed', 'true')
    return added
  })

  const sendCopy = async (principal: Principal, params: { city: string; id: string; evidence: string }, role: 'shown' | 'thumbnail', response: Response) => {
    const bytes = await getEvidenceCopy(db, storage, principal, await getCity(db, params.city), params.id, params.evidence, role)
    response.setHeader('Cache-Control', `private, max-age=${COPY_SECONDS}, immutable`)
    sendPhoto(response, bytes, 'image/jpeg', `inline; filename="${params.evidence}-${role}.jpg"`)
  }
  serve(router, contract.getEvidenceImage, options, async ({ params, principal }, _request, response) => sendCopy(principal, params, 'shown', response))
  serve(router, contract.getEvidenceThumbnail, options, async ({ params, principal }, _request, response) => sendCopy(principal, params, 'thumbnail', response))

  serve(router, contract.getEvidenceOriginal, options, async ({ params, principal }, _request, response) => {
    const { bytes, mediaType, id } = await getEvidenceOriginal(db, storage, principal, await getCity(db, params.city), params.id, params.evidence, clock())
    response.setHeader('Cache-Control', 'no-store')
    sendPhoto(response, bytes, mediaType, `attachment; filename="${id}.${mediaType.slice('image/'.length).replace('jpeg', 'jpg')}"`)
  })
}
