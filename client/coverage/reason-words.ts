/** Why a blind spot is blind, as a label and as a sentence. */
import type { BlindSpot } from '../../server/contract/coverage.ts'
import { useWords } from '../i18n/use-words.ts'

const BARRIERS = new Set(['river', 'canal', 'moat', 'lake', 'rail', 'motorway', 'trunk'])

export function useReasonWords() {
  const { t, length } = useWords()
  const barrierOf = ({ why }: BlindSpot): string => {
    const barrier = why?.barrier
    if (!barrier) return ''
    return barrier.name ?? (BARRIERS.has(barrier.class) ? t(`coverage.barriers.${barrier.class}`) : barrier.class)
  }
  const labelOf = (spot: BlindSpot): string => {
    if (!spot.why) return '—'
    return spot.why.kind === 'barrier' ? t('coverage.why.barrier', { name: barrierOf(spot) }) : t(`coverage.why.${spot.why.kind}`)
  }
  /** Null where no reason was looked for: by the straight line. */
  const sentenceOf = (spot: BlindSpot): string | null => {
    if (!spot.why) return null
    const walked = spot.why.walkedMeters === null ? t('coverage.noWalk') : t('coverage.walkIs', { d: length(spot.why.walkedMeters) })
    return `${t(`coverage.whyLong.${spot.why.kind}`, { name: spot.nearest?.name ?? t('coverage.nearest'), d: length(spot.nearest?.distanceMeters ?? null), barrier: barrierOf(spot) })}${spot.why.kind === 'off_network' || spot.why.kind === 'disconnected' ? '' : ` ${walked}`}`
  }
  return { labelOf, sentenceOf }
}
