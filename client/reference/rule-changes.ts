/** What a version of the rules of the clock has otherwise than the one before. Pure. */
import { CLOCK_STAGES, type ClockStage, type Limit } from '../../server/contract/clocks.ts'
import type { ClockRulesDefinition } from '../../server/contract/clock-rules.ts'

export interface RuleChange {
  /** A stage, or the name of a rule. */
  what: { stage: ClockStage } | { rule: 'blueShare' | 'amberShare' | 'darkRedShare' | 'reworkTimer' | 'supervisesOverdue' | 'supervisesAboutToBeOverdue' }
  before: Limit | number | string | boolean | null
  after: Limit | number | string | boolean | null
}

const RULES = ['blueShare', 'amberShare', 'darkRedShare', 'reworkTimer', 'supervisesOverdue', 'supervisesAboutToBeOverdue'] as const

/** Stages and rules that became others; null stands for no limit. */
export function ruleChanges(before: ClockRulesDefinition, after: ClockRulesDefinition): RuleChange[] {
  const limitOf = (definition: ClockRulesDefinition, stage: ClockStage): Limit | null => definition.limits.find((one) => one.stage === stage)?.limit ?? null
  const stages = CLOCK_STAGES.map((stage): RuleChange => ({ what: { stage }, before: limitOf(before, stage), after: limitOf(after, stage) }))
  const rules = RULES.map((rule): RuleChange => ({ what: { rule }, before: before[rule], after: after[rule] }))
  return [...stages, ...rules].filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after))
}
