import { type Evidence, EVIDENCE_KIND_LABELS } from '../../server/contract/evidence.ts'
import { useWords } from '../i18n/use-words.ts'

/** What is said of a photo: its name, when and where it was taken against the case, and what is doubtful about it. */
export function usePhotoWords() {
  const { t, label, dateTime, duration, length } = useWords()

  const kindOf = (one: Evidence): string => label(EVIDENCE_KIND_LABELS[one.kind])
  const nameOf = (one: Evidence): string => t('cases.photos.of', { kind: kindOf(one), at: dateTime(one.takenAt ?? one.createdAt) })

  function distanceOf(one: Evidence): string {
    return one.distanceMeters === null ? t('photos.noPlace') : t('photos.away', { d: length(one.distanceMeters) })
  }

  function timeOf({ secondsFromCase, takenAt }: Evidence): string {
    if (takenAt === null || secondsFromCase === null) return t('cases.photos.noTaken')
    return t(secondsFromCase < 0 ? 'photos.before' : 'photos.after', { t: duration(Math.abs(secondsFromCase) * 1000) })
  }

  function warningsOf(one: Evidence): string[] {
    const words = { far: t('cases.photos.far', { d: length(one.distanceMeters) }), before_case: t('cases.photos.earlier'), in_future: t('cases.photos.future') }
    return one.warnings.map((warning) => words[warning])
  }

  return { kindOf, nameOf, distanceOf, timeOf, warningsOf }
}
