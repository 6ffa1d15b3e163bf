/** Seamless fill patterns: 45° hatching in a colour, computed, no image file. */
import { type RasterImage, rgb } from './shapes.ts'

export const PATTERN_PIXEL_RATIO = 2
/** CSS pixels from one stripe to the next, along the horizontal. */
const PERIOD = 8

/** Id of the hatch in a colour: `hatch:F2665E` (thin stripes) or `hatch-dense:F2665E`. */
export function hatchId(colour: string, isDense = false): string {
  return `${isDense ? 'hatch-dense' : 'hatch'}:${colour.slice(1)}`
}

/** The image of a hatch id; null for an id that is none of ours. */
export function hatchImage(id: string): RasterImage | null {
  const match = /^hatch(-dense)?:([0-9A-Fa-f]{6})$/.exec(id)
  if (!match) return null
  const [red, green, blue] = rgb(`#${match[2]!}`)
  const size = PERIOD * PATTERN_PIXEL_RATIO
  const thickness = (match[1] ? 3.4 : 1.5) * PATTERN_PIXEL_RATIO
  const data = new Uint8ClampedArray(size * size * 4)
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      // Distance across the stripes; they run from lower left to upper right and repeat every period.
      const phase = (column + row + 1) % size
      const distance = (Math.min(phase, size - phase) * Math.SQRT1_2)
      const cover = Math.min(1, Math.max(0, thickness / 2 - distance + 0.5))
      data.set([red, green, blue, Math.round(cover * 255)], (row * size + column) * 4)
    }
  }
  return { width: size, height: size, data }
}
