import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { getIncident, type Incident } from '../../server/contract/incidents.ts'
import { type FeatureDetail, getFeature } from '../../server/contract/layers.ts'
import { call } from '../api.ts'
import { useLoading } from './loading.ts'
import type { SelectionState } from './state.ts'

export type Selected = NonNullable<SelectionState['selected']>

/** What is chosen and what is pointed at; the list, the map and the inspector all follow it. */
export const useSelectionStore = defineStore('selection', () => {
  const selected = ref<SelectionState['selected']>(null)
  const hovered = ref<SelectionState['hovered']>(null)
  const geometry = shallowRef<SelectionState['geometry']>(null)
  const feature = shallowRef<FeatureDetail | null>(null)
  const incident = shallowRef<Incident | null>(null)
  const loading = useLoading()

  function isSame(a: SelectionState['selected'], b: SelectionState['selected']): boolean {
    return a?.kind === b?.kind && a?.id === b?.id
  }

  function select(next: Selected): void {
    if (isSame(selected.value, next)) return
    selected.value = { ...next }
    geometry.value = null
    feature.value = null
    incident.value = null
    loading.reset()
  }

  function clear(): void {
    selected.value = null
    geometry.value = null
    feature.value = null
    incident.value = null
    loading.reset()
  }

  function hover(next: SelectionState['hovered']): void {
    if (!isSame(hovered.value, next)) hovered.value = next
  }

  /** Fetches what is known of the selection; blind spots are told by the coverage store instead. */
  async function loadDetail(city: string): Promise<boolean> {
    const wanted = selected.value
    if (!wanted || wanted.kind === 'blind_spot') return false
    const { kind, id } = wanted
    if (kind === 'incidents') {
      return loading.run(
        (signal) => call(getIncident, { params: { city, id } }, { signal }),
        (reply) => {
          incident.value = reply
          geometry.value = reply.position ? { type: 'Point', coordinates: [...reply.position] } : null
        },
      )
    }
    return loading.run(
      (signal) => call(getFeature, { params: { city, kind, id } }, { signal }),
      (reply) => {
        feature.value = reply
        geometry.value = reply.geometry
      },
    )
  }

  return { selected, hovered, geometry, feature, incident, status: loading.status, failure: loading.failure, select, clear, hover, loadDetail }
})
