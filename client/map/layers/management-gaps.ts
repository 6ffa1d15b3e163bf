import type { ExpressionSpecification } from 'maplibre-gl'
import { type GapKind, gapKind } from '../../../server/contract/management-gaps.ts'
import type { ThemeTokens } from '../../theme/tokens.ts'
import { fromTiles } from '../tile-sources.ts'
import { byZoom, type LayerDrawing, layerId, type LegendItem, whenHovered } from './layer-drawing.ts'

/** Feature-state of a judged unit: its kind by name, and how grave it is beside others of its kind (0 to 1). */
export const GAP_STATE = 'gap'
export const GAP_STRENGTH_STATE = 'gapStrength'

/** Kinds of one layer never share a colour; quiet ones are no gaps. */
export function gapColour(kind: GapKind, { categorical, served, noData }: Pick<ThemeTokens, 'categorical' | 'served' | 'noData'>): string {
  const [blue, yellow, teal, red, grey, violet] = categorical
  const colours: Record<GapKind, string> = {
    no_owner: red, owner_gone: yellow, no_cells: violet, uncovered: blue, no_person: teal, no_collector: grey,
    under_reported: red, too_few: noData, unknown: grey, as_expected: served, above_expected: blue,
    never_checked: red, stale: yellow, no_case: violet,
    missing: red, wrong_unit: yellow, outside_city: violet, unplaced: blue, old: grey,
  }
  return colours[kind]
}

const KINDS: readonly GapKind[] = ['no_owner', 'owner_gone', 'no_cells', 'uncovered', 'no_person', 'no_collector', 'under_reported', 'too_few', 'unknown', 'as_expected', 'above_expected', 'never_checked', 'stale', 'no_case', 'missing', 'wrong_unit', 'outside_city', 'unplaced', 'old']

function colourBy(kind: ExpressionSpecification, tokens: ThemeTokens): ExpressionSpecification {
  return ['match', kind, ...KINDS.flatMap((one) => [one, gapColour(one, tokens)]), 'rgba(0,0,0,0)'] as unknown as ExpressionSpecification
}

const STATE: ExpressionSpecification = ['coalesce', ['feature-state', GAP_STATE], '']
const isJudged: ExpressionSpecification = ['!=', STATE, '']
const STRENGTH: ExpressionSpecification = ['coalesce', ['feature-state', GAP_STRENGTH_STATE], 0]

/** Units of a layer of management gaps: kind by colour, gravity by how full it is; single features as points. */
export const managementGaps: LayerDrawing = {
  by: 'maplibre',
  selects: 'gap',
  pointable: ['areas', 'cells', 'points'],
  layers: ({ tokens, opacity }) => {
    const fill = (part: string, tileLayer: 'unit_grids' | 'administrative_areas') => ({
      id: layerId('management_gaps', part), type: 'fill' as const, ...fromTiles(tileLayer),
      paint: { 'fill-color': colourBy(STATE, tokens), 'fill-opacity': ['case', isJudged, ['*', opacity, ['case', ['boolean', ['feature-state', 'hover'], false], 0.85, STRENGTH]], 0] as ExpressionSpecification, 'fill-antialias': false },
    })
    const edge = (part: string, tileLayer: 'unit_grids' | 'administrative_areas', width: ExpressionSpecification) => ({
      id: layerId('management_gaps', part), type: 'line' as const, ...fromTiles(tileLayer),
      paint: { 'line-color': whenHovered(tokens.map.selection, colourBy(STATE, tokens) as never), 'line-opacity': ['case', isJudged, 0.9 * opacity, 0] as ExpressionSpecification, 'line-width': width },
    })
    return {
      area: [fill('areas', 'administrative_areas'), fill('cells', 'unit_grids'), edge('cell-edges', 'unit_grids', byZoom(1, [12, 0], [13.5, 0.6], [16, 1.4])), edge('area-edges', 'administrative_areas', byZoom(1, [9, 0.4], [13, 1.2]))],
      line: [
        {
          id: layerId('management_gaps', 'points'), type: 'circle', source: 'management-gap-points',
          paint: { 'circle-color': colourBy(['get', 'kind'], tokens), 'circle-radius': byZoom(1.2, [10, 3], [15, 6]), 'circle-opacity': opacity, 'circle-stroke-width': whenHovered(2.5, 1.2), 'circle-stroke-color': tokens.map.selectionHalo },
        },
      ],
    }
  },
  legend: (tokens, data) => (data.gapKinds ?? []).map((kind): LegendItem => ({ kind: 'fill', label: { zh: gapKind(kind).zh, en: gapKind(kind).en }, colour: gapColour(kind, tokens), opacity: gapKind(kind).isGap ? 0.8 : 0.35 })),
}
