import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { type CityRow, findCity } from './queries.ts'

export { bumpKindVersions, type CityRow, listCities } from './queries.ts'

/** @throws AppError not_found when no live city has this key. */
export async function getCity(db: Queryable, key: string): Promise<CityRow> {
  const city = await findCity(db, key)
  if (!city) throw new AppError('not_found', `There is no city "${key}" here.`)
  return city
}
