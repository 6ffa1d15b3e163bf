/** What lies under the pointer: incidents first, then the features of the style that may be pointed at. */
import type { Map as MapLibreMap, MapGeoJSONFeature, MapMouseEvent, Point } from 'maplibre-gl'
import { type ShallowRef, shallowRef, watch } from 'vue'
import type { FeatureKind } from '../../server/contract/layers.ts'
import type { SelectionState } from '../stores/state.ts'
import { type IncidentPicture, pickIncident, type Picked } from './incident-picture.ts'
import { GAP_STATE } from './layers/management-gaps.ts'
import { DRAWINGS, isDrawingId } from './layers/index.ts'
import { drawingOf, layerId } from './layers/layer-drawing.ts'

export type Hit =
  | { kind: 'incident' | 'group'; picked: Picked }
  | { kind: 'feature'; what: FeatureKind; id: string; properties: Record<string, unknown>; isMeasured: boolean }
  | { kind: 'blind_spot'; id: string; rank: number; people: number | null }
  | { kind: 'gap'; id: string }
  | { kind: 'site'; number: number }
  | { kind: 'supply_place'; number: number }
  /** A unit by how it differs between two versions; `what` draws it. */
  | { kind: 'unit'; what: FeatureKind; id: string }

export interface PointerOptions {
  map: ShallowRef<MapLibreMap | null>
  picture: () => IncidentPicture | null
  /** The mark of an answer under a point of the screen. */
  markAt: (point: Point) => Hit | null
  /** The unit of a comparison under a point of the screen. */
  unitAt: (point: Point) => Extract<Hit, { kind: 'unit' }> | null
  onHover: (hit: Hit | null) => void
  /** @param at longitude and latitude of the click */
  onClick: (hit: Hit | null, at: [number, number]) => void
}

/** Ids of all style layers that answer the pointer. */
const POINTABLE = Object.entries(DRAWINGS).flatMap(([id, drawing]) => (drawing.by === 'maplibre' && isDrawingId(id) ? drawing.pointable.map((part) => layerId(id, part)) : []))

/** CSS pixels round the pointer within which a thin line or a small symbol is still hit. */
const REACH = 4

function hitOf(feature: MapGeoJSONFeature): Hit | null {
  const drawing = drawingOf(feature.layer.id, isDrawingId)
  const selects = drawing ? DRAWINGS[drawing].selects : null
  if (!drawing || !selects) return null
  const properties: Record<string, unknown> = feature.properties
  const id = String(properties['id'] ?? '')
  if (id === '') return null
  // Tiles hold every unit; judged are those that were told so. A point is there because it was.
  if (selects === 'gap') return feature.layer.type === 'circle' || feature.state[GAP_STATE] ? { kind: 'gap', id } : null
  if (selects === 'blind_spot') return { kind: 'blind_spot', id, rank: Number(properties['rank']), people: typeof properties['people'] === 'number' ? properties['people'] : null }
  return { kind: 'feature', what: selects, id, properties, isMeasured: drawing === 'grid_measure' }
}

const isHit = (feature: MapGeoJSONFeature): boolean => hitOf(feature) !== null

function featureAt(map: MapLibreMap, point: Point): Hit | null {
  const layers = POINTABLE.filter((id) => map.getLayer(id))
  if (layers.length === 0) return null
  const exact = map.queryRenderedFeatures(point, { layers }).find(isHit)
  // Areas are hit exactly or not at all; lines and symbols forgive a few pixels, and lie above areas.
  const near = map.queryRenderedFeatures([[point.x - REACH, point.y - REACH], [point.x + REACH, point.y + REACH]], { layers: layers.filter((id) => map.getLayer(id)?.type !== 'fill' && map.getLayer(id)?.type !== 'fill-extrusion') }).find(isHit)
  const chosen = near?.layer.type === 'symbol' || near?.layer.type === 'circle' || !exact ? near : exact
  return chosen ? hitOf(chosen) : null
}

/** What lies at a point of the screen. */
export function hitAt(map: MapLibreMap, point: Point, picture: IncidentPicture | null): Hit | null {
  if (picture) {
    const { lng, lat } = map.unproject(point)
    const picked = pickIncident(picture, map.getZoom(), point, { longitude: lng, latitude: lat }, (longitude, latitude) => map.project([longitude, latitude]))
    if (picked) return { kind: picked.kind, picked }
  }
  return featureAt(map, point)
}

/** Follows the pointer; at most one look per frame, none while the map is being moved. */
export function usePointer({ map, picture, markAt, unitAt, onHover, onClick }: PointerOptions): ShallowRef<{ x: number; y: number } | null> {
  const pointer = shallowRef<{ x: number; y: number } | null>(null)
  // Marks of an answer lie above everything else.
  const look = (present: MapLibreMap, point: Point): Hit | null => {
    const mark = markAt(point)
    if (mark !== null) return mark
    const hit = hitAt(present, point, picture())
    // What a scenario changes, and cases, lie above units; all other ground is theirs.
    return hit === null || (hit.kind === 'feature' && hit.what !== 'green_spaces' && hit.what !== 'facilities') ? (unitAt(point) ?? hit) : hit
  }

  watch(map, (present) => {
    if (!present) return
    let frame = 0
    const leave = (): void => {
      cancelAnimationFrame(frame)
      pointer.value = null
      present.getCanvas().style.cursor = ''
      onHover(null)
    }
    present.on('mousemove', ({ point }: MapMouseEvent) => {
      if (present.isMoving()) return
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(() => {
        const hit = look(present, point)
        present.getCanvas().style.cursor = hit ? 'pointer' : ''
        pointer.value = { x: point.x, y: point.y }
        onHover(hit)
      })
    })
    present.on('mouseout', leave)
    present.on('movestart', leave)
    present.on('click', ({ point, lngLat }: MapMouseEvent) => onClick(look(present, point), [lngLat.lng, lngLat.lat]))
  })

  return pointer
}

/**
 * What a hit selects; null for a group, which is opened by coming nearer.
 * @param gapUnit the unit of a gap by its id: what is selected is the unit itself
 */
export function selectionOf(hit: Hit, incidentIds: readonly string[], gapUnit: (id: string) => SelectionState['selected']): SelectionState['selected'] {
  if (hit.kind === 'gap') return gapUnit(hit.id)
  // A site, or a place as one that supplies, is looked at in its answer.
  if (hit.kind === 'site' || hit.kind === 'supply_place') return null
  if (hit.kind === 'feature' || hit.kind === 'unit') return { kind: hit.what, id: hit.id }
  if (hit.kind === 'blind_spot') return { kind: 'blind_spot', id: hit.id }
  const id = hit.picked.kind === 'incident' ? incidentIds[hit.picked.row] : undefined
  return id === undefined ? null : { kind: 'incidents', id }
}
