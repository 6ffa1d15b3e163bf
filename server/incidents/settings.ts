import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CityRow } from '../cities/cities.ts'
import type { WorkflowSettings } from '../contract/incidents.ts'
import type { Db, Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { findWorkflowSettings, insertWorkflowSettings } from './settings-queries.ts'

/** How a city organises the flow at an instant. */
export async function getWorkflowSettings(db: Queryable, city: Pick<CityRow, 'cityId'>, at: Date): Promise<WorkflowSettings> {
  const found = await findWorkflowSettings(db, city.cityId, at)
  if (!found) throw new TypeError('the default of the workflow settings is missing')
  return found
}

export interface SettingsWish {
  version: number
  filingRole: 'operator' | 'shift_leader'
  photoCheckClasses: string[] | null
  requiresPhotos: boolean
  source: string
  verified: boolean
}

/** Gives a city the next version of its settings; earlier versions stay. @throws AppError stale when somebody was quicker. */
export function setWorkflowSettings(db: Db, city: CityRow, principal: Principal, wish: SettingsWish, at: Date): Promise<WorkflowSettings> {
  return db.transaction(async (tx) => {
    const before = await getWorkflowSettings(tx, city, at)
    const next = before.isOwn ? before.version + 1 : 1
    const stale = () => new AppError('stale', `流程设置已更新为第 ${before.version} 版，请重新查看。The workflow settings are at version ${before.version} by now (you saw ${wish.version}); look again.`)
    if (before.version !== wish.version) throw stale()
    const { version: _version, ...values } = wish
    if (!(await insertWorkflowSettings(tx, { ...values, cityId: city.cityId, version: next, effectiveFrom: at.toISOString(), createdBy: principal.accountId }))) throw stale()
    const after = await getWorkflowSettings(tx, city, at)
    await recordAudit(tx, principal, city.cityId, { domain: 'reference', action: 'setWorkflowSettings', objectKind: 'city', objectId: city.key, details: { version: next, filingRole: wish.filingRole, photoCheckClasses: wish.photoCheckClasses, requiresPhotos: wish.requiresPhotos } }, at)
    return after
  })
}

/** Whether a class may be checked on photographs alone. */
export function allowsPhotoCheck(settings: Pick<WorkflowSettings, 'photoCheckClasses'>, kind: 'part' | 'event', code: string): boolean {
  return settings.photoCheckClasses === null || settings.photoCheckClasses.some((one) => `${kind}:${code}`.startsWith(one))
}
