/** Two versions of a scenario on one map, as deck.gl layers, each on its side of the seam: homes by whether they are served, and what the version changes. Pure. */
import type { Layer } from '@deck.gl/core'
import { PathLayer, PolygonLayer, ScatterplotLayer } from '@deck.gl/layers'
import type { Position } from '../../server/contract/geojson.ts'
import type { ScenarioEdit } from '../../server/contract/scenarios.ts'
import type { SwipePicture } from '../stores/scenario-swipe.ts'
import type { ThemeTokens } from '../theme/tokens.ts'
import { rgb } from './icons/shapes.ts'
import { servedHome, unservedHome } from './layers/scenario-homes.ts'
import { SeamExtension, type SeamSide } from './seam-extension.ts'
import { slotAnchor } from './slots.ts'

interface Placed {
  beforeId: string
}
type Colour = [number, number, number, number]
interface DrawnShape {
  rings: Position[][]
  fill: Colour
  line: Colour
}
interface DrawnPoint {
  position: Position
  colour: string
  isHollow: boolean
}
interface DrawnWay {
  line: Position[]
  isCrossing: boolean
}

const polygonsOf = (geometry: Extract<ScenarioEdit, { kind: 'facility' }>['geometry']): Position[][][] => (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.type === 'MultiPolygon' ? geometry.coordinates : [])

/** What a version changes, as shapes, points and ways. */
export function drawnOf(edits: readonly ScenarioEdit[], standing: SwipePicture['standing'], { ui, map }: ThemeTokens): { shapes: DrawnShape[]; points: DrawnPoint[]; ways: DrawnWay[] } {
  const colour = (text: string, alpha: number): Colour => [...rgb(text), alpha]
  const shapes = (polygons: readonly Position[][][], fill: Colour, line: Colour): DrawnShape[] => polygons.map((rings) => ({ rings, fill, line }))
  const gone = (feature: string) => shapes(standing[feature] ?? [], colour(map.land, 170), colour(ui.red, 255))
  const made = (polygons: readonly Position[][][]) => shapes(polygons, colour(ui.green, 110), colour(ui.green, 255))
  return {
    shapes: edits.flatMap((edit) => {
      if (edit.kind === 'close') return gone(edit.feature)
      if (edit.kind === 'open') return made(standing[edit.feature] ?? [])
      if (edit.kind === 'facility') return made(polygonsOf(edit.geometry))
      return edit.kind === 'change' ? [...gone(edit.feature), ...made(polygonsOf(edit.geometry))] : []
    }),
    points: edits.flatMap((edit): DrawnPoint[] => {
      if (edit.kind === 'gate') return [{ position: edit.position, colour: ui.amber, isHollow: false }]
      if (edit.kind === 'close_path' || edit.kind === 'close_gate') return [{ position: edit.position, colour: ui.red, isHollow: true }]
      return (edit.kind === 'facility' || edit.kind === 'change') && edit.geometry.type === 'Point' ? [{ position: edit.geometry.coordinates, colour: ui.green, isHollow: false }] : []
    }),
    ways: edits.flatMap((edit) => (edit.kind === 'path' ? [{ line: edit.line, isCrossing: edit.isCrossing }] : [])),
  }
}

interface Common {
  beforeId: string
  parameters: { depthCompare: 'always'; depthWriteEnabled: false }
  extensions?: SeamExtension[]
}
const common: Common = { beforeId: slotAnchor('selection'), parameters: { depthCompare: 'always', depthWriteEnabled: false } }

function homesLayer(id: string, positions: Float32Array, isServed: boolean, tokens: ThemeTokens, placed: Common): Layer {
  const colour = isServed ? servedHome(tokens) : unservedHome(tokens)
  return new ScatterplotLayer<unknown, Placed>({
    ...placed, id,
    data: { length: positions.length / 2, attributes: { getPosition: { value: positions, size: 2 } } },
    getRadius: isServed ? 6 : 8, radiusUnits: 'meters', radiusMinPixels: isServed ? 1.2 : 1.8, radiusMaxPixels: 7,
    filled: isServed, getFillColor: [...rgb(colour), 220], stroked: !isServed, getLineColor: [...rgb(colour), 255], lineWidthUnits: 'pixels', getLineWidth: 1.5,
    updateTriggers: { getFillColor: colour, getLineColor: colour },
  })
}

/** What is drawn, as layers: shapes lie under homes, ways and points above them. */
function drawnLayers(name: string, drawn: ReturnType<typeof drawnOf>, { ui, map }: ThemeTokens, placed: Common): { below: Layer[]; above: Layer[] } {
  const id = (part: string) => `${name}-${part}`
  const ways = (part: string, colour: string, [wide, narrow]: [number, number]) =>
    new PathLayer<DrawnWay, Placed>({ ...placed, id: id(part), data: drawn.ways, getPath: ({ line }) => line.flat(), positionFormat: 'XY', getColor: [...rgb(colour), 255], widthUnits: 'pixels', getWidth: ({ isCrossing }) => (isCrossing ? wide : narrow), capRounded: true, jointRounded: true, updateTriggers: { getColor: colour } })
  return {
    below: [new PolygonLayer<DrawnShape, Placed>({ ...placed, id: id('shapes'), data: drawn.shapes, getPolygon: ({ rings }) => rings, getFillColor: ({ fill }) => fill, getLineColor: ({ line }) => line, lineWidthUnits: 'pixels', getLineWidth: 2.5 })],
    above: [
      ways('way-casings', map.selectionHalo, [9, 6]),
      ways('ways', ui.amber, [5, 3]),
      new ScatterplotLayer<DrawnPoint, Placed>({
        ...placed, id: id('points'), data: drawn.points, getPosition: ({ position }) => position, getRadius: 7, radiusUnits: 'pixels',
        stroked: true, getFillColor: ({ colour, isHollow }) => (isHollow ? [0, 0, 0, 0] : [...rgb(colour), 255]), getLineColor: ({ colour, isHollow }) => [...rgb(isHollow ? colour : map.selectionHalo), 255], lineWidthUnits: 'pixels', getLineWidth: ({ isHollow }) => (isHollow ? 3 : 2),
        updateTriggers: { getLineColor: map },
      }),
    ],
  }
}

/** What a scenario changes, on a sheet of paper: on the screen the drawing tool draws it. A facility that is only closed or opened has no outline of its own here. */
export function buildDrawnLayers(edits: readonly ScenarioEdit[], tokens: ThemeTokens): Layer[] {
  const { below, above } = drawnLayers('drawn', drawnOf(edits, {}, tokens), tokens, common)
  return [...below, ...above]
}

/** Shapes of a side lie under all homes, ways and points above them. */
function sideLayers({ gained, lost, standing }: SwipePicture, edits: readonly ScenarioEdit[], on: SeamSide, seam: () => number, tokens: ThemeTokens): { below: Layer[]; above: Layer[] } {
  const placed: Common = { ...common, extensions: [new SeamExtension({ side: on, seam })] }
  const drawn = drawnLayers(`swipe-${on}`, drawnOf(edits, standing, tokens), tokens, placed)
  return {
    below: drawn.below,
    above: [
      homesLayer(`swipe-${on}-served`, on === 'left' ? lost : gained, true, tokens, placed),
      homesLayer(`swipe-${on}-unserved`, on === 'left' ? gained : lost, false, tokens, placed),
      ...drawn.above,
    ],
  }
}

/** Homes that are alike on both sides are drawn once, across the seam. @param seam share of the picture's width that the first side has; read at each drawing */
export function buildSwipeLayers(picture: SwipePicture | null, seam: () => number, tokens: ThemeTokens): Layer[] {
  if (!picture) return []
  const [left, right] = [sideLayers(picture, picture.from, 'left', seam, tokens), sideLayers(picture, picture.to, 'right', seam, tokens)]
  return [...left.below, ...right.below, homesLayer('swipe-served', picture.served, true, tokens, common), homesLayer('swipe-unserved', picture.unserved, false, tokens, common), ...left.above, ...right.above]
}
