/** Photos as cameras write them, and forms as browsers send them, for tests. */
import sharp from 'sharp'
import type { Problem } from '../../../server/contract/errors.ts'
import type { Evidence, EvidenceKind } from '../../../server/contract/evidence.ts'
import type { TestApi } from '../../helpers/api.ts'
import type { TestCity } from '../../helpers/db.ts'

/** Degrees as EXIF writes them: three fractions. */
function degrees(value: number): string {
  const whole = Math.abs(value)
  const minutes = (whole - Math.floor(whole)) * 60
  return `${Math.floor(whole)}/1 ${Math.floor(minutes)}/1 ${Math.round((minutes - Math.floor(minutes)) * 60 * 100_000)}/100000`
}

export interface Shot {
  /** `2026:11:20 17:20:00`, local time unless `offset` says otherwise. */
  taken?: string
  offset?: string
  position?: readonly [number, number]
  width?: number
  height?: number
  /** So that two photos differ. */
  colour?: string
}

/** A JPEG with what the camera wrote into its EXIF. */
export function aPhoto({ taken, offset, position, width = 800, height = 600, colour = '#557799' }: Shot = {}): Promise<Buffer> {
  const image = sharp({ create: { width, height, channels: 3, background: colour } }).jpeg()
  return image
    .withExif({
      IFD0: { Make: 'Testcam', Copyright: 'SECRET-OWNER' },
      IFD2: { ...(taken ? { DateTimeOriginal: taken } : {}), ...(offset ? { OffsetTimeOriginal: offset } : {}) },
      ...(position ? { IFD3: { GPSLongitudeRef: position[0] < 0 ? 'W' : 'E', GPSLongitude: degrees(position[0]), GPSLatitudeRef: position[1] < 0 ? 'S' : 'N', GPSLatitude: degrees(position[1]) } } : {}),
    })
    .toBuffer()
}

export interface Added {
  status: number
  replayed: boolean
  body: { evidence: Evidence; stored: number; limit: number; replayed: boolean } & Problem
}

export async function postPhoto(api: TestApi, city: TestCity, incident: string, bytes: Uint8Array, options: { kind?: EvidenceKind | string; fileName?: string; type?: string } = {}): Promise<Added> {
  const form = new FormData()
  form.append('kind', options.kind ?? 'near')
  form.append('file', new Blob([new Uint8Array(bytes)], { type: options.type ?? 'image/jpeg' }), options.fileName ?? 'photo.jpg')
  const response = await api.fetch(`/api/v1/cities/${city.key}/incidents/${incident}/evidence`, { method: 'POST', body: form })
  return { status: response.status, replayed: response.headers.get('idempotency-replayed') === 'true', body: (await response.json()) as Added['body'] }
}
