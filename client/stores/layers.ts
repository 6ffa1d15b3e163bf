import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { type CatalogueLayer, type GridMeasure, listGridMeasure, listLayers } from '../../server/contract/layers.ts'
import { call } from '../api.ts'
import { useLoading } from './loading.ts'
import type { DrawingId, DrawingState, IncidentColour, LayersState } from './state.ts'

/** Bottom to top, as drawn before anybody changes anything. */
export const DEFAULT_DRAWINGS: readonly DrawingState[] = [
  { id: 'terrain_areas', visible: true, opacity: 1 },
  { id: 'built_up_areas', visible: false, opacity: 0.8 },
  { id: 'residential_areas', visible: false, opacity: 0.8 },
  { id: 'water_bodies', visible: true, opacity: 1 },
  { id: 'green_spaces', visible: true, opacity: 1 },
  { id: 'historic_districts', visible: false, opacity: 0.9 },
  { id: 'green_lines', visible: false, opacity: 1 },
  { id: 'control_areas', visible: false, opacity: 1 },
  { id: 'permits', visible: false, opacity: 1 },
  { id: 'leftover_plots', visible: false, opacity: 0.9 },
  { id: 'population_cells', visible: false, opacity: 0.8 },
  { id: 'grid_measure', visible: false, opacity: 0.8 },
  { id: 'coverage_served', visible: true, opacity: 0.6 },
  { id: 'coverage_blind_spots', visible: true, opacity: 0.9 },
  { id: 'management_gaps', visible: true, opacity: 0.9 },
  { id: 'roads', visible: true, opacity: 1 },
  { id: 'path_edges', visible: false, opacity: 0.9 },
  { id: 'buildings', visible: true, opacity: 1 },
  { id: 'unit_grids', visible: false, opacity: 1 },
  { id: 'administrative_areas', visible: true, opacity: 1 },
  { id: 'facilities', visible: false, opacity: 1 },
  { id: 'parts', visible: false, opacity: 1 },
  { id: 'incidents', visible: true, opacity: 1 },
]

/** What can be switched on the map, what the catalogue says of it, and the measure by which cells are coloured. */
export const useLayersStore = defineStore('layers', () => {
  const catalogue = shallowRef<CatalogueLayer[]>([])
  const drawings = ref<DrawingState[]>(DEFAULT_DRAWINGS.map((one) => ({ ...one })))
  const gridMeasure = ref<GridMeasure>('open_incidents')
  /** What the colour of an incident tells. */
  const incidentColour = ref<IncidentColour>('severity')
  const gridValues = shallowRef<LayersState['gridValues']>(null)
  const tileVersions = shallowRef<Record<string, number>>({})
  const catalogueLoading = useLoading()
  const gridLoading = useLoading()

  const byId = computed(() => new Map(drawings.value.map((one) => [one.id, one])))

  function change(id: DrawingId, next: Partial<DrawingState>): void {
    drawings.value = drawings.value.map((one) => (one.id === id ? { ...one, ...next } : one))
  }

  function setVisible(id: DrawingId, visible: boolean): void {
    change(id, { visible })
  }

  /** @param opacity 0 to 1; held within. */
  function setOpacity(id: DrawingId, opacity: number): void {
    change(id, { opacity: Math.min(1, Math.max(0, opacity)) })
  }

  /** Puts a drawing directly above another (null: at the bottom). */
  function moveAbove(id: DrawingId, below: DrawingId | null): void {
    const moved = byId.value.get(id)
    if (!moved || id === below) return
    const rest = drawings.value.filter((one) => one.id !== id)
    rest.splice(below === null ? 0 : rest.findIndex((one) => one.id === below) + 1, 0, moved)
    drawings.value = rest
  }

  /** Replaces visibility, opacity and order at once (from an address); unknown ids are left out, missing ones keep their defaults. */
  function setDrawings(next: readonly DrawingState[]): void {
    const known = next.filter((one) => byId.value.has(one.id))
    const named = new Set(known.map((one) => one.id))
    drawings.value = [...DEFAULT_DRAWINGS.filter((one) => !named.has(one.id)).map((one) => ({ ...one })), ...known.map((one) => ({ ...one }))]
  }

  function resetDrawings(): void {
    drawings.value = DEFAULT_DRAWINGS.map((one) => ({ ...one }))
  }

  function setTileVersions(next: Record<string, number>): void {
    tileVersions.value = next
  }

  function loadCatalogue(city: string): Promise<boolean> {
    return catalogueLoading.run(
      (signal) => call(listLayers, { params: { city } }, { signal }),
      (reply) => {
        catalogue.value = reply.layers
      },
    )
  }

  function setIncidentColour(next: IncidentColour): void {
    incidentColour.value = next
  }

  function setGridMeasure(next: GridMeasure): void {
    gridMeasure.value = next
  }

  function loadGridMeasure(city: string): Promise<boolean> {
    const measure = gridMeasure.value
    return gridLoading.run(
      (signal) => call(listGridMeasure, { params: { city, measure } }, { signal }),
      (reply) => {
        gridValues.value = { ids: reply.ids, codes: reply.codes, values: reply.values, unit: reply.unit, asOf: reply.asOf }
      },
    )
  }

  /** Forgets what belongs to the city left behind; switches and order stay. */
  function clear(): void {
    catalogueLoading.reset()
    gridLoading.reset()
    catalogue.value = []
    gridValues.value = null
  }

  return {
    catalogue, drawings, gridMeasure, incidentColour, gridValues, tileVersions, byId,
    catalogueStatus: catalogueLoading.status, catalogueFailure: catalogueLoading.failure, gridStatus: gridLoading.status, gridFailure: gridLoading.failure,
    setVisible, setOpacity, moveAbove, setDrawings, resetDrawings, setTileVersions, loadCatalogue, setIncidentColour, setGridMeasure, loadGridMeasure, clear,
  }
})
