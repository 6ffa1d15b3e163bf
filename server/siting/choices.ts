import { getCity } from '../cities/cities.ts'
import type { Reply } from '../contract/endpoint.ts'
import type { getSitingChoices as getSitingChoicesEndpoint } from '../contract/planning-siting.ts'
import type { Db } from '../db/db.ts'
import { findChoices } from './plot-queries.ts'

function countBy(rows: readonly { value: string | null; count: number }[]): { value: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const { value, count } of rows) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + count)
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count)
}

/** What sites of a city can be chosen from. @throws AppError not_found */
export async function getSitingChoices(db: Db, cityKey: string): Promise<Reply<typeof getSitingChoicesEndpoint>> {
  const { cityId } = await getCity(db, cityKey)
  const { rows, ...has } = await findChoices(db, cityId)
  return {
    plots: rows.reduce((sum, { count }) => sum + count, 0),
    landUses: countBy(rows.map(({ landUse, count }) => ({ value: landUse, count }))),
    ownerships: countBy(rows.map(({ ownership, count }) => ({ value: ownership, count }))),
    ...has,
  }
}
