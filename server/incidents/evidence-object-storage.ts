/** Photos in a bucket of storage that speaks S3; requests are signed (version 4), contents checked by SHA-256 on arrival. */
import { readFile, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { AwsClient } from 'aws4fetch'
import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import { checkEvidenceName, type EvidenceStorage, MissingFile } from './evidence-storage.ts'

const REQUEST_WITHIN_MILLISECONDS = 60_000
const RETRIES = 2
/** Objects of others in the same bucket are never listed, so never swept. */
const PREFIX = 'xiucheng-evidence/'

/** Text of the first element of a name; keys are ours and dates are plain, so nothing in them is escaped. */
function elementOf(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]
}

export function openObjectStorage(config: Config): EvidenceStorage {
  const client = new AwsClient({ accessKeyId: config.MEDIA_S3_ACCESS_KEY_ID ?? '', secretAccessKey: config.MEDIA_S3_SECRET_ACCESS_KEY ?? '', region: config.MEDIA_S3_REGION, service: 's3', retries: RETRIES })
  const bucket = `${(config.MEDIA_S3_ENDPOINT ?? '').replace(/\/+$/, '')}/${config.MEDIA_S3_BUCKET}`
  const addressOf = (name: string): string => `${bucket}/${PREFIX}${checkEvidenceName(name)}`

  async function ask(address: string, init: { method: string; body?: Uint8Array<ArrayBuffer>; headers?: Record<string, string> }): Promise<Response> {
    let response: Response
    try {
      response = await client.fetch(address, { ...init, signal: AbortSignal.timeout(REQUEST_WITHIN_MILLISECONDS) })
    } catch (error) {
      throw new AppError('unavailable', '照片存储无法访问，照片未保存，请稍后重试。The storage of photos cannot be reached; nothing was stored, try again later.', { cause: error })
    }
    if (response.ok || response.status === 404) return response
    const said = (await response.text()).slice(0, 500)
    throw new AppError('unavailable', `照片存储拒绝了请求（${response.status}），照片未保存。The storage of photos refused the request (${response.status}); nothing was stored.`, { cause: new Error(`${init.method} ${new URL(address).pathname}: ${response.status} ${said}`) })
  }

  return {
    async keep(name, file, sha256) {
      const body = new Uint8Array(await readFile(file))
      const response = await ask(addressOf(name), { method: 'PUT', body, headers: { 'X-Amz-Content-Sha256': sha256 } })
      if (!response.ok) throw new AppError('unavailable', `照片存储桶“${config.MEDIA_S3_BUCKET}”不存在。The bucket of photos "${config.MEDIA_S3_BUCKET}" is not there.`)
      await rm(file, { force: true })
    },
    async read(name) {
      const response = await ask(addressOf(name), { method: 'GET' })
      if (!response.ok) throw new MissingFile(`There is no object ${name}.`)
      return Buffer.from(await response.arrayBuffer())
    },
    async stream(name) {
      const response = await ask(addressOf(name), { method: 'GET' })
      return response.ok ? Readable.from([Buffer.from(await response.arrayBuffer())]) : null
    },
    async *list() {
      let continuation: string | undefined
      do {
        const query = new URLSearchParams({ 'list-type': '2', prefix: PREFIX, ...(continuation === undefined ? {} : { 'continuation-token': continuation }) })
        const xml = await (await ask(`${bucket}?${query.toString()}`, { method: 'GET' })).text()
        for (const [, entry = ''] of xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
          const key = elementOf(entry, 'Key')
          const modified = elementOf(entry, 'LastModified')
          if (key?.startsWith(PREFIX) && modified !== undefined) yield { name: key.slice(PREFIX.length), modifiedAt: new Date(modified) }
        }
        continuation = elementOf(xml, 'NextContinuationToken')
      } while (continuation !== undefined)
    },
    async remove(name) {
      await ask(addressOf(name), { method: 'DELETE' })
    },
  }
}
