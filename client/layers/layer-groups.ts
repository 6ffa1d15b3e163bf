import { FeatureKind } from '../../server/contract/layers.ts'
import type { DrawingId, DrawingState } from '../stores/state.ts'

export type LayerGroup = 'incidents' | 'analysis' | 'grid' | 'green' | 'facilities' | 'people' | 'base'

/** The panel's groups, top to bottom, as the catalogue is grouped; order within a group is the user's. */
export const LAYER_GROUPS: Readonly<Record<LayerGroup, readonly DrawingId[]>> = {
  incidents: ['incidents'],
  analysis: ['management_gaps', 'coverage_blind_spots', 'coverage_served'],
  grid: ['grid_measure', 'unit_grids', 'administrative_areas', 'built_up_areas', 'control_areas', 'permits'],
  green: ['green_spaces', 'green_lines', 'leftover_plots'],
  facilities: ['facilities', 'parts'],
  people: ['population_cells', 'residential_areas', 'historic_districts'],
  base: ['buildings', 'roads', 'path_edges', 'water_bodies', 'terrain_areas'],
}

export interface GroupedDrawings {
  key: LayerGroup
  /** Top of the map first. */
  drawings: DrawingState[]
}

/** Drawings by group, each group in the order of the map read from above. */
export function groupDrawings(drawings: readonly DrawingState[]): GroupedDrawings[] {
  const topFirst = [...drawings].reverse()
  return (Object.keys(LAYER_GROUPS) as LayerGroup[]).map((key) => ({ key, drawings: topFirst.filter((one) => LAYER_GROUPS[key].includes(one.id)) }))
}

/** The kind of features a drawing shows, whose catalogue rows, counts and list are its own; null for results of an analysis. */
export function kindOf(id: DrawingId): FeatureKind | null {
  if (id === 'grid_measure') return 'unit_grids'
  const kind = FeatureKind.safeParse(id)
  return kind.success ? kind.data : null
}

/**
 * Where to put a drawing so that it stands before (above) or after (below) another of its group.
 * @returns the drawing that will lie directly beneath it, or null for the very bottom
 */
export function beneath(drawings: readonly DrawingState[], target: DrawingId, where: 'above' | 'below'): DrawingId | null {
  if (where === 'above') return target
  const at = drawings.findIndex((one) => one.id === target)
  return drawings[at - 1]?.id ?? null
}
