/** Classes of parts and events the demo uses, read from the reference table that the console itself files cases by. */
import reference from '../reference/classes-gbt30428.2-2013.json' with { type: 'json' }
import type { Limit, LimitUnit } from '../../server/incidents/clocks.ts'

export const SCHEME_ID = reference.scheme.id

export interface CaseClass {
  code: string
  name: string
  largeCode: string
  severity: number
  conditions: { ordinal: number; text: string; limit: Limit }[]
}

const byKey = new Map(
  reference.classes.map((entry): [string, CaseClass] => [
    `${entry.kind}:${entry.code}`,
    {
      code: entry.code,
      name: entry.nameZh,
      largeCode: entry.largeCode,
      severity: entry.defaultSeverity,
      conditions: entry.conditions.map((condition, index) => ({ ordinal: index + 1, text: condition.conditionZh, limit: { amount: condition.limitAmount, unit: condition.limitUnit as LimitUnit } })),
    },
  ]),
)

/** @throws Error for a class the reference table does not hold. */
export function classOf(kind: 'part' | 'event', code: string): CaseClass {
  const found = byKey.get(`${kind}:${code}`)
  if (!found) throw new Error(`the reference table has no ${kind} class ${code}`)
  return found
}
