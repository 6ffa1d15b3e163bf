import { v7 as uuidv7 } from 'uuid'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CityRow } from '../cities/cities.ts'
import type { Responsibility, ResponsibilityChange, ResponsibilityGap, ResponsibilityInput } from '../contract/responsibilities.ts'
import type { Db, Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import {
  countResponsibilities, countUsedClasses, findEnding, insertResponsibilities, listChangedRows, listGapRows, listKnownClasses, listResponsibilityRows, type NewResponsibility, type ResponsibilityFilter, updateResponsibilityEnded,
} from './responsibility-queries.ts'
import { listUnits } from './rule-queries.ts'

const GAP_DAYS = 90
const MOST_GAPS = 2_000

export async function listResponsibilities(db: Queryable, city: CityRow, filter: ResponsibilityFilter, limit: number): Promise<{ rows: Responsibility[]; total: number }> {
  return { rows: await listResponsibilityRows(db, city.cityId, filter, limit), total: await countResponsibilities(db, city.cityId, filter) }
}

/** Rows that came and went, what changed last first. */
export async function listResponsibilityChanges(db: Queryable, city: CityRow, filter: ResponsibilityFilter, limit: number): Promise<{ changes: ResponsibilityChange[] }> {
  return { changes: await listChangedRows(db, city.cityId, filter, limit) }
}

/** Classes of the schemes in use without a row for the whole city and every condition, with the cases of the 90 days before `at`. */
export async function listResponsibilityGaps(db: Queryable, city: CityRow, at: Date): Promise<{ classes: number; gaps: ResponsibilityGap[] }> {
  const since = new Date(at.getTime() - GAP_DAYS * 86_400_000).toISOString()
  return { classes: await countUsedClasses(db, city.cityId, since), gaps: await listGapRows(db, city.cityId, since, MOST_GAPS) }
}

/** @param pathOf where a row stands in the request. @throws AppError bad_request naming each row whose class or unit does not exist. */
async function resolveRows(tx: Queryable, city: CityRow, rows: readonly ResponsibilityInput[], pathOf: (index: number) => string): Promise<Omit<NewResponsibility, 'replacesId'>[]> {
  const wanted = new Set(rows.flatMap((row) => [row.unit, ...(row.competent ? [row.competent] : [])]))
  const units = new Map((await listUnits(tx, city.cityId, [...wanted])).filter((unit) => !unit.isGone).map((unit) => [unit.code, unit.organisationId]))
  const classes = await listKnownClasses(tx, [...new Set(rows.map((row) => row.schemeId))])
  const errors = rows.flatMap((row, index) => [
    ...(classes.has(`${row.schemeId} ${row.classKind} ${row.classCode}`) ? [] : [{ path: `${pathOf(index)}.classCode`, message: `方案 ${row.schemeId} 没有${row.classKind === 'part' ? '部件' : '事件'}类 ${row.classCode} · the scheme has no ${row.classKind} class ${row.classCode}` }]),
    ...[['unit', row.unit], ['competent', row.competent]].flatMap(([field, code]) => (code && !units.has(code) ? [{ path: `${pathOf(index)}.${field}`, message: `没有单位“${code}” · there is no unit "${code}"` }] : [])),
  ])
  if (errors.length > 0) throw new AppError('bad_request', `权责清单有 ${errors.length} 处不能采用，未写入任何一行。${errors.length} faults in the rows; nothing was written.`, { errors: errors.slice(0, 100) })
  return rows.map(({ unit, competent, ...row }) => ({ ...row, publicId: uuidv7(), unitId: units.get(unit)!, competentId: competent ? units.get(competent)! : null }))
}

/** Adds rows, all or none. @throws AppError bad_request naming each row whose class or unit does not exist. */
export async function addResponsibilities(db: Db, city: CityRow, principal: Principal, rows: readonly ResponsibilityInput[], at: Date): Promise<{ added: number }> {
  return db.transaction(async (tx) => {
    const resolved = await resolveRows(tx, city, rows, (index) => `body.rows.${index}`)
    await insertResponsibilities(tx, city.cityId, resolved.map((row) => ({ ...row, replacesId: null })), principal.name, at.toISOString())
    await recordAudit(tx, principal, city.cityId, { domain: 'dispatch', action: 'addResponsibilities', objectKind: 'responsibilities', details: { added: rows.length } }, at)
    return { added: rows.length }
  })
}

/**
 * Puts another row in the place of one; the old one ends and stays as history.
 * @throws AppError stale when somebody changed or ended the row meanwhile; not_found when there never was one; bad_request for a class or unit there is not.
 */
export async function changeResponsibility(db: Db, city: CityRow, principal: Principal, id: string, row: ResponsibilityInput, at: Date): Promise<{ id: string }> {
  return db.transaction(async (tx) => {
    const replacesId = await updateResponsibilityEnded(tx, city.cityId, id, principal.name, at.toISOString())
    if (replacesId === undefined) {
      const ending = await findEnding(tx, city.cityId, id)
      if (!ending) throw new AppError('not_found', '该条权责不存在。There is no such row.')
      throw new AppError('stale', `该条权责已由 ${ending.endedBy ?? '他人'} 更改或终止，请载入最新清单后再改。The row was changed or ended by ${ending.endedBy ?? 'somebody else'} meanwhile; load the matrix again.`)
    }
    const [resolved] = await resolveRows(tx, city, [row], () => 'body')
    await insertResponsibilities(tx, city.cityId, [{ ...resolved!, replacesId }], principal.name, at.toISOString())
    await recordAudit(tx, principal, city.cityId, { domain: 'dispatch', action: 'changeResponsibility', objectKind: 'responsibility', objectId: id, details: { replacedBy: resolved!.publicId } }, at)
    return { id: resolved!.publicId }
  })
}

/** Ends a row of the matrix. @throws AppError not_found when there is none in force. */
export async function endResponsibility(db: Db, city: CityRow, principal: Principal, id: string, at: Date): Promise<{ ended: boolean }> {
  return db.transaction(async (tx) => {
    if ((await updateResponsibilityEnded(tx, city.cityId, id, principal.name, at.toISOString())) === undefined) throw new AppError('not_found', '该条权责不存在或已终止。There is no such row in force.')
    await recordAudit(tx, principal, city.cityId, { domain: 'dispatch', action: 'endResponsibility', objectKind: 'responsibility', objectId: id }, at)
    return { ended: true }
  })
}
