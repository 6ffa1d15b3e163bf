/** Where a case goes: rules, matrix, suggestions, and the replay of the past through edited rules. */
export { addResponsibilities, changeResponsibility, endResponsibility, listResponsibilities, listResponsibilityChanges, listResponsibilityGaps } from './responsibilities.ts'
export { exportOverrides } from './override-export.ts'
export { exportReplay } from './replay-export.ts'
export { replayRoutingRules } from './replay.ts'
export { getRoutingRules, putRoutingRules } from './rules.ts'
export { getOverrideRate, recordChoice, suggestDispatch } from './suggestions.ts'
