/**
 * Terminology
 * - drawing: how one thing that can be switched on looks: its style layers (or deck.gl layers) by level, and its legend, from the same colours.
 * - level (slot): see slots.ts.
 */
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl'
import type { FeatureKind } from '../../../server/contract/layers.ts'
import type { GapKind } from '../../../server/contract/management-gaps.ts'
import type { ThemeTokens } from '../../theme/tokens.ts'
import type { DrawingId, DrawingState, IncidentColour, Locale, Theme } from '../../stores/state.ts'
import type { Slot } from '../slots.ts'

export interface DrawingContext {
  tokens: ThemeTokens
  theme: Theme
  locale: Locale
  /** 0 to 1 */
  opacity: number
  /** True when an analysis lies on the map: what stands on the ground steps back. */
  isQuiet: boolean
}

export interface LegendText {
  zh: string
  en: string
}

/** One line of a legend. Colours are CSS colours; sizes CSS pixels. */
export type LegendItem =
  | { kind: 'fill'; label: LegendText; colour: string; outline?: string; hatch?: 'thin' | 'dense'; opacity?: number }
  | { kind: 'line'; label: LegendText; colour: string; width: number; casing?: string; dash?: readonly number[] }
  /** `path` is an SVG path on a 24 × 24 field; `ring` draws a circle round it; `hollow` an outline only. */
  | { kind: 'symbol'; label: LegendText; colour: string; path: string; size: number; ring?: string; hollow?: boolean }
  /** Classes low to high; `from` and `to` are inclusive bounds in `unit`. */
  | { kind: 'ramp'; label: LegendText; unit: string; steps: readonly { colour: string; from: number; to: number; hatch?: 'thin' | 'dense' }[] }

/** What a legend may depend on beside theme and language. */
export interface LegendData {
  gridMeasure?: string
  gridUnit?: string
  gridValues?: readonly (number | null)[]
  /** What the colour of an incident tells. */
  incidentColour?: IncidentColour
  blindSpotPeople?: readonly (number | null)[]
  gapKinds?: readonly GapKind[]
}

interface DrawingBase {
  legend: (tokens: ThemeTokens, data: LegendData) => LegendItem[]
  /** Kind under which a feature of this drawing is selected; null when it cannot be pointed at. */
  selects: FeatureKind | 'blind_spot' | 'gap' | null
}

export type LayerDrawing =
  | (DrawingBase & {
      by: 'maplibre'
      /** Style layers by level; ids are `drawing:part`. */
      layers: (context: DrawingContext) => Partial<Record<Slot, LayerSpecification[]>>
      /** Parts (the text behind the colon) that answer the pointer. */
      pointable: readonly string[]
    })
  | (DrawingBase & { by: 'deck'; slot: Slot })

/** Id of a style layer. */
export function layerId(drawing: DrawingId | 'basemap' | 'selection' | 'mend' | 'supply' | 'indicators' | 'scenario', part: string): string {
  return `${drawing}:${part}`
}

/** The drawing to which a style layer belongs; null for the basemap's own. */
export function drawingOf(id: string, known: (name: string) => name is DrawingId): DrawingId | null {
  const name = id.slice(0, id.indexOf(':'))
  return known(name) ? name : null
}

export type Visibility = Pick<DrawingState, 'visible' | 'opacity'>

/** One value when the pointer is on the feature, another when not. */
export function whenHovered<T extends string | number>(hovered: T, otherwise: T): ExpressionSpecification {
  return ['case', ['boolean', ['feature-state', 'hover'], false], hovered, otherwise]
}

/** A number growing with zoom: `[zoom, value]` pairs. */
export function byZoom(base: number, ...stops: readonly (readonly [number, number])[]): ExpressionSpecification {
  return ['interpolate', ['exponential', base], ['zoom'], ...stops.flat()] as ExpressionSpecification
}
