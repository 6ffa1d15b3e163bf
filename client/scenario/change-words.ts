/** Changes of a ratio between two versions in words, alike in the panel and on paper. */
import type { useWords } from '../i18n/use-words.ts'
import type { ChangeLegendRow } from '../map/layers/unit-differences.ts'

export type ChangeWords = Pick<ReturnType<typeof useWords>, 't' | 'number'>

/** '+', '−' or nothing. */
export const signOf = (value: number): string => (value > 0 ? '+' : value < 0 ? '−' : '')

/** Percentage points with their sign; small ones to the second digit. */
export const signedPoints = (value: number, number: ChangeWords['number']): string => `${signOf(value)}${number(Math.abs(value), Math.abs(value) < 1 ? 2 : 1)}`

/** What lies in a class: the least and the most of its units, no change, or that nobody lives there. */
export function changeRange({ from, to }: ChangeLegendRow, { t, number }: ChangeWords): string {
  if (from === null || to === null) return t('scenario.noValue')
  if (from === 0 && to === 0) return t('scenario.noChange')
  const [least, most] = [signedPoints(from, number), signedPoints(to, number)]
  return least === most ? least : `${least} ~ ${most}`
}
