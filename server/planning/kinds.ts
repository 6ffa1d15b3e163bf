import type { PlanningKindName } from '../contract/planning.ts'
import { indicatorsKind } from '../indicators/indicators-kind.ts'
import { mendsKind } from '../mends/mends-kind.ts'
import { sitingKind } from '../siting/siting-kind.ts'
import { supplyKind } from '../supply/supply-kind.ts'
import type { PlanningKind } from './kind.ts'
import { rerunKindOf } from './rerun-kind.ts'

/** Every kind of planning run, one entry each. */
const KINDS: { [Kind in PlanningKindName]: PlanningKind<Kind> } = { siting: sitingKind, mends: mendsKind, supply: supplyKind, indicators: indicatorsKind, rerun: rerunKindOf(kindNamed) }

/** Kind and question belong together by the contract; here any of them is treated alike. */
export function kindNamed(kind: PlanningKindName): PlanningKind {
  return KINDS[kind] as unknown as PlanningKind
}
