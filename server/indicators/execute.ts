/** Computes a settled indicator sheet, block by block. Writes nothing. */
import type { CityRow } from '../cities/cities.ts'
import { GREEN_INDICATOR_KEYS } from '../contract/green-indicators.ts'
import type { ReachBlock } from '../contract/green-reach.ts'
import { type IndicatorsDrawing, type IndicatorsInput, type IndicatorsResult, KEPT_ROWS } from '../contract/planning-indicators.ts'
import { listDatedLayers } from '../coverage/input-queries.ts'
import { type CountedFeature, findNotCounted, readGreenSheet, readLimits } from '../green-indicators/green-indicators.ts'
import { readLand, readPeople } from '../green-indicators/inputs.ts'
import type { Executed, ExecuteTools } from '../planning/kind.ts'
import { coverageWithin } from './coverage-of.ts'
import { answerReach } from './reach.ts'
import { listReachRules } from './reach-rules.ts'
import { kindsOf } from './settle.ts'
import { answerSpacing } from './spacing.ts'
import { listSpacingRules } from './spacing-queries.ts'
import { sheetTexts } from './words.ts'

/** Features behind the figures, each once, and how much of each counts for which. */
function drawRows(figures: readonly { key: string; counted: readonly CountedFeature[] }[]): Pick<IndicatorsDrawing, 'features' | 'rows'> {
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
  for (const { key, counted } of figures) {
    // The same green space has another area where an index takes in the whole city.
    if (counted.length > 0) rows[key] = counted.slice(0, KEPT_ROWS).map(({ id, name, classCode, areaM2, greenRatio, position, counted: amount }) => ({ feature: numberOf(`${id} ${areaM2}`, { id, name, classCode, areaM2, greenRatio, position }), counted: amount }))
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
  const reachRules = (await listReachRules(db)).filter(({ block }) => input.blocks.includes(block))
  const reach = reachRules.length > 0 ? await answerReach(city, limits, reachRules, tools) : null
  const reachOf = (block: ReachBlock) => (reach && input.blocks.includes(block) ? reach.figures.filter(({ rule }) => rule.block === block) : null)
  const spacing = input.blocks.includes('spacing') ? await answerSpacing(city, limits, await listSpacingRules(db), tools) : null
  const people = sheet ? sheet.people : await readPeople(db, city, limits)
  const result: IndicatorsResult = {
    landM2: sheet ? sheet.landM2 : await readLand(db, city, limits.clip),
    people: people && { source: people.source, people: people.people, withoutPeople: people.withoutPeople },
    layers,
    indices: sheet && sheet.indicators.map((indicator) => ({ ...indicator, rows: sheet.rowsOf(indicator.key).length })),
    notCounted: sheet && (await findNotCounted(db, city)),
    tiers: reachOf('tiers'),
    comparators: reachOf('comparators'),
    spacing: spacing && spacing.figures,
    walking: reach?.walking ?? null,
  }
  await progress('store', 95)
  const behind = [
    ...(sheet ? GREEN_INDICATOR_KEYS.map((key) => ({ key, counted: sheet.rowsOf(key) })) : []),
    ...(reach ? reachRules.map((rule) => ({ key: rule.code, counted: reach.rowsOf(rule) })) : []),
  ]
  return { result, drawing: { ...drawRows(behind), homes: reach?.homes ?? null, spacing: spacing?.drawing ?? [] }, ...sheetTexts(city, input) }
}
