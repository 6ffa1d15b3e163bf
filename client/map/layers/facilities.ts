import type { ExpressionSpecification } from 'maplibre-gl'
import { FACILITY_CLASSES, type FacilitySymbol } from '../icons/symbols.ts'
import { FONT } from '../fonts.ts'
import { fromTiles } from '../tile-sources.ts'
import type { ThemeTokens } from '../../theme/tokens.ts'
import { byZoom, type LayerDrawing, layerId, type LegendText, whenHovered } from './layer-drawing.ts'
import { symbolPath } from '../icons/symbol-paths.ts'

interface FacilityLook {
  label: LegendText
  /** Index into the categorical colours. */
  colour: 0 | 1 | 2 | 3 | 4 | 5
}

/** Colour groups by what people want there; the pictogram alone tells the class. */
const LOOKS: Record<FacilitySymbol, FacilityLook> = {
  toilet: { label: { zh: '公共厕所', en: 'Public toilet' }, colour: 0 },
  refuse: { label: { zh: '垃圾收集与转运', en: 'Refuse collection and transfer' }, colour: 0 },
  school: { label: { zh: '学校', en: 'School' }, colour: 1 },
  kindergarten: { label: { zh: '幼儿园', en: 'Kindergarten' }, colour: 1 },
  culture: { label: { zh: '文化设施', en: 'Culture' }, colour: 1 },
  sport: { label: { zh: '体育设施', en: 'Sport' }, colour: 1 },
  clinic: { label: { zh: '医疗', en: 'Health' }, colour: 3 },
  elderly: { label: { zh: '养老', en: 'Care for the elderly' }, colour: 3 },
  fire: { label: { zh: '消防站', en: 'Fire station' }, colour: 3 },
  police: { label: { zh: '公安', en: 'Police' }, colour: 5 },
  shelter: { label: { zh: '应急避难场所', en: 'Emergency shelter' }, colour: 5 },
  transport: { label: { zh: '交通站点', en: 'Transport' }, colour: 4 },
  market: { label: { zh: '菜市场', en: 'Market' }, colour: 4 },
  office: { label: { zh: '社区与政务', en: 'Community and government' }, colour: 4 },
  other: { label: { zh: '其他设施', en: 'Other facility' }, colour: 4 },
}

const byClass = <T extends string>(value: (symbol: FacilitySymbol) => T, otherwise: T): ExpressionSpecification =>
  ['match', ['coalesce', ['get', 'class'], ''], ...Object.entries(FACILITY_CLASSES).flatMap(([name, symbol]) => [name, value(symbol)]), otherwise] as unknown as ExpressionSpecification

const colourOf = (tokens: ThemeTokens, symbol: FacilitySymbol): string => tokens.categorical[LOOKS[symbol].colour]

/** Public facilities: badges with a pictogram, names from z 15.5; closed ones faded. */
export const facilities: LayerDrawing = {
  by: 'maplibre',
  selects: 'facilities',
  pointable: ['symbol'],
  layers: ({ tokens, opacity }) => ({
    point: [
      {
        id: layerId('facilities', 'symbol'),
        type: 'symbol',
        ...fromTiles('facilities'),
        layout: {
          'icon-image': byClass((symbol) => `facility:${symbol}`, 'facility:other'),
          'icon-size': byZoom(1, [13, 0.5], [15, 0.7], [18, 1]),
          'icon-allow-overlap': ['step', ['zoom'], false, 15, true],
          'icon-padding': 1,
          'text-field': ['step', ['zoom'], '', 15.5, ['coalesce', ['get', 'name'], '']],
          'text-font': FONT,
          'text-size': 11.5,
          'text-offset': [0, 1.15],
          'text-anchor': 'top',
          'text-max-width': 8,
          'text-optional': true,
        },
        paint: {
          'icon-color': whenHovered(tokens.map.selection, byClass((symbol) => colourOf(tokens, symbol), colourOf(tokens, 'other')) as never),
          'icon-opacity': ['match', ['coalesce', ['get', 'access'], 'open'], 'closed', 0.45 * opacity, opacity],
          'icon-halo-color': tokens.map.halo,
          'icon-halo-width': 1.2,
          'text-color': tokens.map.label,
          'text-halo-color': tokens.map.halo,
          'text-halo-width': 1.3,
          'text-opacity': opacity,
        },
      },
    ],
  }),
  legend: (tokens) =>
    (Object.keys(LOOKS) as FacilitySymbol[]).map((symbol) => ({ kind: 'symbol', label: LOOKS[symbol].label, colour: colourOf(tokens, symbol), path: symbolPath(`facility:${symbol}`), size: 16 })),
}
