/**
 * Shapes as signed distance functions on a 24 × 24 field: negative inside, positive outside, in field units.
 * From them come the map's symbols (as distance images, which scale and take any colour) and the atlas of incidents. No image file, no canvas.
 */
export type Distance = (x: number, y: number) => number

export function circle(centreX: number, centreY: number, radius: number): Distance {
  return (x, y) => Math.hypot(x - centreX, y - centreY) - radius
}

export function box(left: number, top: number, right: number, bottom: number, corner = 0): Distance {
  const centreX = (left + right) / 2
  const centreY = (top + bottom) / 2
  const halfX = (right - left) / 2 - corner
  const halfY = (bottom - top) / 2 - corner
  return (x, y) => {
    const dx = Math.abs(x - centreX) - halfX
    const dy = Math.abs(y - centreY) - halfY
    return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - corner
  }
}

/** A filled polygon; points as `x, y` pairs in order round it. Exact distance to its edge, sign by the even-odd rule. */
export function polygon(...points: readonly (readonly [number, number])[]): Distance {
  return (x, y) => {
    let nearest = Infinity
    let inside = false
    for (let index = 0; index < points.length; index += 1) {
      const [ax, ay] = points[index]!
      const [bx, by] = points[(index + points.length - 1) % points.length]!
      nearest = Math.min(nearest, distanceToSegment(x, y, ax, ay, bx, by))
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
    }
    return inside ? -nearest : nearest
  }
}

function distanceToSegment(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const lengthSquared = (bx - ax) ** 2 + (by - ay) ** 2
  const along = lengthSquared === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / lengthSquared))
  return Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay))
}

/** A line through the points, `width` thick, with round ends. */
export function stroke(width: number, ...points: readonly (readonly [number, number])[]): Distance {
  return (x, y) => {
    let nearest = Infinity
    for (let index = 1; index < points.length; index += 1) {
      const [ax, ay] = points[index - 1]!
      const [bx, by] = points[index]!
      nearest = Math.min(nearest, distanceToSegment(x, y, ax, ay, bx, by))
    }
    return nearest - width / 2
  }
}

/** A wedge about the field's centre, from the top clockwise; `share` of the full turn, 0 to 1. */
export function wedge(share: number): Distance {
  const end = share * 2 * Math.PI
  return (x, y) => {
    if (share >= 1) return -Infinity
    if (share <= 0) return Infinity
    const [dx, dy] = [x - 12, y - 12]
    const angle = (Math.atan2(dx, -dy) + 2 * Math.PI) % (2 * Math.PI)
    const toEdge = angle < end ? Math.min(angle, end - angle) : Math.min(angle - end, 2 * Math.PI - angle)
    const distance = Math.hypot(dx, dy) * Math.sin(Math.min(Math.PI / 2, toEdge))
    return angle < end ? -distance : distance
  }
}

export function union(...shapes: readonly Distance[]): Distance {
  return (x, y) => Math.min(...shapes.map((shape) => shape(x, y)))
}

/** The first shape without the others. */
export function without(shape: Distance, ...holes: readonly Distance[]): Distance {
  return (x, y) => Math.max(shape(x, y), ...holes.map((hole) => -hole(x, y)))
}

/** Grown (or shrunk, when negative) by a distance, corners rounded. */
export function grown(shape: Distance, by: number): Distance {
  return (x, y) => shape(x, y) - by
}

export interface RasterImage {
  width: number
  height: number
  /** RGBA, not premultiplied. */
  data: Uint8ClampedArray
}

export const FIELD = 24
/** Field units that the distance image reaches beyond the field on each side, for halos. */
const MARGIN = 4
/** Pixels over which the distance image runs from inside to outside, as MapLibre reads it. */
const SDF_RADIUS = 8
const SDF_CUTOFF = 0.25

/**
 * The shape as a distance image for `map.addImage(…, { sdf: true })`.
 * @param pixelsPerUnit 2 gives a 64 × 64 image, to be added with `pixelRatio: 2` for a 32 px symbol whose field is 24 px
 */
export function distanceImage(shape: Distance, pixelsPerUnit: number): RasterImage {
  const size = (FIELD + 2 * MARGIN) * pixelsPerUnit
  const data = new Uint8ClampedArray(size * size * 4)
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const distance = shape((column + 0.5) / pixelsPerUnit - MARGIN, (row + 0.5) / pixelsPerUnit - MARGIN) * pixelsPerUnit
      data[(row * size + column) * 4 + 3] = Math.round(255 - 255 * (distance / SDF_RADIUS + SDF_CUTOFF))
    }
  }
  return { width: size, height: size, data }
}

export type Colour = readonly [red: number, green: number, blue: number, alpha?: number]

/** `#RRGGBB` as numbers 0 to 255. */
export function rgb(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}

/** Paints shapes over each other into an image with smooth edges; later ones on top. Alpha 0 to 1. */
export function paint(size: number, pixelsPerUnit: number, parts: readonly { shape: Distance; colour: Colour }[]): RasterImage {
  const data = new Uint8ClampedArray(size * size * 4)
  const offset = (size / pixelsPerUnit - FIELD) / 2
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      let [red, green, blue, alpha] = [0, 0, 0, 0]
      for (const { shape, colour } of parts) {
        const distance = shape((column + 0.5) / pixelsPerUnit - offset, (row + 0.5) / pixelsPerUnit - offset) * pixelsPerUnit
        const cover = Math.min(1, Math.max(0, 0.5 - distance)) * (colour[3] ?? 1)
        const next = cover + alpha * (1 - cover)
        if (next > 0) {
          const kept = (alpha * (1 - cover)) / next
          red = colour[0] * (1 - kept) + red * kept
          green = colour[1] * (1 - kept) + green * kept
          blue = colour[2] * (1 - kept) + blue * kept
        }
        alpha = next
      }
      data.set([red, green, blue, alpha * 255], (row * size + column) * 4)
    }
  }
  return { width: size, height: size, data }
}
