/** Settles a question: which land, which unit, which blocks; and what the answer depends on. */
import type { CityRow } from '../cities/cities.ts'
import { GREEN_INDICATORS, type GreenIndicatorDefinition } from '../contract/green-indicators.ts'
import type { ReachBlock } from '../contract/green-reach.ts'
import { IndicatorBlock, type IndicatorsInput, type IndicatorsQuestion } from '../contract/planning-indicators.ts'
import { listServiceRules } from '../coverage/coverage.ts'
import { findWalkingSettings } from '../coverage/walking-queries.ts'
import type { Db } from '../db/db.ts'
import { listGreenRules, readLimits } from '../green-indicators/green-indicators.ts'
import { listReachRules } from './reach-rules.ts'
import { listSpacingRules } from './spacing-queries.ts'
import type { Settled } from '../planning/kind.ts'

/** Layers of these kinds are read by every block. */
export const PLACE_KINDS = ['administrative_areas', 'built_up_areas', 'buildings', 'population_cells', 'green_spaces'] as const
const REACH_KINDS = ['historic_districts', 'path_edges', 'green_entrances'] as const
const KINDS_OF: Record<IndicatorBlock, readonly string[]> = { indices: ['residential_areas', 'historic_districts', 'unit_grids'], tiers: REACH_KINDS, comparators: REACH_KINDS, spacing: ['roads', 'facilities', 'parts', 'buildings'] }

/** Blocks of rules about reach. */
export const isReach = (block: IndicatorBlock): block is ReachBlock => block === 'tiers' || block === 'comparators'

/** Service-radius rules that indices are measured by. */
export const COVERAGE_RULES = Object.values(GREEN_INDICATORS).flatMap(({ basis }: GreenIndicatorDefinition) => (basis.kind === 'coverage' ? [basis.rule] : []))

/** Kinds of layers that the blocks read. */
export function kindsOf(blocks: readonly IndicatorBlock[]): string[] {
  return [...new Set([...PLACE_KINDS, ...blocks.flatMap((block) => KINDS_OF[block])])]
}

/** @throws AppError bad_request for a built-up area or a unit that is not there */
export async function settleIndicators(db: Db, city: CityRow, question: IndicatorsQuestion): Promise<Settled<IndicatorsInput>> {
  const limits = await readLimits(db, city, question.scope, question.unit)
  const blocks = IndicatorBlock.options.filter((block) => question.blocks.includes(block))
  const { cityId } = city
  const reachRules = blocks.some(isReach) ? (await listReachRules(db)).filter(({ block }) => blocks.includes(block)) : []
  return {
    input: { scope: limits.scope, unit: limits.unit, blocks },
    reads: kindsOf(blocks),
    basis: {
      ...(blocks.includes('indices')
        ? {
            thresholds: (await listGreenRules(db)).map(({ code, version }) => ({ code, version })),
            coverageRules: (await listServiceRules(db, city.key)).filter(({ code }) => COVERAGE_RULES.includes(code)).map(({ code, version, isOwn }) => ({ code, version, isOwn })),
          }
        : {}),
      ...(reachRules.length > 0 ? { reachRules: reachRules.map(({ code, version }) => ({ code, version })), walkingSettings: (await findWalkingSettings(db, cityId)).version } : {}),
      ...(blocks.includes('spacing') ? { spacingRules: (await listSpacingRules(db)).map(({ code, version }) => ({ code, version })) } : {}),
    },
  }
}
