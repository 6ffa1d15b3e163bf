/** How each thing that can be switched on looks. A drawing id without a drawing does not compile. */
import type { DrawingId, Theme } from '../../stores/state.ts'
import { TOKENS } from '../../theme/tokens.ts'
import { administrativeAreas } from './administrative-areas.ts'
import { builtUpAreas, controlAreas, greenLines, historicDistricts, leftoverPlots, residentialAreas } from './area-outlines.ts'
import { buildings } from './buildings.ts'
import { coverageBlindSpots, coverageServed } from './coverage.ts'
import { facilities } from './facilities.ts'
import { greenSpaces } from './green-spaces.ts'
import { gridMeasureDrawing } from './grid-measure.ts'
import { incidents } from './incidents.ts'
import type { LayerDrawing, LegendData, LegendItem } from './layer-drawing.ts'
import { managementGaps } from './management-gaps.ts'
import { parts } from './parts.ts'
import { permits } from './permits.ts'
import { pathEdges } from './path-edges.ts'
import { populationCells } from './population-cells.ts'
import { roads } from './roads.ts'
import { terrainAreas } from './terrain-areas.ts'
import { unitGrids } from './unit-grids.ts'
import { waterBodies } from './water-bodies.ts'

export type { LegendData, LegendItem, LegendText } from './layer-drawing.ts'

export const DRAWINGS = {
  terrain_areas: terrainAreas,
  water_bodies: waterBodies,
  built_up_areas: builtUpAreas,
  residential_areas: residentialAreas,
  green_spaces: greenSpaces,
  green_lines: greenLines,
  control_areas: controlAreas,
  permits,
  historic_districts: historicDistricts,
  leftover_plots: leftoverPlots,
  population_cells: populationCells,
  unit_grids: unitGrids,
  administrative_areas: administrativeAreas,
  roads,
  path_edges: pathEdges,
  buildings,
  facilities,
  parts,
  incidents,
  grid_measure: gridMeasureDrawing('open_incidents'),
  coverage_served: coverageServed,
  coverage_blind_spots: coverageBlindSpots,
  management_gaps: managementGaps,
} satisfies Record<DrawingId, LayerDrawing>

export function isDrawingId(name: string): name is DrawingId {
  return Object.hasOwn(DRAWINGS, name)
}

/** The drawing of an id; the measured cells take the ramp of the measure. */
export function drawingFor(id: DrawingId, gridMeasure: string): LayerDrawing {
  return id === 'grid_measure' ? gridMeasureDrawing(gridMeasure) : DRAWINGS[id]
}

/** The lines of a drawing's legend, in the colours of a theme. Labels carry both languages; ramps depend on the data shown. */
export function legendOf(id: DrawingId, theme: Theme, data: LegendData = {}): LegendItem[] {
  return DRAWINGS[id].legend(TOKENS[theme], data)
}
