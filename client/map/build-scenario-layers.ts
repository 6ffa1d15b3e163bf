/** Homes that a scenario serves anew, and those it serves no longer, as deck.gl layers: they change with every move of a drawing; and what it shuts. */
import type { Layer } from '@deck.gl/core'
import { ScatterplotLayer } from '@deck.gl/layers'
import type { Position } from '../../server/contract/geojson.ts'
import type { ScenarioEdit } from '../../server/contract/scenarios.ts'
import type { ThemeTokens } from '../theme/tokens.ts'
import { rgb } from './icons/shapes.ts'
import { gainedHome, lostHome } from './layers/scenario-homes.ts'
import { slotAnchor } from './slots.ts'

export interface ScenarioHomes {
  /** Longitude and latitude, interleaved. */
  gained: Float32Array
  lost: Float32Array
}

/** Where a scenario shuts a path or a gate. */
export const shutBy = (edits: readonly ScenarioEdit[]): Position[] => edits.flatMap((edit) => (edit.kind === 'close_path' || edit.kind === 'close_gate' ? [edit.position] : []))

/** Rings where a path or a gate is shut, as a swipe draws them. */
export function buildShutLayers(positions: readonly Position[], { ui }: ThemeTokens): Layer[] {
  if (positions.length === 0) return []
  return [
    new ScatterplotLayer<Position, { beforeId: string }>({
      id: 'scenario-shut', beforeId, parameters, data: [...positions], getPosition: (position) => position,
      getRadius: 8, radiusUnits: 'pixels', filled: false, stroked: true, getLineColor: [...rgb(ui.red), 255], lineWidthUnits: 'pixels', getLineWidth: 3, updateTriggers: { getLineColor: ui.red },
    }),
  ]
}

const beforeId = slotAnchor('selection')
const parameters = { depthCompare: 'always', depthWriteEnabled: false } as const

/** Bottom to top; gained and lost differ by shape as well as by colour: full and hollow. */
export function buildScenarioLayers(homes: ScenarioHomes | null, tokens: ThemeTokens): Layer[] {
  if (!homes) return []
  const layer = (id: string, positions: Float32Array, colour: string, isFilled: boolean) =>
    new ScatterplotLayer<unknown, { beforeId: string }>({
      id, beforeId, parameters,
      data: { length: positions.length / 2, attributes: { getPosition: { value: positions, size: 2 } } },
      getRadius: 9, radiusUnits: 'meters', radiusMinPixels: 2.5, radiusMaxPixels: 9,
      filled: isFilled, getFillColor: [...rgb(colour), 235],
      stroked: true, getLineColor: isFilled ? [...rgb(tokens.map.selectionHalo), 255] : [...rgb(colour), 255], lineWidthUnits: 'pixels', getLineWidth: isFilled ? 1 : 2,
      updateTriggers: { getFillColor: colour, getLineColor: colour },
    })
  return [layer('scenario-lost', homes.lost, lostHome(tokens), false), layer('scenario-gained', homes.gained, gainedHome(tokens), true)]
}
