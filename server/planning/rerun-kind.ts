/** 复算 as a kind of planning run: of a coverage run, or of a planning run of any other kind. */
import { RERUN_ENGINE_VERSION } from '../contract/planning-rerun.ts'
import type { PlanningKind } from './kind.ts'
import { findRerun, type KindNamed } from './rerun.ts'

const METHOD = {
  methodZh: '按同一问题在现有数据上重新计算，不取已存结果；结果中的每个数字与已存的逐一比较，一位不同即算不同。计算开始后各图层新增与停用的行、版本、规则、参数与引擎版本的变化一并列出。',
  methodEn: 'The same question is computed anew over the data as they are, not taken from the store; every number of the result is held against the stored one, and one digit makes it different. Rows that came or were ended since the run began, and changed versions, rules, settings and engine are listed.',
}

/** @param kindNamed every kind by its name */
export function rerunKindOf(kindNamed: KindNamed): PlanningKind<'rerun'> {
  return {
    kind: 'rerun',
    engineVersion: RERUN_ENGINE_VERSION,
    async settle(db, city, asked) {
      const { id, key } = await findRerun(db, city.key, asked.run, kindNamed)
      // A run that is taken up again keeps the instant at which it was asked.
      const askedAt = 'askedAt' in asked && typeof asked.askedAt === 'string' ? asked.askedAt : new Date().toISOString()
      return { input: { run: id, askedAt }, reads: [], basis: { rerunOf: key } }
    },
    async execute(city, { input }, tools) {
      const { formula, compute } = await findRerun(tools.db, city.key, input.run, kindNamed)
      return { result: await compute(tools), drawing: {}, formula, ...METHOD }
    },
  }
}
