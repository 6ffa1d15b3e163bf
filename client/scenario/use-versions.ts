/** Versions of the open scenario in words: their names, what each serves, why one cannot be compared. */
import { computed } from 'vue'
import { useWords } from '../i18n/use-words.ts'
import { useScenarioStore } from '../stores/scenario.ts'
import { AS_IT_IS, useScenarioComparisonStore } from '../stores/scenario-comparison.ts'

export function useVersions() {
  const scenario = useScenarioStore()
  const comparison = useScenarioComparisonStore()
  const { t, number, percent } = useWords()

  function nameOf(of: number): string {
    if (of === AS_IT_IS) return t('scenario.was')
    const title = scenario.versions.find((one) => one.number === of)?.title ?? comparison.compared.get(of)?.title
    return title ?? (of === scenario.version?.number ? t('scenario.current') : t('scenario.versionOf', { n: of }))
  }

  /** The present state and the named ones, the newest first. */
  const numbers = computed(() => {
    const now = scenario.version?.number
    const named = scenario.versions.map((one) => one.number)
    return now === undefined || named.includes(now) ? named : [now, ...named]
  })
  /** What can be a side: the city as it is, the versions, and what an address names beside them. */
  const choices = computed(() => {
    const { view } = comparison
    return [...new Set([AS_IT_IS, ...numbers.value, ...(view ? [view.from, view.to] : [])])].map((of) => ({ number: of, name: nameOf(of) }))
  })

  const unit = computed(() => t(`scenario.units.${scenario.demand?.unit ?? 'people'}`))
  /** Ratio and what is served, from the whole answer; a stage of it while it is under way. */
  function figuresOf(of: number): { ratio: string; covered: string } | { running: string } {
    const ratio = comparison.ratioOf(of)
    const run = comparison.compared.get(of)?.run
    if (ratio) return { ratio: percent(ratio.ratio), covered: `${number(ratio.covered)} ${unit.value}` }
    if (run?.status === 'finished') return { ratio: percent(null), covered: '' }
    return { running: `${t('scenario.wholeRunning')} ${number(run?.percent ?? 0)}%` }
  }

  /** A clear sentence where a version is not there or its whole answer was not reached; null where all is well. */
  function problemOf(of: number): string | null {
    const compared = comparison.compared.get(of)
    if (compared?.failure) return compared.failure.code === 'not_found' ? t('scenario.noVersion', { n: of }) : `${nameOf(of)}：${compared.failure.message}`
    return compared?.run?.error ? `${nameOf(of)}：${compared.run.error.message}` : null
  }

  return { nameOf, numbers, choices, unit, figuresOf, problemOf }
}
