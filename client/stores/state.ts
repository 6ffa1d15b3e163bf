/** Shapes of shared client state: what the panels write and the map reads. */
import type { City } from '../../server/contract/cities.ts'
import type { BlindSpot, CoverageInput, CoverageRun } from '../../server/contract/coverage.ts'
import type { BoundingBox, Geometry } from '../../server/contract/geojson.ts'
import type { IncidentFilterInput } from '../../server/contract/incidents.ts'
import type { FeatureKind, GridMeasure, TileLayer } from '../../server/contract/layers.ts'

export type Locale = 'zh' | 'en'
export type Theme = 'night' | 'day'

/** stores/session.ts `useSessionStore` */
export interface SessionState {
  locale: Locale
  theme: Theme
  cities: City[]
  city: City | null
  connection: ConnectionState
}

export interface ConnectionState {
  /** `live`; `silent` after one missed heartbeat; `lost` after three; `connecting` at first. */
  status: 'connecting' | 'live' | 'silent' | 'lost'
  /** Server time of the last word heard, ms since 1970; null before the first. */
  lastHeardAt: number | null
  /** Set for three seconds after a loss was made good. */
  restoredAt: number | null
}

/** stores/view.ts `useViewStore` */
export interface ViewState {
  camera: Camera
  /** What the map shows now; null before the first idle. */
  boundingBox: BoundingBox | null
  /** A wish of the app's; the map carries it out and clears it. */
  wish: { kind: 'camera'; camera: Partial<Camera> } | { kind: 'box'; box: BoundingBox; maxZoom?: number } | null
  /** Panels over the map, in CSS pixels. */
  padding: { left: number; right: number; top: number; bottom: number }
}

export interface Camera {
  longitude: number
  latitude: number
  zoom: number
  bearing: number
  pitch: number
  /** Who moved it last, so that the map does not answer itself. */
  by: 'map' | 'app'
}

/** Everything that can be switched on the map: a tile layer, or something drawn from live data or a run. */
export type DrawingId = TileLayer | 'incidents' | 'grid_measure' | 'coverage_served' | 'coverage_blind_spots' | 'management_gaps'

export const INCIDENT_COLOURS = ['severity', 'light'] as const
export type IncidentColour = (typeof INCIDENT_COLOURS)[number]

/** stores/layers.ts `useLayersStore` */
export interface LayersState {
  /** Bottom to top as the user ordered them within their slot. */
  drawings: DrawingState[]
  gridMeasure: GridMeasure
  gridValues: { ids: string[]; codes: string[]; values: (number | null)[]; unit: string; asOf: string } | null
  tileVersions: Record<string, number>
}

export interface DrawingState {
  id: DrawingId
  visible: boolean
  /** 0 to 1 */
  opacity: number
}

/** stores/selection.ts `useSelectionStore` */
export interface SelectionState {
  selected: { kind: FeatureKind | 'blind_spot'; id: string } | null
  hovered: { kind: FeatureKind | 'blind_spot'; id: string } | null
  /** Geometry of the selection, drawn on top. */
  geometry: Geometry | null
}

/** Columns of all incidents under the filter, parallel; replaced whole, never mutated. */
export interface IncidentColumns {
  count: number
  ids: string[]
  /** longitude, latitude interleaved */
  positions: Float64Array
  severities: Uint8Array
  /** index into IncidentState.options */
  states: Uint8Array
  /** 1 when open and past its limit at `asOf` */
  overdue: Uint8Array
  /** seconds since 1970 */
  reportedAt: Uint32Array
  asOf: string
}

/** stores/incidents.ts `useIncidentsStore` */
export interface IncidentsState {
  filter: IncidentFilterInput
  columns: IncidentColumns | null
  /** Ids that arrived in the last seconds: pulsed once. */
  fresh: string[]
}

/** stores/coverage.ts `useCoverageStore` */
export interface CoverageState {
  input: CoverageInput
  run: CoverageRun | null
  served: Geometry | null
  blindSpotShapes: { id: string; rank: number; people: number | null; geometry: Geometry }[]
  blindSpots: BlindSpot[]
}
