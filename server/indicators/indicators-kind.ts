/** The indicator sheet as a kind of planning run. */
import { INDICATORS_ENGINE_VERSION } from '../contract/planning-indicators.ts'
import type { PlanningKind } from '../planning/kind.ts'
import { executeIndicators } from './execute.ts'
import { settleIndicators } from './settle.ts'

export const indicatorsKind: PlanningKind<'indicators'> = {
  kind: 'indicators',
  engineVersion: INDICATORS_ENGINE_VERSION,
  settle: settleIndicators,
  execute: (city, { input }, tools) => executeIndicators(city, input, tools),
}
