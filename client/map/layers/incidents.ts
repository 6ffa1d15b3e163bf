import { LIGHT_LABELS, LIGHTS } from '../../../server/contract/clocks.ts'
import { lightColours } from '../icons/incident-atlas.ts'
import { symbolPath } from '../icons/symbol-paths.ts'
import type { ThemeTokens } from '../../theme/tokens.ts'
import type { LayerDrawing, LegendItem } from './layer-drawing.ts'

function lightLegend(tokens: ThemeTokens): LegendItem[] {
  const colours = lightColours(tokens)
  return [
    ...LIGHTS.map((light, index): LegendItem => ({ kind: 'symbol', label: LIGHT_LABELS[light], colour: colours[index + 1] ?? tokens.ui.t3, path: symbolPath(`light:${light}`), size: 18 })),
    { kind: 'symbol', label: { zh: '不计时限', en: 'No clock' }, colour: tokens.ui.t3, path: symbolPath('light:none'), size: 18 },
  ]
}

/** Incidents are drawn by deck.gl, see build-deck-layers.ts; the legend is made of the same shapes and colours. */
export const incidents: LayerDrawing = {
  by: 'deck',
  slot: 'live',
  selects: 'incidents',
  legend: (tokens, { incidentColour }) => (incidentColour === 'light' ? lightLegend(tokens) : severityLegend(tokens)),
}

function severityLegend({ severity, map, ui }: ThemeTokens): LegendItem[] {
  return [
    { kind: 'symbol', label: { zh: '一级', en: 'Level 1' }, colour: severity[1], path: symbolPath('incident:1'), size: 20 },
    { kind: 'symbol', label: { zh: '二级', en: 'Level 2' }, colour: severity[2], path: symbolPath('incident:2'), size: 17 },
    { kind: 'symbol', label: { zh: '三级', en: 'Level 3' }, colour: severity[3], path: symbolPath('incident:3'), size: 14 },
    { kind: 'symbol', label: { zh: '超时未结（外环）', en: 'Overdue (ringed)' }, colour: severity[3], path: symbolPath('incident:3'), size: 14, ring: map.selection },
    { kind: 'symbol', label: { zh: '已结束', en: 'Ended' }, colour: ui.t3, path: symbolPath('incident:3'), size: 14, hollow: true },
  ]
}
