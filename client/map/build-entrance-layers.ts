/** Gates of the green space that is chosen, as a deck.gl layer. */
import type { Layer } from '@deck.gl/core'
import { ScatterplotLayer } from '@deck.gl/layers'
import type { ThemeTokens } from '../theme/tokens.ts'
import { rgb } from './icons/shapes.ts'
import { slotAnchor } from './slots.ts'

/** @param positions longitude and latitude, interleaved */
export function buildEntranceLayers(positions: Float32Array, { ui, map }: ThemeTokens, id = 'entrances'): Layer[] {
  if (positions.length === 0) return []
  return [
    new ScatterplotLayer<unknown, { beforeId: string }>({
      id, beforeId: slotAnchor('selection'), parameters: { depthCompare: 'always', depthWriteEnabled: false },
      data: { length: positions.length / 2, attributes: { getPosition: { value: positions, size: 2 } } },
      getRadius: 5, radiusUnits: 'pixels', filled: true, getFillColor: [...rgb(ui.amber), 255], stroked: true, getLineColor: [...rgb(map.selectionHalo), 255], lineWidthUnits: 'pixels', getLineWidth: 2,
      updateTriggers: { getFillColor: ui.amber, getLineColor: map.selectionHalo },
    }),
  ]
}
