import { getCity } from '../cities/cities.ts'
import { IndicatorBlock, type IndicatorChoices } from '../contract/planning-indicators.ts'
import { listDatedLayers } from '../coverage/input-queries.ts'
import type { Db } from '../db/db.ts'
import { hasBuiltUpArea, listUnits } from './queries.ts'
import { kindsOf } from './settle.ts'

/** What a sheet can be about in a city, and what it would read. @throws AppError not_found */
export async function getIndicatorChoices(db: Db, cityKey: string): Promise<IndicatorChoices> {
  const { cityId } = await getCity(db, cityKey)
  return {
    scopes: (await hasBuiltUpArea(db, cityId)) ? ['built_up', 'city'] : ['city'],
    units: await listUnits(db, cityId),
    layers: await listDatedLayers(db, cityId, kindsOf(IndicatorBlock.options)),
  }
}
