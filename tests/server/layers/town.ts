/** A small made-up town for the tests of this folder. */
import type { Db } from '../../../server/db/db.ts'
import { aCity } from '../../helpers/db.ts'
import { fillTown, type Town } from './town-rows.ts'

export * from './town-rows.ts'

export async function aTown(db: Db, options: { blocks?: number } = {}): Promise<Town> {
  return fillTown(db, await aCity(db), options.blocks)
}
