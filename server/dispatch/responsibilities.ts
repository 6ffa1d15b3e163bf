import { v7 as uuidv7 } from 'uuid'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CityRow } from '../cities/cities.ts'
import type { Responsibility, ResponsibilityInput } from '../contract/dispatch.ts'
import type { Db, Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { countResponsibilities, insertResponsibilities, listKnownClasses, listResponsibilityRows, listUnits, type ResponsibilityFilter, updateResponsibilityEnded } from './queries.ts'

export async function listResponsibilities(db: Queryable, city: CityRow, filter: ResponsibilityFilter, limit: number): Promise<{ rows: Responsibility[]; total: number }> {
  return { rows: await listResponsibilityRows(db, city.cityId, filter, limit), total: await countResponsibilities(db, city.cityId, filter) }
}

/** Adds rows, all or none. @throws AppError bad_request naming each row whose class or unit does not exist. */
export async function addResponsibilities(db: Db, city: CityRow, principal: Principal, rows: readonly ResponsibilityInput[], at: Date): Promise<{ added: number }> {
  return db.transaction(async (tx) => {
    const wanted = new Set(rows.flatMap((row) => [row.unit, ...(row.competent ? [row.competent] : [])]))
    const units = new Map((await listUnits(tx, city.cityId, [...wanted])).map((unit) => [unit.code, unit.organisationId]))
    const classes = await listKnownClasses(tx, [...new Set(rows.map((row) => row.schemeId))])
    const errors = rows.flatMap((row, index) => [
      ...(classes.has(`${row.schemeId} ${row.classKind} ${row.classCode}`) ? [] : [{ path: `body.rows.${index}.classCode`, message: `方案 ${row.schemeId} 没有${row.classKind === 'part' ? '部件' : '事件'}类 ${row.classCode} · the scheme has no ${row.classKind} class ${row.classCode}` }]),
      ...[['unit', row.unit], ['competent', row.competent]].flatMap(([field, code]) => (code && !units.has(code) ? [{ path: `body.rows.${index}.${field}`, message: `没有单位“${code}” · there is no unit "${code}"` }] : [])),
    ])
    if (errors.length > 0) throw new AppError('bad_request', `权责清单有 ${errors.length} 处不能采用，未写入任何一行。${errors.length} faults in the rows; nothing was written.`, { errors: errors.slice(0, 100) })
    await insertResponsibilities(tx, city.cityId, rows.map(({ unit, competent, ...row }) => ({ ...row, publicId: uuidv7(), unitId: units.get(unit)!, competentId: competent ? units.get(competent)! : null })))
    await recordAudit(tx, principal, city.cityId, { domain: 'dispatch', action: 'addResponsibilities', objectKind: 'responsibilities', details: { added: rows.length } }, at)
    return { added: rows.length }
  })
}

/** Ends a row of the matrix. @throws AppError not_found when there is none in force. */
export async function endResponsibility(db: Db, city: CityRow, principal: Principal, id: string, at: Date): Promise<{ ended: boolean }> {
  return db.transaction(async (tx) => {
    if (!(await updateResponsibilityEnded(tx, city.cityId, id))) throw new AppError('not_found', '该条权责不存在或已终止。There is no such row in force.')
    await recordAudit(tx, principal, city.cityId, { domain: 'dispatch', action: 'endResponsibility', objectKind: 'responsibility', objectId: id }, at)
    return { ended: true }
  })
}
