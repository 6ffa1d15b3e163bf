/** The words beside the pointer, of what lies under it. */
import { computed, type ComputedRef, type Ref } from 'vue'
import { useClassName } from '../i18n/use-class-name.ts'
import { useSupplyPlaceWords } from '../i18n/use-supply-words.ts'
import { useWords } from '../i18n/use-words.ts'
import { useGapsStore } from '../stores/gaps.ts'
import { useIncidentsStore } from '../stores/incidents.ts'
import { useLayersStore } from '../stores/layers.ts'
import { usePlanningStore } from '../stores/planning.ts'
import { useScenarioStore } from '../stores/scenario.ts'
import { useScenarioDifferenceStore } from '../stores/scenario-difference.ts'
import { useSessionStore } from '../stores/session.ts'
import { useSupplyStore } from '../stores/supply.ts'
import { blindSpotTooltip, featureTooltip, gapTooltip, groupTooltip, incidentTooltip, siteTooltip, type TooltipText, unitTooltip } from './tooltip.ts'
import type { Hit } from './use-pointer.ts'

export function useTooltip(hit: Ref<Hit | null>): ComputedRef<TooltipText | null> {
  const session = useSessionStore()
  const layers = useLayersStore()
  const gaps = useGapsStore()
  const incidents = useIncidentsStore()
  const planning = usePlanningStore()
  const scenario = useScenarioStore()
  const difference = useScenarioDifferenceStore()
  const { t } = useWords()
  const classNameOf = useClassName()
  const supply = useSupplyStore()
  const { supplyPlaceText } = useSupplyPlaceWords()

  const cellValues = computed(() => {
    const values = layers.gridValues
    return values ? { byId: new Map(values.ids.map((id, index) => [id, values.values[index] ?? null])), unit: values.unit } : null
  })

  return computed(() => {
    const { locale } = session
    const now = hit.value
    if (!now) return null
    if (now.kind === 'gap') {
      const unit = gaps.byId.get(now.id)
      return unit ? gapTooltip(unit, locale) : null
    }
    if (now.kind === 'unit') {
      const unit = difference.byId.get(now.id)
      return unit ? unitTooltip(unit, difference.demand === 'residential' ? '' : t(`scenario.units.${scenario.demand?.unit ?? 'people'}`), locale) : null
    }
    if (now.kind === 'site') {
      const result = planning.runOf('siting')?.result
      const site = result?.answer?.sites.find(({ number }) => number === now.number)
      return site && result ? siteTooltip(site, result.unit, locale) : null
    }
    if (now.kind === 'supply_place') {
      const place = supply.places[now.number - 1]
      return place ? supplyPlaceText(place) : null
    }
    if (now.kind === 'blind_spot') return blindSpotTooltip(now.rank, now.people, locale)
    if (now.kind === 'feature') {
      const cells = now.isMeasured ? cellValues.value : null
      return featureTooltip(now.what, now.properties, locale, cells ? { value: cells.byId.get(now.id) ?? null, unit: cells.unit } : undefined)
    }
    if (now.picked.kind === 'group') return groupTooltip(now.picked.group.count, locale)
    return incidents.columns ? incidentTooltip(incidents.columns, now.picked.row, locale, classNameOf) : null
  })
}
