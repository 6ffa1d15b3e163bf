/** What a change of a class did, told part by part. Pure. */
import type { ClassChange, ClassContent } from '../../server/contract/reference.ts'

type Condition = ClassContent['conditions'][number]
export type ChangedField = 'nameZh' | 'nameEn' | 'largeCode' | 'isLocalExtension' | 'defaultSeverity' | 'source' | 'verified'
const FIELDS: readonly ChangedField[] = ['nameZh', 'nameEn', 'largeCode', 'isLocalExtension', 'defaultSeverity', 'source', 'verified']

export interface ChangeParts {
  fields: { field: ChangedField; before: string | number | boolean; after: string | number | boolean }[]
  added: Condition[]
  ended: Condition[]
}

const wordsOf = ({ conditionZh, closingZh, limitAmount, limitUnit }: Condition): string => JSON.stringify([conditionZh, closingZh, limitAmount, limitUnit])

/** Fields of a class that became another, conditions that came and went. */
export function partsOf({ before, after }: Pick<ClassChange, 'before' | 'after'>): ChangeParts {
  const held = new Set((before?.conditions ?? []).map(wordsOf))
  const wanted = new Set((after?.conditions ?? []).map(wordsOf))
  return {
    fields: before && after ? FIELDS.filter((field) => before[field] !== after[field]).map((field) => ({ field, before: before[field], after: after[field] })) : [],
    added: (after?.conditions ?? []).filter((one) => !held.has(wordsOf(one))),
    ended: (before?.conditions ?? []).filter((one) => !wanted.has(wordsOf(one))),
  }
}
