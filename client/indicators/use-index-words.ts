import type { GreenIndicator } from '../../server/contract/green-indicators.ts'
import { useWords } from '../i18n/use-words.ts'

type Threshold = GreenIndicator['thresholds'][number]

/** Figures of green indices with their units. */
export function useIndexWords() {
  const { t, number, percent, area } = useWords()

  /** A value without its unit; a share as percent. */
  const valueText = (value: number, unit: GreenIndicator['unit']): string => (unit === 'share' ? percent(value) : number(value, value < 1 ? 3 : 2))
  const unitText = (unit: GreenIndicator['unit']): string => t(`indicators.units.${unit}`)
  const sideText = (value: number | null, unit: GreenIndicator['numeratorUnit'] | GreenIndicator['denominatorUnit']): string =>
    value === null ? '—' : unit === 'm2' ? area(value) : `${number(value)} ${unit === 'parks' ? t('indicators.units.parks') : t('units.people')}`
  /** `> 8`, `≥ 85.00%`. */
  const limitText = ({ comparison, threshold }: Threshold, unit: GreenIndicator['unit']): string => `${comparison === 'above' ? '>' : '≥'} ${unit === 'share' ? percent(threshold, 0) : number(threshold, 2)}`
  /** What is lacking to a threshold, or goes beyond it; null where neither can be told. */
  const differenceText = ({ difference, met }: Threshold, { numeratorUnit, value }: Pick<GreenIndicator, 'numeratorUnit' | 'value'>): string | null => {
    if (difference === null) return null
    const d = sideText(Math.abs(difference), numeratorUnit)
    if (met === true) return t('indicators.beyond', { d })
    return t(value === null ? 'indicators.lackingAtMost' : 'indicators.lacking', { d })
  }
  return { valueText, unitText, sideText, limitText, differenceText }
}
