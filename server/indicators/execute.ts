/** Computes a settled indicator sheet, block by block. Writes nothing. */
import type { CityRow } from '../cities/cities.ts'
import { type GreenIndicatorKey, GREEN_INDICATOR_KEYS } from '../contract/green-indicators.ts'
import { type IndicatorsDrawing, type IndicatorsInput, type IndicatorsResult, KEPT_ROWS } from '../contract/planning-indicators.ts'
import { findNotCounted, type GreenSheet, readGreenSheet, readLimits } from '../green-indicators/green-indicators.ts'
import { readLand, readPeople } from '../green-indicators/inputs.ts'
import type { Executed, ExecuteTools } from '../planning/kind.ts'
import { coverageWithin } from './coverage-of.ts'
import { listDatedLayers } from './queries.ts'
import { kindsOf } from './settle.ts'
import { sheetTexts } from './words.ts'

/** Features behind the indices, each once, and how much of each counts for which. */
function drawRows(sheet: GreenSheet): Pick<IndicatorsDrawing, 'features' | 'rows'> {
  const numbers = new Map<string, number>()
  const features: IndicatorsDrawing['features'] = []
  const rows: IndicatorsDrawing['rows'] = {}
  const numberOf = (key: string, feature: IndicatorsDrawing['features'][number]) => {
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, features.length)
    features.push(feature)
    return features.length - 1
  }
  for (const key of GREEN_INDICATOR_KEYS) {
    const counted = sheet.rowsOf(key).slice(0, KEPT_ROWS)
    // The same green space has another area where the index takes in the whole city.
    if (counted.length > 0) rows[key] = counted.map(({ id, name, classCode, areaM2, greenRatio, position, counted: amount }) => ({ feature: numberOf(`${id} ${areaM2}`, { id, name, classCode, areaM2, greenRatio, position }), counted: amount }))
  }
  return { features, rows }
}

/** @throws AppError bad_request where scope or unit are not there any more; the signal's reason when cancelled */
export async function executeIndicators(city: CityRow, input: IndicatorsInput, tools: ExecuteTools<null>): Promise<Executed<IndicatorsResult, IndicatorsDrawing>> {
  const { db, progress } = tools
  await progress('prepare', 2)
  const limits = await readLimits(db, city, input.scope, input.unit)
  const layers = await listDatedLayers(db, city.cityId, kindsOf(input.blocks))
  await progress('green', 8)
  const sheet = input.blocks.includes('indices') ? await readGreenSheet(db, city, limits, coverageWithin(city, input, tools)) : null
  await progress('sheet', 55)
  const people = sheet ? sheet.people : await readPeople(db, city, limits)
  const result: IndicatorsResult = {
    landM2: sheet ? sheet.landM2 : await readLand(db, city, limits.clip),
    people: people && { source: people.source, people: people.people, withoutPeople: people.withoutPeople },
    layers,
    indices: sheet && sheet.indicators.map((indicator) => ({ ...indicator, rows: sheet.rowsOf(indicator.key satisfies GreenIndicatorKey).length })),
    notCounted: sheet && (await findNotCounted(db, city)),
  }
  await progress('store', 95)
  return { result, drawing: sheet ? drawRows(sheet) : { features: [], rows: {} }, ...sheetTexts(city, input) }
}
