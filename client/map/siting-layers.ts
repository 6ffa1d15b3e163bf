/** Sites on the map, as deck.gl layers: homes in the colour of the site that serves them, ways to the site that is looked at, numbered marks. Pure. */
import type { Layer } from '@deck.gl/core'
import { LineLayer, PolygonLayer, ScatterplotLayer, TextLayer } from '@deck.gl/layers'
import type { Position as Place } from '../../server/contract/geojson.ts'
import type { SitingPicture } from '../stores/siting.ts'
import type { ThemeTokens } from '../theme/tokens.ts'
import { rgb } from './icons/shapes.ts'
import { slotAnchor } from './slots.ts'

interface Placed {
  beforeId: string
}
const parameters = { depthCompare: 'always', depthWriteEnabled: false } as const
/** Ways drawn to the site that is looked at; more would be a blot. */
const MOST_WAYS = 3000

/** A colour for each site; sites side by side in the table differ, and a number beside each says the same. */
export function siteColour(number: number, { categorical }: ThemeTokens): [number, number, number] {
  return rgb(categorical[(number - 1) % categorical.length]!)
}

interface HomeAttributes {
  count: number
  positions: Float64Array
  colours: Uint8ClampedArray
  sizes: Float32Array
}

/** Colour and size of every home: what serves it, and how many live there. */
export function homeAttributes({ homes, chosen }: SitingPicture, tokens: ThemeTokens): HomeAttributes {
  const count = homes.servedBy.length
  const colours = new Uint8ClampedArray(count * 4)
  const sizes = new Float32Array(count)
  const stands = rgb(tokens.served)
  const none = rgb(tokens.noData)
  homes.servedBy.forEach((number, home) => {
    const colour = number > 0 ? siteColour(number, tokens) : number === 0 ? stands : none
    const isFaded = number === 0 || (chosen !== null && number !== chosen)
    colours.set([...colour, number > 0 ? (isFaded ? 70 : 235) : number === 0 ? 90 : 170], home * 4)
    sizes[home] = Math.min(9, 2 + Math.sqrt(homes.weights[home]!) / 4)
  })
  return { count, positions: Float64Array.from(homes.positions), colours, sizes }
}

function wayLayer({ homes, sites, chosen }: SitingPicture, tokens: ThemeTokens): Layer[] {
  const site = sites.find(({ number }) => number === chosen)
  if (!site) return []
  const served = homes.servedBy.flatMap((number, home) => (number === chosen ? [home] : []))
  return [
    new LineLayer<number, Placed>({
      id: 'siting-ways',
      beforeId: slotAnchor('point'),
      parameters,
      data: served.slice(0, MOST_WAYS),
      getSourcePosition: (home) => [homes.positions[home * 2]!, homes.positions[home * 2 + 1]!],
      getTargetPosition: site.position,
      getColor: [...siteColour(site.number, tokens), 110],
      getWidth: 1,
      widthUnits: 'pixels',
      updateTriggers: { getTargetPosition: site, getColor: [site, tokens] },
    }),
  ]
}

type Site = SitingPicture['sites'][number]
const ringsOf = ({ geometry }: Site): Place[][][] => (geometry ? ((geometry.type === 'MultiPolygon' ? geometry.coordinates : [geometry.coordinates]) as Place[][][]) : [])

/** Layers bottom to top. */
export function buildSitingLayers(picture: SitingPicture | null, tokens: ThemeTokens): Layer[] {
  if (!picture) return []
  const { sites, chosen, candidates } = picture
  const homes = homeAttributes(picture, tokens)
  const dark = rgb(tokens.map.selectionHalo)
  const light = rgb(tokens.map.selection)
  const shapes = sites.flatMap((site) => ringsOf(site).map((rings) => ({ site, rings })))
  return [
    new ScatterplotLayer<unknown, Placed>({
      id: 'siting-homes',
      beforeId: slotAnchor('point'),
      parameters,
      data: { length: homes.count, attributes: { getPosition: { value: homes.positions, size: 2 }, getFillColor: { value: homes.colours, size: 4 }, getRadius: { value: homes.sizes, size: 1 } } },
      radiusUnits: 'meters',
      radiusScale: 3,
      radiusMinPixels: 1.4,
      radiusMaxPixels: 9,
    }),
    ...wayLayer(picture, tokens),
    new ScatterplotLayer<Place, Placed>({
      id: 'siting-candidates', beforeId: slotAnchor('point'), parameters, data: candidates, getPosition: (place) => place, getRadius: 3, radiusUnits: 'pixels', filled: false, stroked: true, getLineColor: [...rgb(tokens.ui.t2), 200], lineWidthUnits: 'pixels', getLineWidth: 1.2,
      updateTriggers: { getLineColor: tokens },
    }),
    new PolygonLayer<(typeof shapes)[number], Placed>({
      id: 'siting-plots', beforeId: slotAnchor('point'), parameters, data: shapes, getPolygon: ({ rings }) => rings, getFillColor: ({ site }) => [...siteColour(site.number, tokens), 150], getLineColor: [...light, 255], lineWidthUnits: 'pixels', getLineWidth: 1.5,
      updateTriggers: { getFillColor: tokens, getLineColor: tokens },
    }),
    new ScatterplotLayer<Site, Placed>({
      id: 'siting-marks', beforeId: slotAnchor('selection'), parameters, data: sites, getPosition: ({ position }) => position, getRadius: ({ number }) => (number === chosen ? 15 : 11.5), radiusUnits: 'pixels',
      getFillColor: [...dark, 240], stroked: true, getLineColor: ({ number }) => [...siteColour(number, tokens), 255], lineWidthUnits: 'pixels', getLineWidth: ({ number }) => (number === chosen ? 4 : 3),
      updateTriggers: { getRadius: chosen, getLineWidth: chosen, getFillColor: tokens, getLineColor: tokens },
    }),
    new TextLayer<Site, Placed>({
      id: 'siting-numbers', beforeId: slotAnchor('selection'), parameters, data: sites, characterSet: '0123456789', fontFamily: 'Inter Variable, sans-serif', fontWeight: 600, getPosition: ({ position }) => position, getText: ({ number }) => String(number), getSize: 13, getColor: [...light, 255],
      updateTriggers: { getColor: tokens },
    }),
  ]
}
