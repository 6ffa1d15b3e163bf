/** What the demo city's cases need so that its people can act on them; called at every start. */
import type { Db } from '../db/db.ts'
import { insertDemoSettings, updateNamedDepartments } from './demo-queries.ts'

export { listDemoPeople } from './demo-queries.ts'

/** @returns how many cases were given the body that they named. */
export function prepareDemoCases(db: Db, cityId: number): Promise<number> {
  return db.transaction(async (tx) => {
    await insertDemoSettings(tx, cityId)
    return updateNamedDepartments(tx, cityId)
  })
}
