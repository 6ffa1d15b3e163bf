import type { SitingMethod, SitingSite } from '../../server/contract/planning-siting.ts'
import { facilityLabel } from '../coverage/facilities.ts'
import type { SitingInput } from '../../server/contract/planning-siting.ts'
import { useWords } from '../i18n/use-words.ts'

/** Names and figures of sites, as a planner says them. */
export function useSitingWords() {
  const { t, number, length, label, area, percent } = useWords()

  /** Plot and community, or the place of a point. */
  function nameOf(site: Pick<SitingSite, 'name' | 'communityName' | 'position'>): string {
    return site.name ?? site.communityName ?? site.position.map((degrees) => degrees.toFixed(4)).join(', ')
  }

  function gainOf(method: SitingMethod, gain: number): string {
    return method === 'p-center' ? length(gain) : number(gain)
  }

  /** Goal, facility and number in one line. */
  function titleOf(input: SitingInput): string {
    const size = input.p === null ? (input.budget === null ? '' : ` · ${number(input.budget)}`) : ` · ${t('siting.newSites', { n: input.p })}`
    return `${t(`siting.goals.${input.method}`)} · ${label(facilityLabel(input.facility))}${size}`
  }

  function factsOf(site: Pick<SitingSite, 'areaM2' | 'landUse' | 'ownership'>): string {
    return [site.areaM2 === null || site.areaM2 === 0 ? null : area(site.areaM2), site.landUse, site.ownership].filter((one) => one !== null).join(' · ')
  }

  /** A gap in percent with as many digits as it takes to tell it from nothing. */
  const gapText = (gap: number): string => percent(gap, gap > 0 && gap < 0.0005 ? 3 : 2)

  return { nameOf, gainOf, titleOf, factsOf, gapText }
}
