import type { Impedance, ImpedanceFacts } from '../../server/contract/coverage.ts'
import { useWords } from '../i18n/use-words.ts'

/** Slopes and stairs as an answer tells of them. */
export function useImpedanceWords() {
  const { t, number } = useWords()

  /** What was taken: `Slopes · Stairs slower`; null where nothing hinders. */
  function impedanceOf(taken: Impedance | undefined): string | null {
    if (!taken) return null
    return [taken.slope ? t('coverage.slope') : null, taken.stairs === 'as_paths' ? null : `${t('coverage.stairs')} ${t(`coverage.stairsTaken.${taken.stairs}`)}`].filter((one) => one !== null).join(' · ')
  }

  /** How many paths were taken as level because nobody knows their rise; null where all are known, or slopes play no part. */
  function riseUnknownOf(facts: ImpedanceFacts | undefined, edges: number): string | null {
    return facts?.slope && facts.edgesWithRise < edges ? t('coverage.riseUnknown', { n: number(edges - facts.edgesWithRise) }) : null
  }

  return { impedanceOf, riseUnknownOf }
}
