/** What two rates are counted from beside the cases themselves: answers of reporters, and problems that collectors missed. */
import { v7 as uuidv7 } from 'uuid'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import { getCity } from '../cities/cities.ts'
import type { Db } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { findCase, insertMissedReport, insertReturnVisit } from './record-queries.ts'

/** @throws AppError not_found; conflict while the case has not ended. */
export async function recordReturnVisit(db: Db, cityKey: string, incident: string, body: { outcome: string; note?: string | undefined }, principal: Principal, at: Date): Promise<{ id: string; visitedAt: string }> {
  return db.transaction(async (tx) => {
    const city = await getCity(tx, cityKey)
    const found = await findCase(tx, city.cityId, incident)
    if (!found) throw new AppError('not_found', `${city.nameZh}没有案件 ${incident}，或您无权查看。There is no incident ${incident} in ${city.nameEn}.`)
    if (!found.isEnded) throw new AppError('conflict', '案件办结后方可回访。The reporter is asked after the case has ended.')
    const id = uuidv7()
    await insertReturnVisit(tx, { id, incidentId: found.incidentId, outcome: body.outcome, note: body.note ?? null, byId: principal.accountId, by: principal.name, at: at.toISOString() })
    await recordAudit(tx, principal, city.cityId, { domain: 'incidents', lane: incident, action: 'recordReturnVisit', objectKind: 'incident', objectId: incident, details: { outcome: body.outcome } }, at)
    return { id, visitedAt: at.toISOString() }
  })
}

/** @throws AppError not_found; conflict when the case is recorded as missed already. */
export async function recordMissedReport(db: Db, cityKey: string, incident: string, body: { collector: string; note?: string | undefined }, principal: Principal, at: Date): Promise<{ id: string; foundAt: string }> {
  return db.transaction(async (tx) => {
    const city = await getCity(tx, cityKey)
    const found = await findCase(tx, city.cityId, incident)
    if (!found) throw new AppError('not_found', `${city.nameZh}没有案件 ${incident}，或您无权查看。There is no incident ${incident} in ${city.nameEn}.`)
    const id = uuidv7()
    const isNew = await insertMissedReport(tx, { id, incidentId: found.incidentId, collector: body.collector, note: body.note ?? null, byId: principal.accountId, by: principal.name, at: at.toISOString() })
    if (!isNew) throw new AppError('conflict', '该案件已记为漏报。The case is recorded as missed already.')
    await recordAudit(tx, principal, city.cityId, { domain: 'evaluation', action: 'recordMissedReport', objectKind: 'incident', objectId: incident, details: { collector: body.collector } }, at)
    return { id, foundAt: at.toISOString() }
  })
}
