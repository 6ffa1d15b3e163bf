/** The atlas of incident marks: three shapes by severity, each open, overdue (ringed) and ended (dim and hollow). */
import { type Light, LIGHTS } from '../../../server/contract/clocks.ts'
import { INCIDENT_COLOURS, type IncidentColour, type Theme } from '../../stores/state.ts'
import { type ThemeTokens, TOKENS } from '../../theme/tokens.ts'
import { box, circle, type Distance, grown, paint, polygon, type RasterImage, rgb, wedge, without } from './shapes.ts'

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

/** Lights as the list shows them: a clock face that fills, a full disc when overdue, a square when long overdue; a small ring without a clock. */
const FACE = without(circle(12, 12, 7), circle(12, 12, 5.2))
const filled = (share: number): Distance => (x, y) => Math.min(FACE(x, y), Math.max(circle(12, 12, 4.2)(x, y), wedge(share)(x, y)))
export const LIGHT_SHAPES = {
  none: without(circle(12, 12, 4.6), circle(12, 12, 2.8)),
  green: filled(0.25),
  blue: filled(0.5),
  amber: filled(0.75),
  red: circle(12, 12, 7),
  dark_red: box(5.2, 5.2, 18.8, 18.8, 1),
} as const satisfies Record<Light | 'none', Distance>

/** Index of a light's mark in the atlas, behind those of the levels. @param light 0 without a clock, else its place in LIGHTS and one */
export function lightIndex(light: number): number {
  return 3 * INCIDENT_LOOKS.length + light
}

/** Colour of each light, in the order of `lightIndex`. */
export function lightColours({ ui }: ThemeTokens): readonly string[] {
  return [ui.t3, ui.green, ui.blue, ui.amber, ui.red, ui.red]
}

const CELL = 72
const PIXELS_PER_UNIT = 2
/** CSS pixels of a whole cell for one CSS pixel of the 24-unit field. */
export const CELL_PER_FIELD = CELL / (24 * PIXELS_PER_UNIT)

export interface IncidentAtlas {
  image: RasterImage
  /** By `String(markIndex(…))` and `groupIcon(…)`. */
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

function lightMark(theme: Theme, light: number): RasterImage {
  const shape = [LIGHT_SHAPES.none, ...LIGHTS.map((one) => LIGHT_SHAPES[one])][light] ?? LIGHT_SHAPES.none
  const outer = light === LIGHTS.indexOf('dark_red') + 1 ? LIGHT_SHAPES.dark_red : circle(12, 12, light === 0 ? 4.6 : 7)
  return paint(CELL, PIXELS_PER_UNIT, [
    { shape: grown(outer, 1.6), colour: [...rgb(TOKENS[theme].map.selectionHalo), 0.85] },
    { shape, colour: rgb(lightColours(TOKENS[theme])[light] ?? TOKENS[theme].ui.t3) },
  ])
}

/** Steps in which a group's ring tells the share of the second level. */
const SHARE_STEPS = 8
const LIGHT_ROW = 3
const GROUP_ROW = 5

/** Name of a group's disc in the atlas; `by` what its ring tells: the share of the second level, or of the overdue. */
export function groupIcon(urgentShare: number, by: IncidentColour = 'severity'): string {
  // Any at all is seen, and all only when it is all.
  const step = urgentShare <= 0 ? 0 : urgentShare >= 1 ? SHARE_STEPS : Math.min(SHARE_STEPS - 1, Math.max(1, Math.round(urgentShare * SHARE_STEPS)))
  return `group-${by}-${step}`
}

/** A dark disc for the number, ringed in the colours of the levels within. */
function groupDisc(theme: Theme, step: number, by: IncidentColour): RasterImage {
  const { severity, ui, map } = TOKENS[theme]
  const [rest, urgent] = by === 'light' ? [ui.green, ui.red] : [severity[3], severity[2]]
  const ring = without(circle(12, 12, 11.4), circle(12, 12, 9))
  const share = wedge(step / SHARE_STEPS)
  return paint(CELL, PIXELS_PER_UNIT, [
    { shape: circle(12, 12, 12.4), colour: [...rgb(map.selectionHalo), 0.55] },
    { shape: circle(12, 12, 10), colour: [...rgb(ui.s1), 0.94] },
    { shape: without(ring, share), colour: rgb(rest) },
    { shape: (x, y) => Math.max(ring(x, y), share(x, y)), colour: rgb(urgent) },
  ])
}

/** All marks of a theme in one image. */
export function incidentAtlas(theme: Theme): IncidentAtlas {
  const columns = INCIDENT_LOOKS.length
  const width = CELL * columns
  const groupRows = Math.ceil((SHARE_STEPS + 1) / columns)
  const height = CELL * (GROUP_ROW + groupRows * INCIDENT_COLOURS.length)
  const data = new Uint8ClampedArray(width * height * 4)
  const mapping: IncidentAtlas['mapping'] = {}
  const place = (name: string, cell: RasterImage, column: number, line: number): void => {
    const [x, y] = [column * CELL, line * CELL]
    for (let row = 0; row < CELL; row += 1) data.set(cell.data.subarray(row * CELL * 4, (row + 1) * CELL * 4), ((y + row) * width + x) * 4)
    mapping[name] = { x, y, width: CELL, height: CELL, mask: false }
  }
  for (const severity of [1, 2, 3] as const) INCIDENT_LOOKS.forEach((look, column) => place(String(markIndex(severity, look)), mark(theme, severity, look), column, severity - 1))
  for (let light = 0; light <= LIGHTS.length; light += 1) place(String(lightIndex(light)), lightMark(theme, light), light % columns, LIGHT_ROW + Math.floor(light / columns))
  INCIDENT_COLOURS.forEach((by, block) => {
    for (let step = 0; step <= SHARE_STEPS; step += 1) place(`group-${by}-${step}`, groupDisc(theme, step, by), step % columns, GROUP_ROW + block * groupRows + Math.floor(step / columns))
  })
  return { image: { width, height, data }, mapping }
}
