/** Supply per person over a city's own data, as a kind of planning run. */
import { SUPPLY_ENGINE_VERSION } from '../contract/planning-supply.ts'
import type { PlanningKind } from '../planning/kind.ts'
import { executeSupply } from './execute.ts'
import { settleSupply } from './settle.ts'

export const supplyKind: PlanningKind<'supply'> = {
  kind: 'supply',
  engineVersion: SUPPLY_ENGINE_VERSION,
  settle: settleSupply,
  execute: (city, { input }, tools) => executeSupply(city, input, tools),
}
