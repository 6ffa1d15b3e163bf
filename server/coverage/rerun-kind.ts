/** 复算 as a kind of planning run. */
import { RERUN_ENGINE_VERSION } from '../contract/planning-rerun.ts'
import type { PlanningKind } from '../planning/kind.ts'
import { takeComputationThread } from './computation-thread.ts'
import { getRerun, rerunCoverage } from './rerun.ts'

export const rerunKind: PlanningKind<'rerun'> = {
  kind: 'rerun',
  engineVersion: RERUN_ENGINE_VERSION,
  async settle(db, city, asked) {
    const { run } = await getRerun(db, city.key, asked.run)
    // A run that is taken up again keeps the instant at which it was asked.
    const askedAt = 'askedAt' in asked && typeof asked.askedAt === 'string' ? asked.askedAt : new Date().toISOString()
    return { input: { run: run.id, askedAt }, reads: [], basis: { coverage: run.key } }
  },
  async execute(city, { input }, { db, signal, progress }) {
    const of = await getRerun(db, city.key, input.run)
    const thread = takeComputationThread()
    try {
      const result = await rerunCoverage(of, { db, thread, signal, progress: (stage, percent) => progress(stage, percent) })
      return {
        result, drawing: {}, formula: of.run.passport.formula,
        methodZh: '按同一问题在现有数据上重新计算，不取已存结果；汇总、各单元、各盲区的每个数字与已存的逐一比较，一位不同即算不同。计算开始后各图层新增与停用的行、版本、规则、参数与引擎版本的变化一并列出。',
        methodEn: 'The same question is computed anew over the data as they are, not taken from the store; every number of the summary, the units and the blind spots is held against the stored one, and one digit makes it different. Rows that came or were ended since the run began, and changed versions, rules, settings and engine are listed.',
      }
    } finally {
      thread.release()
    }
  },
}
