/** What moves, as deck.gl layers between the levels of the style. Pure: new layer values from the state; deck.gl works out what changed. */
import type { Layer } from '@deck.gl/core'
import { IconLayer, ScatterplotLayer, TextLayer } from '@deck.gl/layers'
import { CELL_PER_FIELD, groupIcon, type IncidentAtlas } from './icons/incident-atlas.ts'
import { rgb } from './icons/shapes.ts'
import { groupDiameter, type IncidentGroup, type IncidentPicture, markScale } from './incident-picture.ts'
import { slotAnchor } from './slots.ts'
import type { IncidentColour } from '../stores/state.ts'
import type { ThemeTokens } from '../theme/tokens.ts'

export interface Pulse {
  position: [longitude: number, latitude: number]
  /** 0 to 1 */
  progress: number
}

export interface DeckInput {
  /** null while there is nothing to draw or it is switched off */
  picture: IncidentPicture | null
  /** The atlas as the graphics card takes it, made once per theme. */
  atlas: { image: ImageData; mapping: IncidentAtlas['mapping'] }
  tokens: ThemeTokens
  /** What the colour of an incident tells. */
  colour: IncidentColour
  zoom: number
  opacity: number
  /** Incidents that have just come, each somewhere in its one pulse. */
  pulses: readonly Pulse[]
  /** Place of what is pointed at in a list. */
  hovered: [number, number] | null
}

const beforeId = slotAnchor('live')
/** Which level a layer of deck.gl belongs to, as @deck.gl/maplibre reads it. */
interface Placed {
  beforeId: string
}
/** Never half hidden by a building. */
const parameters = { depthCompare: 'always', depthWriteEnabled: false } as const

function marksLayer({ picture, atlas, zoom, opacity }: DeckInput & { picture: IncidentPicture }): Layer {
  const { marks } = picture
  return new IconLayer<unknown, Placed>({
    id: 'incidents-marks',
    beforeId,
    parameters,
    data: { length: marks.count, attributes: { getPosition: { value: marks.positions, size: 2 }, getSize: { value: marks.sizes, size: 1 } } },
    iconAtlas: atlas.image as unknown as string,
    iconMapping: atlas.mapping,
    getIcon: (_: unknown, { index }: { index: number }) => String(marks.icons[index]),
    sizeScale: CELL_PER_FIELD * markScale(zoom),
    sizeUnits: 'pixels',
    alphaCutoff: 0.02,
    opacity,
    updateTriggers: { getIcon: marks },
  })
}

function groupLayers({ picture, atlas, tokens, colour, opacity }: DeckInput & { picture: IncidentPicture }): Layer[] {
  const { groups } = picture
  if (groups.length === 0) return []
  return [
    new IconLayer<IncidentGroup, Placed>({
      id: 'incidents-groups',
      beforeId,
      parameters,
      data: groups,
      iconAtlas: atlas.image as unknown as string,
      iconMapping: atlas.mapping,
      getPosition: (group) => [group.longitude, group.latitude],
      getIcon: (group) => groupIcon(group.urgentShare, colour),
      getSize: (group) => groupDiameter(group.count),
      sizeScale: CELL_PER_FIELD,
      sizeUnits: 'pixels',
      alphaCutoff: 0.02,
      opacity,
    }),
    new TextLayer<IncidentGroup, Placed>({
      id: 'incidents-group-counts',
      beforeId,
      parameters,
      data: groups,
      characterSet: '0123456789',
      fontFamily: 'Inter Variable, sans-serif',
      fontWeight: 600,
      getPosition: (group) => [group.longitude, group.latitude],
      getText: (group) => String(group.count),
      getSize: (group) => Math.min(16, Math.max(11, groupDiameter(group.count) * 0.34)),
      getColor: [...rgb(tokens.ui.t1), 255],
      opacity,
      updateTriggers: { getColor: tokens },
    }),
  ]
}

/** Rings that open once and fade. */
function pulseLayer({ pulses, tokens }: DeckInput): Layer {
  const opened = ({ progress }: Pulse) => 1 - (1 - progress) ** 3
  const [red, green, blue] = rgb(tokens.map.selection)
  return new ScatterplotLayer<Pulse, Placed>({
    id: 'incidents-pulse',
    beforeId,
    parameters,
    data: pulses,
    getPosition: (pulse) => pulse.position,
    getRadius: (pulse) => 8 + 26 * opened(pulse),
    radiusUnits: 'pixels',
    filled: false,
    stroked: true,
    getLineColor: (pulse) => [red, green, blue, Math.round(255 * (1 - opened(pulse)))],
    lineWidthUnits: 'pixels',
    getLineWidth: 2.5,
  })
}

function hoverLayer(position: [number, number], tokens: ThemeTokens): Layer {
  return new ScatterplotLayer<[number, number], Placed>({
    id: 'incidents-hover',
    beforeId,
    parameters,
    data: [position],
    getPosition: (one) => one,
    getRadius: 14,
    radiusUnits: 'pixels',
    filled: false,
    stroked: true,
    getLineColor: [...rgb(tokens.map.hover), 255],
    lineWidthUnits: 'pixels',
    getLineWidth: 2,
    updateTriggers: { getLineColor: tokens },
  })
}

/** Layers bottom to top, all on the level of live things. */
export function buildDeckLayers(input: DeckInput): Layer[] {
  const { picture } = input
  if (!picture) return []
  return [
    ...groupLayers({ ...input, picture }),
    marksLayer({ ...input, picture }),
    ...(input.pulses.length > 0 ? [pulseLayer(input)] : []),
    ...(input.hovered ? [hoverLayer(input.hovered, input.tokens)] : []),
  ]
}
