/** Why a blind spot is blind, as a label and as a sentence. */
import { barrierClassName } from '../../server/contract/barrier-names.ts'
import type { BlindSpot } from '../../server/contract/coverage.ts'
import { useWords } from '../i18n/use-words.ts'
import { useCoverageStore } from '../stores/coverage.ts'

export function useReasonWords() {
  const coverage = useCoverageStore()
  const { t, label, area, length } = useWords()
  const barrierOf = ({ why }: BlindSpot): string => {
    const barrier = why?.barrier
    if (!barrier) return ''
    return barrier.name ?? label(barrierClassName(barrier.class))
  }
  const labelOf = (spot: BlindSpot): string => {
    if (!spot.why) return '—'
    return spot.why.kind === 'barrier' ? t('coverage.why.barrier', { name: barrierOf(spot) }) : t(`coverage.why.${spot.why.kind}`)
  }
  /** Null where no reason was looked for: in runs of earlier days. */
  const sentenceOf = (spot: BlindSpot): string | null => {
    if (!spot.why) return null
    const { kind, walkedMeters, cause } = spot.why
    const whole = t(`coverage.whyLong.${kind}`, { name: spot.nearest?.name ?? t('coverage.nearest'), d: length(spot.nearest?.distanceMeters ?? null), barrier: barrierOf(spot) })
    const named = cause && t('coverage.causeIs', { name: cause.name ?? t('coverage.causeUnnamed'), a: cause.areaM2 === null ? t('coverage.reasons.area_unknown') : area(cause.areaM2), d: length(cause.distanceMeters) })
    const isWalk = coverage.run?.summary?.walking !== undefined && kind !== 'off_network' && kind !== 'disconnected'
    const walked = isWalk && (walkedMeters === null ? t('coverage.noWalk') : t('coverage.walkIs', { d: length(walkedMeters) }))
    return [whole, named, walked].filter(Boolean).join(' ')
  }
  return { labelOf, sentenceOf }
}
