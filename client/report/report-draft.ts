import type { IncidentReport, IncidentSource } from '../../server/contract/incidents.ts'

export interface ReportDraft {
  source: IncidentSource
  /** `scheme kind:code`; empty: not chosen. */
  class: string
  description: string
  address: string
  /** Longitude and latitude as written. */
  coordinates: string
  placeMethod: 'map' | 'address'
  reportedBy: string
  reporterPhone: string
  sourceReference: string
}

export type ReportField = 'class' | 'description' | 'place' | 'reporterPhone'

export function emptyDraft(): ReportDraft {
  return { source: 'hotline_12345', class: '', description: '', address: '', coordinates: '', placeMethod: 'map', reportedBy: '', reporterPhone: '', sourceReference: '' }
}

const PHONE = /^[+\d][\d -]{4,19}$/

/** `113.42773, 31.3579` as a place; null where it is none. A comma, a space or their Chinese signs stand between. */
export function placeOf(coordinates: string): [number, number] | null {
  const [longitude, latitude, ...more] = coordinates.trim().split(/[\s,，、]+/).map(Number)
  if (more.length > 0 || longitude === undefined || latitude === undefined || !Number.isFinite(longitude) || !Number.isFinite(latitude)) return null
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90 ? [longitude, latitude] : null
}

export function classOf(draft: Pick<ReportDraft, 'class'>): { schemeId: string; classKind: 'part' | 'event'; classCode: string } | null {
  const [schemeId, code] = draft.class.split(' ')
  const [kind, classCode] = code?.split(':') ?? []
  return schemeId && classCode && (kind === 'part' || kind === 'event') ? { schemeId, classKind: kind, classCode } : null
}

/** What is at fault, field by field, as keys of `report.faults`; a case without a place cannot be sent to anybody. */
export function faultsOf(draft: ReportDraft): Partial<Record<ReportField, string>> {
  const faults: Partial<Record<ReportField, string>> = {}
  if (classOf(draft) === null) faults.class = 'class'
  if (draft.description.trim() === '') faults.description = 'description'
  if (draft.coordinates.trim() !== '' && placeOf(draft.coordinates) === null) faults.place = 'coordinates'
  else if (draft.coordinates.trim() === '') faults.place = 'place'
  if (draft.reporterPhone.trim() !== '' && !PHONE.test(draft.reporterPhone.trim())) faults.reporterPhone = 'phone'
  return faults
}

/** The report as it is sent; null while something is at fault. */
export function reportOf(draft: ReportDraft): Partial<IncidentReport> & Pick<IncidentReport, 'source' | 'classKind' | 'classCode'> | null {
  const chosen = classOf(draft)
  const position = placeOf(draft.coordinates)
  if (chosen === null || position === null || Object.keys(faultsOf(draft)).length > 0) return null
  const given = { address: draft.address.trim(), reportedBy: draft.reportedBy.trim(), reporterPhone: draft.reporterPhone.trim(), sourceReference: draft.sourceReference.trim() }
  return { ...chosen, source: draft.source, description: draft.description.trim(), position, placeMethod: draft.placeMethod, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')) }
}
