/** A mend in words: what it is called and what it changes. */
import { DoorOpen, Milestone, type LucideIcon, LockOpen, Spline, Trees } from '@lucide/vue'
import { barrierClassName } from '../../server/contract/barrier-names.ts'
import type { Mend, MendKind, MendsResult } from '../../server/contract/mends.ts'
import { useWords } from '../i18n/use-words.ts'

export const MEND_ICONS: Record<MendKind, LucideIcon> = { gate: DoorOpen, crossing: Spline, facility: Trees, open: LockOpen, path: Milestone }

export function useMendWords() {
  const { t, label, number, length, area } = useWords()

  function titleOf({ edit, name, barrier }: Mend): string {
    if (edit.kind === 'crossing') return t('mends.crossingOf', { name: name ?? (barrier ? label(barrierClassName(barrier.class)) : '') })
    if (edit.kind === 'path') return t('mends.kinds.path')
    return name ?? t('mends.unnamed')
  }

  /** What is done there. */
  function changeOf({ edit, wayRoundMeters, radiusMeters }: Mend): string {
    if (edit.kind === 'crossing') return t(wayRoundMeters === null ? 'mends.changes.crossing' : 'mends.changes.crossingRound', { d: length(edit.lengthMeters), r: length(wayRoundMeters) })
    if (edit.kind === 'path') return t('mends.changes.path', { d: length(edit.lengthMeters) })
    if (edit.kind === 'facility') return t(edit.facility === 'green' ? 'mends.changes.park' : 'mends.changes.facility', { a: area(edit.areaM2), r: length(radiusMeters) })
    if (edit.kind === 'open') return t(`mends.changes.${edit.access}`, { r: length(radiusMeters) })
    return t('mends.changes.gate')
  }

  /** An amount in the unit that the run asks after. */
  const gainOf = (gain: number, { unit }: Pick<MendsResult, 'unit'>) => `+${number(gain)} ${unit === 'm2' ? 'm²' : t(`coverage.ratioUnits.${unit}`)}`

  return { titleOf, changeOf, gainOf }
}
