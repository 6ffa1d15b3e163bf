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
const ringsOf = ({ geometry }: Site): Place[][][] => (geometry && geometry.type !== 'Point' ? ((geometry.type === 'MultiPolygon' ? geometry.coordinates : [geometry.coordinates]) as Place[][][]) : [])

/** Layers bottom to top. */
export function buildSitingLayers(picture: SitingPicture | null, tokens: ThemeTokens): Layer[] {
  if (!picture) return []
  const { sites, candidates } = picture
  const homes = homeAttributes(picture, tokens)
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
    ...markLayers(picture, tokens),
  ]
}

/** Distance in CSS pixels from the middle of the ring on the ground up to the middle of the plate with the number. */
const PLATE_LIFT = 25

/**
 * A site is a ring on the ground with a square plate `#n` above it: groups of incidents are round and hold their number, and stay what they are.
 * What is chosen or pointed at has its colours turned round, so that neither colour nor size alone says it.
 */
function markLayers({ sites, chosen, hovered }: SitingPicture, tokens: ThemeTokens): Layer[] {
  const dark = rgb(tokens.map.selectionHalo)
  const light = rgb(tokens.map.selection)
  const isLit = ({ number }: Site) => number === chosen || number === hovered
  const anew = { getFillColor: [tokens, chosen, hovered], getLineColor: [tokens, chosen, hovered], getRadius: [chosen, hovered] }
  const plate = { getColor: [tokens, chosen, hovered], getBackgroundColor: [tokens, chosen, hovered], getBorderColor: [tokens, chosen, hovered] }
  const placed = { beforeId: slotAnchor('selection'), parameters, data: sites, getPosition: ({ position }: Site) => position }
  return [
    new ScatterplotLayer<Site, Placed>({
      ...placed, id: 'siting-rings-halo', radiusUnits: 'pixels', getRadius: (site) => (isLit(site) ? 10 : 8), filled: false, stroked: true, getLineColor: [...dark, 230], lineWidthUnits: 'pixels', getLineWidth: 6, updateTriggers: anew,
    }),
    new ScatterplotLayer<Site, Placed>({
      ...placed, id: 'siting-rings', radiusUnits: 'pixels', getRadius: (site) => (isLit(site) ? 10 : 8), stroked: true, getFillColor: (site) => (isLit(site) ? [...light, 255] : [...dark, 60]), getLineColor: ({ number }) => [...siteColour(number, tokens), 255], lineWidthUnits: 'pixels', getLineWidth: 3, updateTriggers: anew,
    }),
    new TextLayer<Site, Placed>({
      ...placed, id: 'siting-plates', characterSet: '#0123456789', fontFamily: 'Inter Variable, sans-serif', fontWeight: 600, getText: ({ number }) => `#${number}`, getSize: 13, getPixelOffset: [0, -PLATE_LIFT],
      background: true, backgroundPadding: [6, 3, 6, 3], getColor: (site) => (isLit(site) ? [...dark, 255] : [...light, 255]), getBackgroundColor: (site) => (isLit(site) ? [...light, 255] : [...dark, 245]),
      getBorderColor: ({ number }) => [...siteColour(number, tokens), 255], getBorderWidth: 2, updateTriggers: plate,
    }),
  ]
}

/** Half of what a finger or a hurried mouse has to hit, in CSS pixels: the ring, and the plate above it. */
const HIT = { ring: 13, plateX: 20, plateY: 13 }

/** Number of the site whose mark lies under a point of the screen, the nearest ring of several; null for none. */
export function siteAt({ sites }: Pick<SitingPicture, 'sites'>, point: { x: number; y: number }, project: (place: [number, number]) => { x: number; y: number }): number | null {
  let best: { number: number; away: number } | null = null
  for (const { number, position } of sites) {
    const at = project([position[0], position[1]])
    const [dx, dy] = [point.x - at.x, point.y - at.y]
    const isOn = Math.hypot(dx, dy) <= HIT.ring || (Math.abs(dx) <= HIT.plateX && Math.abs(dy + PLATE_LIFT) <= HIT.plateY)
    const away = Math.min(Math.hypot(dx, dy), Math.hypot(dx, dy + PLATE_LIFT))
    if (isOn && (best === null || away < best.away)) best = { number, away }
  }
  return best?.number ?? null
}
