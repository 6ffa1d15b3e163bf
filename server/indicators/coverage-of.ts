/** The official ratio of the sheet: from the store where a coverage run has told it, else computed here by the same engine. */
import type { CityRow } from '../cities/cities.ts'
import type { IndicatorsInput } from '../contract/planning-indicators.ts'
import { analyse } from '../coverage/analysis.ts'
import { takeComputationThread } from '../coverage/computation-thread.ts'
import { findAnswer, listCoverageUnits } from '../coverage/coverage.ts'
import { getQuestion } from '../coverage/question.ts'
import { type CoverageOf, whyNoCoverage } from '../green-indicators/green-indicators.ts'
import type { ExecuteTools } from '../planning/kind.ts'

const asked = (rule: string) => ({ rule, layers: [], everyFeature: false, clipToCity: false })

/** Residential land of the unit, or of the city, served by a rule. */
export function coverageWithin(city: CityRow, { unit }: IndicatorsInput, { db, signal, progress }: Pick<ExecuteTools<never>, 'db' | 'signal' | 'progress'>): CoverageOf {
  const level = unit?.level ?? 'city'
  const code = unit?.code ?? city.key
  const nobody = { zh: '范围内没有居住用地。', en: 'there is no residential land in it.' }
  return async (rule) => {
    try {
      const stored = await findAnswer(db, city.key, asked(rule))
      if (stored) {
        const { units } = await listCoverageUnits({ db }, city.key, stored.id, level, 'residential')
        const one = units.find((of) => of.code === code)
        return one ? { covered: one.covered, total: one.total, run: stored.id } : nobody
      }
      const { input, rule: found } = await getQuestion(db, city.key, asked(rule))
      const thread = takeComputationThread()
      try {
        const { units } = await analyse({ city, input, rule: found }, { db, thread, signal, progress: (_stage, percent) => progress('coverage', 20 + percent * 0.3) })
        const one = units.find((of) => of.level === level && of.demand === 'residential' && of.code === code)
        return one ? { covered: one.covered, total: one.total, run: null } : nobody
      } finally {
        thread.release()
      }
    } catch (error) {
      return whyNoCoverage(error, rule)
    }
  }
}
