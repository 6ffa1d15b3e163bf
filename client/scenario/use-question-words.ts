/** The question of a scenario in a line: facility, rule, ruler, whom it counts. */
import { facilityLabel } from '../coverage/facilities.ts'
import { useWords } from '../i18n/use-words.ts'
import { useCoverageStore } from '../stores/coverage.ts'
import type { ScenarioQuestion } from '../stores/scenario.ts'

export function useQuestionWords() {
  const coverage = useCoverageStore()
  const { t, label, pick, number } = useWords()

  function questionOf(question: ScenarioQuestion | null): string {
    if (!question) return ''
    const rule = coverage.rules.find(({ code }) => code === question.rule)
    const by = rule ? pick(rule.titleZh, rule.titleEn) : (question.rule ?? t('coverage.ownTitle', { r: number(question.radiusMeters ?? 0) }))
    const demand = question.demand ?? rule?.demand
    return [label(facilityLabel(question.facility ?? rule?.facility ?? 'green')), by, t(`coverage.rulers.${question.ruler ?? 'straight'}`), ...(demand ? [t(`coverage.demands.${demand}`)] : [])].join(' · ')
  }

  return { questionOf }
}
