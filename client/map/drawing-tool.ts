/** The drawing tool over the map: what it draws is a scenario's edits, each under its own id. */
import { TerraDraw, TerraDrawLineStringMode, TerraDrawPointMode, TerraDrawPolygonMode, TerraDrawSelectMode } from 'terra-draw'
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter'
import type { Map as MapLibreMap } from 'maplibre-gl'
import type { ThemeTokens } from '../theme/tokens.ts'
import type { DrawingMode } from '../stores/scenario.ts'
import { DRAWING_PREFIX } from './drawn-layers.ts'
import { slotAnchor } from './slots.ts'
import type { DrawnEdit } from '../scenario/edits.ts'
import { type DrawnPart, partsOf, withRing } from '../scenario/parts.ts'

type Colour = `#${string}`
const TOOL_MODES: Record<DrawingMode, string> = { select: 'select', facility: 'polygon', gate: 'point', path: 'linestring', crossing: 'linestring', close_path: 'point' }
const KIND_MODES: Record<DrawnEdit['kind'], 'polygon' | 'point' | 'linestring'> = { facility: 'polygon', change: 'polygon', gate: 'point', path: 'linestring' }

export interface DrawingHears {
  /** A shape as it is now: while it is drawn or dragged. */
  changed: (id: string, geometry: { type: string; coordinates: unknown }) => void
  /** A shape is done: drawn anew, or let go where it was dragged to. */
  finished: (id: string, geometry: { type: string; coordinates: unknown }, isNew: boolean) => void
  removed: (id: string) => void
}

export interface DrawingTool {
  setMode: (mode: DrawingMode) => void
  /** Shows exactly these edits. */
  show: (edits: readonly DrawnEdit[]) => void
  close: () => void
}

export function openDrawingTool(map: MapLibreMap, { ui, map: colours }: ThemeTokens, hears: DrawingHears): DrawingTool {
  const colour = (text: string) => text as Colour
  const [main, halo] = [colour(ui.green), colour(colours.selectionHalo)]
  const grips = { selectionPointColor: main, selectionPointOutlineColor: halo, selectionPointWidth: 6, selectionPointOutlineWidth: 2, midPointColor: halo, midPointOutlineColor: main, midPointWidth: 4, midPointOutlineWidth: 2 }
  const isHole = ({ properties }: { properties: Record<string, unknown> }) => properties['part'] === 'hole'
  const editable = { feature: { draggable: true, coordinates: { midpoints: true, draggable: true, deletable: true } } }
  const draw = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map, prefixId: DRAWING_PREFIX, renderBelowLayerId: slotAnchor('drawing'), coordinatePrecision: 9 }),
    modes: [
      new TerraDrawPolygonMode({ styles: { fillColor: (shape) => (isHole(shape) ? halo : main), fillOpacity: (shape) => (isHole(shape) ? 0.5 : 0.28), outlineColor: main, outlineWidth: 3, closingPointColor: main, closingPointOutlineColor: halo, closingPointOutlineWidth: 2, closingPointWidth: 6 } }),
      new TerraDrawLineStringMode({ styles: { lineStringColor: colour(ui.amber), lineStringWidth: 4, closingPointColor: colour(ui.amber), closingPointOutlineColor: halo, closingPointOutlineWidth: 2, closingPointWidth: 6 } }),
      new TerraDrawPointMode({ styles: { pointColor: colour(ui.amber), pointOutlineColor: halo, pointOutlineWidth: 2, pointWidth: 7 } }),
      new TerraDrawSelectMode({
        flags: { polygon: editable, linestring: editable, point: { feature: { draggable: true } } },
        styles: { selectedPolygonColor: main, selectedPolygonFillOpacity: 0.38, selectedPolygonOutlineColor: main, selectedPolygonOutlineWidth: 4, selectedLineStringColor: colour(ui.amber), selectedLineStringWidth: 5, selectedPointColor: colour(ui.amber), selectedPointWidth: 9, selectedPointOutlineColor: halo, selectedPointOutlineWidth: 3, ...grips },
      }),
    ],
  })
  draw.start()
  draw.setMode('select')
  let isShowing = false
  let parts = new Map<string, DrawnPart>()
  /** The edit that a part belongs to, and its whole shape. */
  const wholeOf = (id: string, geometry: { type: string; coordinates: unknown }): [string, { type: string; coordinates: unknown }] => {
    const part = parts.get(id)
    return part ? [part.edit.id, withRing(part, geometry)] : [id, geometry]
  }
  type Drawn = ReturnType<typeof draw.getSnapshot>[number]
  /** Shapes only: neither the grips of what is selected nor the points that guide a drawing. */
  const isShape = ({ geometry, properties }: Drawn) => properties['mode'] === { Polygon: 'polygon', LineString: 'linestring', Point: 'point' }[geometry.type]
  draw.on('change', (ids, type, context) => {
    if (isShowing || (context && 'origin' in context) || type === 'styling') return
    for (const id of ids) {
      if (type === 'delete') {
        hears.removed(parts.get(String(id))?.edit.id ?? String(id))
        continue
      }
      const feature = draw.getSnapshotFeature(id)
      if (feature && isShape(feature)) hears.changed(...wholeOf(String(id), feature.geometry))
    }
  })
  draw.on('finish', (id, { action }) => {
    const feature = draw.getSnapshotFeature(id)
    if (feature) hears.finished(...wholeOf(String(id), feature.geometry), action === 'draw')
  })
  return {
    setMode: (mode) => {
      if (draw.getMode() !== TOOL_MODES[mode]) draw.setMode(TOOL_MODES[mode])
    },
    show: (edits) => {
      isShowing = true
      parts = new Map(edits.flatMap(partsOf).map((part) => [part.id, part]))
      const present = draw.getSnapshot().filter(isShape)
      const stale = present.filter(({ id, geometry }) => {
        const part = parts.get(String(id))
        return !part || JSON.stringify(part.geometry) !== JSON.stringify({ type: geometry.type, coordinates: geometry.coordinates })
      })
      if (stale.length > 0) draw.removeFeatures(stale.map(({ id }) => id!))
      const kept = new Set(present.filter((one) => !stale.includes(one)).map(({ id }) => String(id)))
      const missing = [...parts.values()].filter(({ id }) => !kept.has(id))
      if (missing.length > 0) draw.addFeatures(missing.map(({ id, edit, ring, geometry }) => ({ id, type: 'Feature', properties: { mode: geometry.type === 'Point' ? 'point' : KIND_MODES[edit.kind], part: ring !== null && ring.ring > 0 ? 'hole' : 'shape' }, geometry })))
      isShowing = false
    },
    close: () => draw.stop(),
  }
}
