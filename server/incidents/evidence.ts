/** Photos as evidence: taken in, shown, handed out sealed, tied to the step of a case that they prove. */
import { rm } from 'node:fs/promises'
import { v7 as uuidv7 } from 'uuid'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CityRow } from '../cities/cities.ts'
import type { Config } from '../config.ts'
import type { Reply } from '../contract/endpoint.ts'
import type { addEvidence as addEvidenceEndpoint, Evidence, EvidenceKind, EvidenceWarning, listEvidence as listEvidenceEndpoint } from '../contract/evidence.ts'
import type { Permission } from '../contract/permissions.ts'
import type { Db, Queryable } from '../db/db.ts'
import type { Sql } from '../db/sql.ts'
import { AppError } from '../errors.ts'
import { type CaseRule, findCaseRules } from './case-rule-queries.ts'
import { readPhoto, sha256Of } from './evidence-image.ts'
import {
  countEvidence, type EvidenceCase, type EvidenceRow, findEvidenceCase, findEvidenceRow, findSameEvidence, insertEvidence, listEvidenceForFlow, listEvidenceRows, lockEvidence, updateEvidenceFlow,
} from './evidence-queries.ts'
import { type EvidenceRole, evidenceName, type EvidenceStorage, MissingFile } from './evidence-storage.ts'
import { visibleIncident } from './filter-queries.ts'
import { EVERYTHING, visibilityOf } from './visibility.ts'

/** Clocks of cameras run ahead by minutes, not by more. */
const CLOCK_TOLERANCE_MILLISECONDS = 10 * 60_000
const HOUR = 3_600_000
const RESULT_KINDS: readonly EvidenceKind[] = ['after', 'check']

function warningsOf(row: EvidenceRow, incident: EvidenceCase, rules: Record<CaseRule, number>): EvidenceWarning[] {
  const warnings: EvidenceWarning[] = []
  if (row.distanceMeters !== null && row.distanceMeters > rules.evidence_distance_meters) warnings.push('far')
  if (row.takenAt !== null) {
    const taken = Date.parse(row.takenAt)
    const earliest = RESULT_KINDS.includes(row.kind) ? Date.parse(incident.reportedAt) : Date.parse(incident.happenedAt) - rules.evidence_early_hours * HOUR
    if (taken < earliest) warnings.push('before_case')
    if (taken > Date.parse(row.createdAt) + CLOCK_TOLERANCE_MILLISECONDS) warnings.push('in_future')
  }
  return warnings
}

function present(row: EvidenceRow, incident: EvidenceCase, rules: Record<CaseRule, number>): Evidence {
  const { mediaId: _mediaId, originalPath: _original, shownPath: _shown, thumbnailPath: _thumbnail, ...evidence } = row
  return {
    ...evidence,
    secondsFromCase: row.takenAt === null ? null : Math.round((Date.parse(row.takenAt) - Date.parse(incident.happenedAt)) / 1000),
    warnings: warningsOf(row, incident, rules),
  }
}

/** The condition on cases that somebody sees under a permission. */
async function visible(db: Queryable, principal: Principal, city: CityRow, permission: Permission): Promise<Sql> {
  return visibleIncident(await visibilityOf(db, principal, city, permission))
}

/** The case that evidence is about. @throws AppError not_found, also for a case that is there but out of sight. */
export async function getEvidenceCase(db: Queryable, principal: Principal, city: CityRow, id: string, permission: Permission = 'incidents.read'): Promise<EvidenceCase> {
  const found = await findEvidenceCase(db, city.cityId, id, await visible(db, principal, city, permission))
  if (!found) throw new AppError('not_found', `${city.nameZh}没有案件 ${id}，或您无权查看。There is no incident ${id} in ${city.nameEn}.`)
  return found
}

/** Photos of a case, oldest first, with how far from it they were taken. @throws AppError not_found */
export async function listEvidence(db: Queryable, config: Config, principal: Principal, city: CityRow, id: string): Promise<Reply<typeof listEvidenceEndpoint>> {
  const incident = await getEvidenceCase(db, principal, city, id)
  const [rows, rules] = [await listEvidenceRows(db, city.measureSrid, incident.incidentId), await findCaseRules(db, city.cityId)]
  return { evidence: rows.map((row) => present(row, incident, rules)), limit: config.MEDIA_PER_CASE, limitBytes: config.MEDIA_LIMIT_MB * 1024 ** 2 }
}

function refuseFull(limit: number): never {
  throw new AppError('conflict', `该案件已有 ${limit} 张照片，达到上限（MEDIA_PER_CASE）。The case has ${limit} photos, the most it may have (MEDIA_PER_CASE).`)
}

export interface ArrivedPhoto {
  /** Where it lies; gone afterwards, whatever happens. */
  file: string
  fileName: string
  kind: EvidenceKind
}

/**
 * Takes a photo into a case: checked, copied without EXIF, all three files on disk, then the row and the log in one transaction.
 * The same photo of the same kind again is answered as it stands and stored once.
 * @throws AppError as `readPhoto` does; `conflict` when the case is full; `unavailable` when the storage is.
 */
export async function addEvidence(db: Db, config: Config, storage: EvidenceStorage, principal: Principal, city: CityRow, id: string, arrived: ArrivedPhoto, at: Date): Promise<Reply<typeof addEvidenceEndpoint>> {
  const { file, fileName, kind } = arrived
  const publicId = uuidv7()
  const names = { original: evidenceName(publicId, 'original'), shown: evidenceName(publicId, 'shown'), thumbnail: evidenceName(publicId, 'thumbnail') }
  const kept: string[] = []
  let isStored = false
  const keep = async (role: EvidenceRole, from: string, sha256: string) => {
    kept.push(names[role])
    await storage.keep(names[role], from, sha256)
  }
  try {
    const incident = await getEvidenceCase(db, principal, city, id, 'incidents.evidence')
    const rules = await findCaseRules(db, city.cityId)
    const photo = await readPhoto(file, city.timeZone)
    const answer = async (tx: Queryable, row: EvidenceRow, replayed: boolean) => ({ evidence: present(row, incident, rules), stored: await countEvidence(tx, incident.incidentId), limit: config.MEDIA_PER_CASE, replayed })
    const same = await findSameEvidence(db, city.measureSrid, incident.incidentId, kind, photo.sha256)
    if (same) return await answer(db, same, true)
    if ((await countEvidence(db, incident.incidentId)) >= config.MEDIA_PER_CASE) refuseFull(config.MEDIA_PER_CASE)
    await keep('original', file, photo.sha256)
    await keep('shown', `${file}.shown`, photo.shownSha256)
    await keep('thumbnail', `${file}.thumbnail`, photo.thumbnailSha256)
    return await db.transaction(async (tx) => {
      const held = await lockEvidence(tx, incident.incidentId)
      const twin = await findSameEvidence(tx, city.measureSrid, incident.incidentId, kind, photo.sha256)
      if (twin) return answer(tx, twin, true)
      if (held >= config.MEDIA_PER_CASE) refuseFull(config.MEDIA_PER_CASE)
      await insertEvidence(tx, {
        publicId, incidentId: incident.incidentId, kind, fileName, mediaType: photo.type, originalPath: names.original, sha256: photo.sha256, bytes: photo.bytes, shownPath: names.shown,
        width: photo.width, height: photo.height, thumbnailPath: names.thumbnail, takenAt: photo.takenAt, position: photo.position, uploadedById: principal.accountId, uploadedBy: principal.name, at: at.toISOString(),
      })
      const row = await findEvidenceRow(tx, city, id, publicId, visibleIncident(EVERYTHING))
      if (!row) throw new TypeError('a photo was not there after its own insert')
      const added = await answer(tx, row, false)
      await recordAudit(tx, principal, city.cityId, { domain: 'incidents', lane: id, action: 'addEvidence', objectKind: 'incident', objectId: id, details: { evidence: publicId, kind, sha256: photo.sha256 } }, at)
      isStored = true
      return added
    })
  } finally {
    for (const left of [file, `${file}.shown`, `${file}.thumbnail`]) await rm(left, { force: true })
    // Once the commit was sent, a row may stand behind the files even if its answer was lost: the sweep decides. It also takes what cannot be removed now.
    if (!isStored) for (const name of kept) await storage.remove(name).catch(() => undefined)
  }
}

async function getRow(db: Queryable, principal: Principal, city: CityRow, incident: string, id: string, permission: Permission): Promise<EvidenceRow> {
  const row = await findEvidenceRow(db, city, incident, id, await visible(db, principal, city, permission))
  if (!row) throw new AppError('not_found', `该案件没有照片 ${id}。The case has no photo ${id}.`)
  return row
}

async function readFileOf(storage: EvidenceStorage, row: EvidenceRow, role: EvidenceRole): Promise<Buffer> {
  const name = { original: row.originalPath, shown: row.shownPath, thumbnail: row.thumbnailPath }[role]
  try {
    return await storage.read(name)
  } catch (error) {
    if (error instanceof MissingFile) throw new AppError('not_found', `照片 ${row.id} 的文件缺失，请告知管理员。The file of photo ${row.id} is missing; tell the administrator.`, { cause: error })
    throw error
  }
}

/** The copy that is shown, or the small one. @throws AppError not_found */
export async function getEvidenceCopy(db: Queryable, storage: EvidenceStorage, principal: Principal, city: CityRow, incident: string, id: string, role: 'shown' | 'thumbnail'): Promise<Buffer> {
  return readFileOf(storage, await getRow(db, principal, city, incident, id, 'incidents.read'), role)
}

/**
 * The sealed original, logged before it leaves.
 * @throws AppError `not_found`; `conflict` when it is no longer what was sealed.
 */
export async function getEvidenceOriginal(db: Db, storage: EvidenceStorage, principal: Principal, city: CityRow, incident: string, id: string, at: Date): Promise<{ bytes: Buffer; mediaType: string; id: string }> {
  const row = await getRow(db, principal, city, incident, id, 'incidents.reveal')
  const bytes = await readFileOf(storage, row, 'original')
  const isIntact = sha256Of(bytes) === row.sha256
  await db.transaction((tx) =>
    recordAudit(tx, principal, city.cityId, { domain: 'incidents', lane: incident, action: 'getEvidenceOriginal', objectKind: 'incident', objectId: incident, outcome: isIntact ? 'done' : 'failed', details: { evidence: id, sha256: row.sha256 } }, at),
  )
  if (!isIntact) throw new AppError('conflict', `照片 ${id} 的原件与封存时的 SHA-256 不一致，不再是证据。The original of photo ${id} is not what was sealed: its SHA-256 differs.`)
  return { bytes, mediaType: row.mediaType, id }
}

export interface UsedEvidence {
  id: string
  kind: EvidenceKind
  sha256: string
}

/**
 * Ties photos to a step of their case, in the step's transaction; what it answers belongs in the step's `details.evidence`.
 * A photo proves one step.
 * @throws AppError bad_request naming a photo that is not of this case or proves another step already.
 */
export async function useEvidence(tx: Queryable, incidentId: number, ids: readonly string[], sequence: number): Promise<UsedEvidence[]> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return []
  const found = await listEvidenceForFlow(tx, incidentId, wanted)
  const fault = (message: string): AppError => new AppError('bad_request', message, { errors: [{ path: 'body.mediaIds', message }] })
  const missing = wanted.filter((id) => !found.some((row) => row.id === id))
  if (missing.length > 0) throw fault(`该案件没有照片 ${missing.join('、')}。The case has no photo ${missing.join(', ')}.`)
  const taken = found.find((row) => row.flowSequence !== null && row.flowSequence !== sequence)
  if (taken) throw fault(`照片 ${taken.id} 已用于第 ${taken.flowSequence} 步。Photo ${taken.id} is evidence for step ${taken.flowSequence} already.`)
  await updateEvidenceFlow(tx, found.map((row) => row.mediaId), sequence)
  return found.map(({ id, kind, sha256 }) => ({ id, kind, sha256 }))
}
