import type { PlanningQuestion } from '../contract/planning.ts'
import type { Db } from '../db/db.ts'
import { kindNamed } from './kinds.ts'
import { type AskedQuestion, settleQuestion } from './settle-question.ts'

export type { AskedQuestion } from './settle-question.ts'

/** Checks a question against the city and names its answer. @throws AppError bad_request */
export function getQuestion(db: Db, cityKey: string, { kind, input }: PlanningQuestion): Promise<AskedQuestion> {
  return settleQuestion(db, cityKey, kindNamed(kind), input)
}
