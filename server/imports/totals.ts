/** Sums worth comparing with the source, by kind. */
import type { KindRule } from '../../data/importers/kinds.ts'
import type { Queryable } from '../db/db.ts'
import type { ImportFacts } from './context.ts'
import { countLayerIncidents } from './incident-queries.ts'
import { findNetworkTotals } from './path-queries.ts'
import { findAreaTotal, findPopulationTotals } from './total-queries.ts'

const round = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits

/** Adds the totals of a layer just stored to the facts of its import. */
export async function setTotals(tx: Queryable, rule: KindRule, layerId: number, facts: ImportFacts): Promise<void> {
  if (rule.table === 'incidents') {
    const { drills, placeless } = await countLayerIncidents(tx, layerId)
    Object.assign(facts.totals, { drills, withoutPlace: placeless })
  } else if (rule.table === 'path_edges') {
    const { edges, nodes, meters } = await findNetworkTotals(tx, layerId)
    Object.assign(facts.totals, { edges, nodes, lengthMeters: round(meters, 6) })
  } else if (rule.table === 'population_cells') {
    const { population, empty } = await findPopulationTotals(tx, layerId)
    Object.assign(facts.totals, { population, cellsWithoutPopulation: empty })
  } else if (rule.measure === 'area_m2') Object.assign(facts.totals, { [`${rule.table}_m2`]: round(await findAreaTotal(tx, rule.table, layerId), 2) })
}
