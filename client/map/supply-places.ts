/** Places that supply people, as deck.gl layers: small rings over the homes, the one that is looked at or pointed at filled. Pure. */
import type { Layer } from '@deck.gl/core'
import { ScatterplotLayer } from '@deck.gl/layers'
import type { SupplySource } from '../../server/contract/planning-supply.ts'
import type { ThemeTokens } from '../theme/tokens.ts'
import { rgb } from './icons/shapes.ts'
import { slotAnchor } from './slots.ts'

export interface SupplyPlaces {
  /** By number, from 1. */
  places: readonly SupplySource[]
  /** Number of the place that is looked at; null for none. */
  chosen: number | null
  /** Number of the place that is pointed at, in the table or on the map. */
  hovered: number | null
}

interface Placed {
  beforeId: string
}
const parameters = { depthCompare: 'always', depthWriteEnabled: false } as const

/** Layers bottom to top. */
export function buildSupplyPlaceLayers(picture: SupplyPlaces | null, tokens: ThemeTokens): Layer[] {
  if (!picture) return []
  const { places, chosen, hovered } = picture
  const [dark, light] = [rgb(tokens.map.selectionHalo), rgb(tokens.map.selection)]
  const isLit = (index: number) => index + 1 === chosen || index + 1 === hovered
  const lit = places.filter((_place, index) => isLit(index))
  const placed = { beforeId: slotAnchor('selection'), parameters, getPosition: ({ position }: SupplySource) => position, stroked: true } as const
  // From afar hundreds of rings are dots among the homes, near by they can be hit.
  const far = { data: places, radiusUnits: 'meters', getRadius: 45, radiusMinPixels: 1.2, radiusMaxPixels: 5, lineWidthUnits: 'meters' } as const
  const near = { data: lit, radiusUnits: 'pixels', getRadius: 9, lineWidthUnits: 'pixels' } as const
  return [
    new ScatterplotLayer<SupplySource, Placed>({ ...placed, ...far, id: 'supply-places-halo', filled: false, getLineColor: [...dark, 230], getLineWidth: 30, lineWidthMinPixels: 0.8, lineWidthMaxPixels: 3.6, updateTriggers: { getLineColor: tokens } }),
    new ScatterplotLayer<SupplySource, Placed>({ ...placed, ...far, id: 'supply-places', getFillColor: [...dark, 110], getLineColor: [...light, 255], getLineWidth: 14, lineWidthMinPixels: 0.6, lineWidthMaxPixels: 1.5, updateTriggers: { getFillColor: tokens, getLineColor: tokens } }),
    new ScatterplotLayer<SupplySource, Placed>({ ...placed, ...near, id: 'supply-places-lit', getFillColor: [...light, 255], getLineColor: [...dark, 255], getLineWidth: 3, updateTriggers: { getFillColor: tokens, getLineColor: tokens } }),
  ]
}

/** Half of what a finger or a hurried mouse has to hit, in CSS pixels. */
const HIT = 10

/** Number of the place under a point of the screen, the nearest of several; null for none. */
export function placeAt({ places }: Pick<SupplyPlaces, 'places'>, point: { x: number; y: number }, project: (place: [number, number]) => { x: number; y: number }): number | null {
  let best: { number: number; away: number } | null = null
  for (const [index, { position }] of places.entries()) {
    const at = project([position[0], position[1]])
    const away = Math.hypot(point.x - at.x, point.y - at.y)
    if (away <= HIT && (best === null || away < best.away)) best = { number: index + 1, away }
  }
  return best?.number ?? null
}
