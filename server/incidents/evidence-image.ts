/** A photo as it came in: what it is by its first bytes, what its EXIF says, and the copies that are shown. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile, writeFile } from 'node:fs/promises'
import exifr from 'exifr'
import sharp from 'sharp'
import { parseInstant, ValueError } from '../../data/importers/values.ts'
import type { Position } from '../contract/geojson.ts'
import { AppError } from '../errors.ts'

export type PhotoType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/heic'

export interface Photo {
  type: PhotoType
  sha256: string
  bytes: number
  takenAt: string | null
  position: Position | null
  width: number
  height: number
  shownSha256: string
  thumbnailSha256: string
}

const SHOWN_PIXELS = 2560
const THUMBNAIL_PIXELS = 320
const SHOWN_QUALITY = 82
/** A photo of this many pixels is no photo but an attack on memory. */
const MAXIMUM_PIXELS = 120_000_000
const DECODE_WITHIN_SECONDS = 30

// Only the readers of photos: nothing that renders, loads further files or speaks to a network.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({ operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadHeif'] })
sharp.cache(false)

/** What a file is by its first bytes; undefined for anything but a photo. */
export function sniffPhoto(head: Uint8Array): PhotoType | undefined {
  const text = Buffer.from(head).toString('latin1')
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'image/webp'
  if (text.slice(4, 8) === 'ftyp' && /^(heic|heix|hevc|mif1|msf1|heim|heis)/.test(text.slice(8, 12))) return 'image/heic'
  return undefined
}

async function headOf(file: string): Promise<Uint8Array> {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

async function hashFile(file: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { sha256: hash.digest('hex'), bytes }
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function takenAtOf(exif: Record<string, unknown>, timeZone: string): string | null {
  const written = exif['DateTimeOriginal'] ?? exif['CreateDate']
  if (typeof written !== 'string') return null
  const zone = typeof exif['OffsetTimeOriginal'] === 'string' && /^[+-]\d\d:\d\d$/.test(exif['OffsetTimeOriginal']) ? exif['OffsetTimeOriginal'] : ''
  try {
    return parseInstant(`${written.slice(0, 10).replaceAll(':', '-')} ${written.slice(11, 19)}${zone}`, timeZone)
  } catch (error) {
    // A camera whose clock was never set writes days that do not exist.
    if (error instanceof ValueError) return null
    throw error
  }
}

function positionOf(exif: Record<string, unknown>): Position | null {
  const { longitude, latitude } = exif
  if (typeof longitude !== 'number' || typeof latitude !== 'number' || !Number.isFinite(longitude) || !Number.isFinite(latitude)) return null
  // A phone without a fix writes zeros.
  if ((longitude === 0 && latitude === 0) || Math.abs(longitude) > 180 || Math.abs(latitude) > 90) return null
  return [longitude, latitude]
}

/** When and where the camera says. EXIF that cannot be read says nothing; the photo is taken all the same. */
export async function readExif(file: string, timeZone: string): Promise<{ takenAt: string | null; position: Position | null }> {
  let exif: Record<string, unknown> | undefined
  try {
    exif = (await exifr.parse(await readFile(file), { tiff: true, exif: true, gps: true, xmp: false, iptc: false, icc: false, reviveValues: false })) as Record<string, unknown> | undefined
  } catch {
    return { takenAt: null, position: null }
  }
  return exif ? { takenAt: takenAtOf(exif, timeZone), position: positionOf(exif) } : { takenAt: null, position: null }
}

function undecodable(type: PhotoType, cause: unknown): AppError {
  if (type === 'image/heic') return new AppError('unsupported_file', '本服务器无法解码 HEIC 照片；请在手机相机设置中选择“兼容性最佳”（JPEG）后重新上传。This server cannot decode HEIC photos; set the camera to "most compatible" (JPEG) and send it again.', { cause })
  return new AppError('bad_request', '照片已损坏或不完整，无法解码；请重新拍摄或重新导出后上传。The photo is damaged or incomplete and cannot be decoded; take or export it again.', { cause })
}

/**
 * Reads a photo and writes its copies beside it: `FILE.shown` and `FILE.thumbnail`, JPEG, upright, without EXIF.
 * @throws AppError `unsupported_file` for anything but a JPEG, PNG, WebP (or a HEIC that can be decoded); `bad_request` for a damaged one.
 */
export async function readPhoto(file: string, timeZone: string): Promise<Photo> {
  const type = sniffPhoto(await headOf(file))
  if (!type) throw new AppError('unsupported_file', '只接收 JPEG、PNG、WebP 照片，文件内容不是其中之一（与扩展名无关）。Photos are taken as JPEG, PNG or WebP; by its content this file is none of them, whatever its name says.')
  const [{ sha256, bytes }, exif] = await Promise.all([hashFile(file), readExif(file, timeZone)])
  try {
    const upright = () => sharp(file, { limitInputPixels: MAXIMUM_PIXELS, failOn: 'error', sequentialRead: false }).timeout({ seconds: DECODE_WITHIN_SECONDS }).autoOrient()
    const fit = (pixels: number) => ({ width: pixels, height: pixels, fit: 'inside' as const, withoutEnlargement: true })
    const shown = await upright().resize(fit(SHOWN_PIXELS)).flatten({ background: '#ffffff' }).jpeg({ quality: SHOWN_QUALITY }).toBuffer({ resolveWithObject: true })
    const thumbnail = await sharp(shown.data).resize(fit(THUMBNAIL_PIXELS)).jpeg({ quality: SHOWN_QUALITY }).toBuffer()
    await writeFile(`${file}.shown`, shown.data, { mode: 0o600 })
    await writeFile(`${file}.thumbnail`, thumbnail, { mode: 0o600 })
    return { type, sha256, bytes, ...exif, width: shown.info.width, height: shown.info.height, shownSha256: sha256Of(shown.data), thumbnailSha256: sha256Of(thumbnail) }
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('E')) throw error
    throw undecodable(type, error)
  }
}
