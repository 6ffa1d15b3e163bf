/**
 * Terminology
 * - evidence 证据: photos of a case. The original is sealed under its SHA-256; what is shown is a re-encoded copy without EXIF.
 * - near 近景, far 远景, reference 参照物: the scene as it was found; before / after 处置前 / 处置后; check 核查: what the checker saw.
 */
import { z } from 'zod'
import { CityKey } from './cities.ts'
import { endpoint } from './endpoint.ts'
import { Position } from './geojson.ts'

export const EVIDENCE_KINDS = ['near', 'far', 'reference', 'before', 'after', 'check', 'other'] as const
export const EvidenceKind = z.enum(EVIDENCE_KINDS)
export type EvidenceKind = z.infer<typeof EvidenceKind>

export const EVIDENCE_KIND_LABELS = {
  near: { zh: '近景', en: 'Near view' },
  far: { zh: '远景', en: 'Far view' },
  reference: { zh: '参照物', en: 'Reference' },
  before: { zh: '处置前', en: 'Before' },
  after: { zh: '处置后', en: 'After' },
  check: { zh: '核查', en: 'Check' },
  other: { zh: '其他', en: 'Other' },
} as const satisfies Record<EvidenceKind, { zh: string; en: string }>

/**
 * What somebody who decides on a photo should know: taken `far` from the case (rule `evidence_distance_meters`), `before_case`
 * (a result photo older than the report, a photo of the scene older than rule `evidence_early_hours` allows), dated `in_future`.
 */
export const EvidenceWarning = z.enum(['far', 'before_case', 'in_future'])
export type EvidenceWarning = z.infer<typeof EvidenceWarning>

export const Evidence = z.object({
  id: z.uuid(),
  kind: EvidenceKind,
  fileName: z.string(),
  mediaType: z.string(),
  /** Of the sealed original. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int(),
  /** Of the shown copy, in pixels. */
  width: z.number().int(),
  height: z.number().int(),
  /** Where and when the camera says; null where it says nothing. */
  takenAt: z.iso.datetime({ offset: true }).nullable(),
  position: Position.nullable(),
  /** Between the camera and the case; null where either has no place. */
  distanceMeters: z.number().nullable(),
  /** From the time of the case (when it happened, else when it was reported) to the photo; negative before it. */
  secondsFromCase: z.number().nullable(),
  warnings: z.array(EvidenceWarning),
  uploadedBy: z.string(),
  createdAt: z.iso.datetime({ offset: true }),
  /** The step of the case it is evidence for. */
  flowSequence: z.number().int().nullable(),
})
export type Evidence = z.infer<typeof Evidence>

const OneIncident = z.object({ city: CityKey, id: z.uuid() })
const OneEvidence = OneIncident.extend({ evidence: z.uuid() })

export const listEvidence = endpoint({
  name: 'listEvidence',
  access: 'incidents.read',
  summary: 'Photos of a case, oldest first',
  method: 'GET',
  path: '/cities/:city/incidents/:id/evidence',
  params: OneIncident,
  reply: z.object({ evidence: z.array(Evidence), limit: z.number().int(), limitBytes: z.number().int() }),
})

/** POST multipart/form-data: one `file` and the text `kind`; the same photo of the same kind again answers what is there. */
export const EVIDENCE_UPLOAD_PATH = '/cities/:city/incidents/:id/evidence'
export const addEvidence = endpoint({
  name: 'addEvidence',
  access: 'incidents.evidence',
  summary: 'Add a photo to a case (multipart/form-data: file, kind)',
  method: 'POST',
  path: EVIDENCE_UPLOAD_PATH,
  status: 201,
  params: OneIncident,
  /** `stored` photos of `limit` are now with the case; `replayed` when this one was there already. */
  reply: z.object({ evidence: Evidence, stored: z.number().int(), limit: z.number().int(), replayed: z.boolean() }),
})

export const getEvidenceImage = endpoint({
  name: 'getEvidenceImage',
  access: 'incidents.read',
  summary: 'The shown copy of a photo (JPEG, without EXIF)',
  method: 'GET',
  path: '/cities/:city/incidents/:id/evidence/:evidence/image',
  params: OneEvidence,
  reply: z.unknown(),
})

export const getEvidenceThumbnail = endpoint({
  name: 'getEvidenceThumbnail',
  access: 'incidents.read',
  summary: 'A small copy of a photo (JPEG)',
  method: 'GET',
  path: '/cities/:city/incidents/:id/evidence/:evidence/thumbnail',
  params: OneEvidence,
  reply: z.unknown(),
})

export const getEvidenceOriginal = endpoint({
  name: 'getEvidenceOriginal',
  access: 'incidents.reveal',
  summary: 'The sealed original as a download; its SHA-256 is checked first, and the log says who took it',
  method: 'GET',
  path: '/cities/:city/incidents/:id/evidence/:evidence/original',
  params: OneEvidence,
  reply: z.unknown(),
})
