/** Who reported a case: masked for everybody, told in clear only where the log keeps who asked and why. */
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CityRow } from '../cities/cities.ts'
import type { IncidentSource } from '../contract/incidents.ts'
import type { Db } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { findReporter } from './reporter-queries.ts'
import { visibilityOf } from './visibility.ts'
import { visibleIncident } from './filter-queries.ts'

/** Sources whose reporter is a member of the public; the others report by their office, or are machines. */
const PUBLIC_SOURCES: ReadonlySet<IncidentSource> = new Set<IncidentSource>(['hotline_12345', 'citizen_app', 'media'])

export const isPublicSource = (source: IncidentSource): boolean => PUBLIC_SOURCES.has(source)

/** 王小明 becomes 王**: the first character stays. */
export function maskName(name: string): string {
  return `${[...name][0] ?? ''}**`
}

/** 13812345678 becomes 138****5678; of short numbers only the last two digits stay. */
export function maskPhone(phone: string): string {
  const digits = phone.replaceAll(/\D/g, '')
  return digits.length >= 11 ? `${digits.slice(0, 3)}****${digits.slice(-4)}` : `****${digits.slice(-2)}`
}

/** The reporter as everybody may see him. */
export function maskReporter<Row extends { source: IncidentSource; reportedBy: string }>(row: Row): Row {
  return isPublicSource(row.source) ? { ...row, reportedBy: maskName(row.reportedBy) } : row
}

/** Name and telephone in clear. @throws AppError not_found for a case outside the caller's reach. */
export function revealReporter(db: Db, city: CityRow, principal: Principal, id: string, reason: string, at: Date): Promise<{ reportedBy: string; reporterPhone: string | null }> {
  return db.transaction(async (tx) => {
    const found = await findReporter(tx, city.cityId, id, visibleIncident(await visibilityOf(tx, principal, city, 'incidents.reveal')))
    if (!found) throw new AppError('not_found', `${city.nameZh}没有案件 ${id}，或您无权查看。There is no incident ${id} in ${city.nameEn}.`)
    await recordAudit(tx, principal, city.cityId, { domain: 'incidents', action: 'revealReporter', objectKind: 'incident', objectId: id, details: { reason }, lane: id }, at)
    return found
  })
}
