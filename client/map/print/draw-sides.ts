/** The seam of two versions on a sheet, with the name and the figures of each side beside it. */
import type { Frame } from './page-layout.ts'

export interface SheetSide {
  name: string
  /** Ratio and what is served; empty until the whole answer is there. */
  figures: string
}

export interface SheetSides {
  /** Share of the sheet's map that the first side has, 0 to 1. */
  seam: number
  left: SheetSide
  right: SheetSide
}

export interface SidesLook {
  text: string
  note: string
  ground: string
  family: string
  seam: string
  seamHalo: string
}

const [PADDING, AWAY, BELOW_NORTH, HEIGHT] = [10, 10, 64, 44]
/** Narrower, and a name cannot be read. */
const NARROWEST = 60

/**
 * Where the seam stands on a sheet: over the ground on which it stands on the screen.
 * @param share of the screen's map, 0 to 1
 * @param seen what the panels leave of it, CSS pixels of the screen
 * @param enlargement CSS pixels of the sheet for each of the screen
 */
export function seamOnSheet(share: number, screenWidth: number, seen: { left: number; width: number }, sheetWidth: number, enlargement: number): number {
  const fromMiddle = share * screenWidth - (seen.left + seen.width / 2)
  return Math.min(1, Math.max(0, 0.5 + (fromMiddle * enlargement) / sheetWidth))
}

/** The sides that a sheet shows: a seam at its edge leaves one. */
export const sidesShown = ({ seam, left, right }: SheetSides): { at: 'left' | 'right'; side: SheetSide }[] => [...(seam > 0 ? [{ at: 'left' as const, side: left }] : []), ...(seam < 1 ? [{ at: 'right' as const, side: right }] : [])]

export function drawSides(context: CanvasRenderingContext2D, map: Frame, sides: SheetSides, look: SidesLook): void {
  const at = map.left + sides.seam * map.width
  context.save()
  if (sides.seam > 0 && sides.seam < 1) {
    for (const [colour, width] of [[look.seamHalo, 4], [look.seam, 2]] as const) {
      context.fillStyle = colour
      context.fillRect(at - width / 2, map.top, width, map.height)
    }
  }
  context.textBaseline = 'middle'
  context.textAlign = 'left'
  for (const { at: on, side } of sidesShown(sides)) {
    const room = (on === 'left' ? at - map.left : map.left + map.width - at) - 2 * AWAY
    if (room < NARROWEST) continue
    const lines = [{ text: side.name, font: `500 12px ${look.family}`, colour: look.note }, { text: side.figures, font: `600 14px ${look.family}`, colour: look.text }].filter(({ text }) => text !== '')
    const widths = lines.map(({ text, font }) => {
      context.font = font
      return context.measureText(text).width
    })
    const width = Math.min(room, Math.max(...widths) + 2 * PADDING)
    const height = lines.length === 1 ? HEIGHT / 2 + 4 : HEIGHT
    const left = on === 'left' ? at - AWAY - width : at + AWAY
    const top = map.top + BELOW_NORTH
    context.globalAlpha = 0.92
    context.fillStyle = look.ground
    context.fillRect(left, top, width, height)
    context.globalAlpha = 1
    for (const [index, { text, font, colour }] of lines.entries()) {
      context.font = font
      context.fillStyle = colour
      context.fillText(text, left + PADDING, top + (height * (index + 0.5)) / lines.length, width - 2 * PADDING)
    }
  }
  context.restore()
}
