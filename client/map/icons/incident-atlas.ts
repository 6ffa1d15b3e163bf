/** The atlas of incident marks: three shapes by severity, each open, overdue (ringed) and ended (dim and hollow). */
import { TOKENS } from '../../theme/tokens.ts'
import type { Theme } from '../../stores/state.ts'
import { circle, type Distance, grown, paint, polygon, type RasterImage, rgb, without } from './shapes.ts'

export const INCIDENT_SHAPES: Readonly<Record<1 | 2 | 3, Distance>> = {
  1: polygon([12, 3.4], [20.6, 18.4], [3.4, 18.4]),
  2: polygon([12, 4.2], [19.8, 12], [12, 19.8], [4.2, 12]),
  3: circle(12, 12, 5.6),
}

export const INCIDENT_LOOKS = ['open', 'overdue', 'ended'] as const
export type IncidentLook = (typeof INCIDENT_LOOKS)[number]

/** Index of a mark in the atlas. */
export function markIndex(severity: number, look: IncidentLook): number {
  return (Math.min(3, Math.max(1, severity)) - 1) * INCIDENT_LOOKS.length + INCIDENT_LOOKS.indexOf(look)
}

const CELL = 72
const PIXELS_PER_UNIT = 2
/** CSS pixels of a whole cell for one CSS pixel of the 24-unit field. */
export const CELL_PER_FIELD = CELL / (24 * PIXELS_PER_UNIT)

export interface IncidentAtlas {
  image: RasterImage
  /** By `String(markIndex)`. */
  mapping: Record<string, { x: number; y: number; width: number; height: number; mask: boolean }>
}

function mark(theme: Theme, severity: 1 | 2 | 3, look: IncidentLook): RasterImage {
  const { severity: colours, map } = TOKENS[theme]
  const shape = INCIDENT_SHAPES[severity]
  const [red, green, blue] = rgb(colours[severity])
  const halo = rgb(map.selectionHalo)
  if (look === 'ended') {
    return paint(CELL, PIXELS_PER_UNIT, [
      { shape: grown(shape, 0.4), colour: [...halo, 0.35] },
      { shape: without(grown(shape, -0.6), grown(shape, -2.2)), colour: [red, green, blue, 0.55] },
    ])
  }
  const parts = [
    { shape: grown(shape, 1.4), colour: [...halo, 0.85] as const },
    { shape, colour: [red, green, blue] as const },
  ]
  if (look === 'open') return paint(CELL, PIXELS_PER_UNIT, parts)
  const ringRadius = severity === 1 ? 14.4 : severity === 2 ? 12.6 : 10.4
  const centreY = severity === 1 ? 13 : 12
  return paint(CELL, PIXELS_PER_UNIT, [
    { shape: without(circle(12, centreY, ringRadius + 1), circle(12, centreY, ringRadius - 2.6)), colour: [...halo, 0.7] },
    { shape: without(circle(12, centreY, ringRadius), circle(12, centreY, ringRadius - 1.7)), colour: rgb(map.selection) },
    ...parts,
  ])
}

/** All marks of a theme in one image. */
export function incidentAtlas(theme: Theme): IncidentAtlas {
  const columns = INCIDENT_LOOKS.length
  const width = CELL * columns
  const height = CELL * 3
  const data = new Uint8ClampedArray(width * height * 4)
  const mapping: IncidentAtlas['mapping'] = {}
  for (const severity of [1, 2, 3] as const) {
    INCIDENT_LOOKS.forEach((look, column) => {
      const cell = mark(theme, severity, look)
      const [x, y] = [column * CELL, (severity - 1) * CELL]
      for (let row = 0; row < CELL; row += 1) data.set(cell.data.subarray(row * CELL * 4, (row + 1) * CELL * 4), ((y + row) * width + x) * 4)
      mapping[String(markIndex(severity, look))] = { x, y, width: CELL, height: CELL, mask: false }
    })
  }
  return { image: { width, height, data }, mapping }
}
