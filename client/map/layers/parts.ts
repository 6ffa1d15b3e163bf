import type { ExpressionSpecification } from 'maplibre-gl'
import { type PartSymbol } from '../icons/symbols.ts'
import { symbolPath } from '../icons/symbol-paths.ts'
import { fromTiles } from '../tile-sources.ts'
import { byZoom, type LayerDrawing, layerId, type LegendText, whenHovered } from './layer-drawing.ts'

const LARGE_CLASSES: Record<PartSymbol, { code: string; label: LegendText; colour: 0 | 1 | 2 | 3 | 4 | 5 }> = {
  utility: { code: '01', label: { zh: '公用设施', en: 'Public utilities' }, colour: 0 },
  traffic: { code: '02', label: { zh: '道路交通设施', en: 'Road and traffic' }, colour: 1 },
  environment: { code: '03', label: { zh: '市容环境设施', en: 'City appearance and sanitation' }, colour: 4 },
  greening: { code: '04', label: { zh: '园林绿化设施', en: 'Parks and greening' }, colour: 2 },
  other: { code: '05', label: { zh: '其他设施', en: 'Other facilities' }, colour: 5 },
  local: { code: '', label: { zh: '扩展类', en: 'Local extensions' }, colour: 3 },
}

/** The large class is the first two digits of the class code. */
const byLargeClass = <T extends string>(value: (symbol: PartSymbol) => T): ExpressionSpecification => {
  const named = (Object.keys(LARGE_CLASSES) as PartSymbol[]).filter((symbol) => LARGE_CLASSES[symbol].code !== '')
  return ['match', ['slice', ['coalesce', ['get', 'class'], ''], 0, 2], ...named.flatMap((symbol) => [LARGE_CLASSES[symbol].code, value(symbol)]), value('local')] as unknown as ExpressionSpecification
}

/** Parts 部件: one small shape per large class; a part that is not intact is crossed in red. */
export const parts: LayerDrawing = {
  by: 'maplibre',
  selects: 'parts',
  pointable: ['symbol'],
  layers: ({ tokens, opacity }) => ({
    point: [
      {
        id: layerId('parts', 'symbol'),
        type: 'symbol',
        ...fromTiles('parts'),
        layout: { 'icon-image': byLargeClass((symbol) => `part:${symbol}`), 'icon-size': byZoom(1.2, [15, 0.3], [17, 0.46], [19, 0.7]), 'icon-allow-overlap': true, 'icon-ignore-placement': true },
        paint: {
          'icon-color': whenHovered(tokens.map.selection, byLargeClass((symbol) => tokens.categorical[LARGE_CLASSES[symbol].colour]) as never),
          'icon-halo-color': tokens.map.halo,
          'icon-halo-width': 1.2,
          'icon-opacity': opacity,
        },
      },
      {
        id: layerId('parts', 'defect'),
        type: 'symbol',
        ...fromTiles('parts'),
        filter: ['!=', ['coalesce', ['get', 'state'], 'intact'], 'intact'],
        layout: { 'icon-image': 'part:defect', 'icon-size': byZoom(1.2, [15, 0.4], [17, 0.6], [19, 0.9]), 'icon-allow-overlap': true, 'icon-ignore-placement': true },
        paint: { 'icon-color': tokens.severity[1], 'icon-halo-color': tokens.map.halo, 'icon-halo-width': 1.4, 'icon-opacity': opacity },
      },
    ],
  }),
  legend: (tokens) => [
    ...(Object.keys(LARGE_CLASSES) as PartSymbol[]).map((symbol) => {
      const { label, colour } = LARGE_CLASSES[symbol]
      return { kind: 'symbol' as const, label, colour: tokens.categorical[colour], path: symbolPath(`part:${symbol}`), size: 11 }
    }),
    { kind: 'symbol', label: { zh: '损坏、缺失、占用、废弃', en: 'Damaged, lost, occupied or abandoned' }, colour: tokens.severity[1], path: symbolPath('part:defect'), size: 14 },
  ],
}
