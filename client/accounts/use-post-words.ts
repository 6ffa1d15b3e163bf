import type { PostView } from '../../server/contract/permissions.ts'
import { ROLE_LABELS } from '../../server/contract/permissions.ts'
import { useWords } from '../i18n/use-words.ts'
import { useSessionStore } from '../stores/session.ts'

/** Posts in words: role, organisation, area, city. */
export function usePostWords() {
  const session = useSessionStore()
  const { t, label, pick } = useWords()

  const roleOf = (post: Pick<PostView, 'role'>): string => label(ROLE_LABELS[post.role])
  const organisationOf = (post: Pick<PostView, 'organisation'>): string | null => (post.organisation ? pick(post.organisation.nameZh, post.organisation.nameEn) : null)

  function cityOf(post: Pick<PostView, 'cityKey'>): string {
    if (post.cityKey === null) return t('people.everyCity')
    const city = session.cities.find((one) => one.key === post.cityKey)
    return city ? session.cityName(city) : post.cityKey
  }

  /** Organisation, area and city; what goes without saying is left out. */
  function placeOf(post: Pick<PostView, 'organisation' | 'areaCode' | 'cityKey'>): string {
    return [organisationOf(post), post.areaCode, post.cityKey === null || session.cities.length > 1 ? cityOf(post) : null].filter(Boolean).join(' · ')
  }

  return { roleOf, organisationOf, cityOf, placeOf }
}
