/** Plane geometry on open rings and lines, in metres. */
import type { Line, Point, Ring } from './plane.ts'

export const distance = (a: Point, b: Point): number => Math.hypot(b[0] - a[0], b[1] - a[1])
export const between = (a: Point, b: Point, share: number): Point => [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]
export const cross = (o: Point, a: Point, b: Point): number => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])

export function lineLength(line: Line): number {
  let sum = 0
  for (let index = 1; index < line.length; index++) sum += distance(line[index - 1]!, line[index]!)
  return sum
}

/** Positive for a counter-clockwise ring. */
export function signedArea(ring: Ring): number {
  let sum = 0
  for (let index = 0; index < ring.length; index++) {
    const a = ring[index]!
    const b = ring[(index + 1) % ring.length]!
    sum += a[0] * b[1] - b[0] * a[1]
  }
  return sum / 2
}

export const ringArea = (ring: Ring): number => Math.abs(signedArea(ring))
export const perimeter = (ring: Ring): number => lineLength([...ring, ring[0]!])

export function centroid(ring: Ring): Point {
  const [x0, y0] = ring[0]!
  let area = 0
  let x = 0
  let y = 0
  for (let index = 0; index < ring.length; index++) {
    const a = ring[index]!
    const b = ring[(index + 1) % ring.length]!
    const part = (a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0)
    area += part
    x += (a[0] + b[0] - 2 * x0) * part
    y += (a[1] + b[1] - 2 * y0) * part
  }
  return area === 0 ? ring[0]! : [x0 + x / (3 * area), y0 + y / (3 * area)]
}

export function contains(ring: Ring, [x, y]: Point): boolean {
  let inside = false
  for (let index = 0, last = ring.length - 1; index < ring.length; last = index++) {
    const a = ring[index]!
    const b = ring[last]!
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside
  }
  return inside
}

export interface Box {
  minX: number
  minY: number
  maxX: number
  maxY: number
}

export function boxOf(points: readonly Point[]): Box {
  const box = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity }
  for (const [x, y] of points) {
    if (x < box.minX) box.minX = x
    if (x > box.maxX) box.maxX = x
    if (y < box.minY) box.minY = y
    if (y > box.maxY) box.maxY = y
  }
  return box
}

/** Where a straight line (a point and a direction) crosses a ring, sorted along the direction. */
export function crossings(ring: Ring, origin: Point, direction: Point): { at: number; edge: number; share: number }[] {
  const found: { at: number; edge: number; share: number }[] = []
  for (let edge = 0; edge < ring.length; edge++) {
    const a = ring[edge]!
    const b = ring[(edge + 1) % ring.length]!
    const sideA = direction[0] * (a[1] - origin[1]) - direction[1] * (a[0] - origin[0])
    const sideB = direction[0] * (b[1] - origin[1]) - direction[1] * (b[0] - origin[0])
    if (sideA >= 0 === sideB >= 0) continue
    const share = sideA / (sideA - sideB)
    const point = between(a, b, share)
    found.push({ at: (point[0] - origin[0]) * direction[0] + (point[1] - origin[1]) * direction[1], edge, share })
  }
  return found.sort((left, right) => left.at - right.at)
}

/** A point well inside the ring: its centroid, or the middle of the longest inner chord through the box's middle. */
export function interiorPoint(ring: Ring): Point {
  const middle = centroid(ring)
  if (contains(ring, middle)) return middle
  const box = boxOf(ring)
  let best: Point = ring[0]!
  let longest = -1
  for (const share of [0.5, 0.35, 0.65, 0.2, 0.8]) {
    const y = box.minY + (box.maxY - box.minY) * share
    const hits = crossings(ring, [0, y], [1, 0])
    for (let index = 0; index + 1 < hits.length; index += 2) {
      const chord = hits[index + 1]!.at - hits[index]!.at
      if (chord > longest) {
        longest = chord
        best = [(hits[index]!.at + hits[index + 1]!.at) / 2, y]
      }
    }
  }
  return best
}

export interface Rectangle {
  center: Point
  /** Unit vector along the long side. */
  axis: Point
  halfLength: number
  halfWidth: number
}

/** Smallest rectangle around the ring among those parallel to one of its longer sides. */
export function boundingRectangle(ring: Ring): Rectangle {
  let best: Rectangle | undefined
  const sides = ring.map((point, index) => ({ a: point, b: ring[(index + 1) % ring.length]! }))
  const longest = Math.max(...sides.map(({ a, b }) => distance(a, b)))
  for (const { a, b } of sides) {
    const length = distance(a, b)
    if (length < longest * 0.3) continue
    const rectangle = rectangleAlong(ring, [(b[0] - a[0]) / length, (b[1] - a[1]) / length])
    if (!best || rectangle.halfLength * rectangle.halfWidth < best.halfLength * best.halfWidth) best = rectangle
  }
  return best ?? rectangleAlong(ring, [1, 0])
}

export function rectangleAlong(ring: Ring, axis: Point): Rectangle {
  let [minU, maxU, minV, maxV] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const [x, y] of ring) {
    const u = x * axis[0] + y * axis[1]
    const v = -x * axis[1] + y * axis[0]
    minU = Math.min(minU, u)
    maxU = Math.max(maxU, u)
    minV = Math.min(minV, v)
    maxV = Math.max(maxV, v)
  }
  const [u, v] = [(minU + maxU) / 2, (minV + maxV) / 2]
  const center: Point = [u * axis[0] - v * axis[1], u * axis[1] + v * axis[0]]
  const [halfU, halfV] = [(maxU - minU) / 2, (maxV - minV) / 2]
  return halfU >= halfV ? { center, axis, halfLength: halfU, halfWidth: halfV } : { center, axis: [-axis[1], axis[0]], halfLength: halfV, halfWidth: halfU }
}

/** Do two segments cross or touch, other than at a shared end? */
export function segmentsCross(a: Point, b: Point, c: Point, d: Point): boolean {
  if (Math.max(a[0], b[0]) < Math.min(c[0], d[0]) || Math.max(c[0], d[0]) < Math.min(a[0], b[0])) return false
  if (Math.max(a[1], b[1]) < Math.min(c[1], d[1]) || Math.max(c[1], d[1]) < Math.min(a[1], b[1])) return false
  const d1 = cross(c, d, a)
  const d2 = cross(c, d, b)
  const d3 = cross(a, b, c)
  const d4 = cross(a, b, d)
  return d1 > 0 !== d2 > 0 && d3 > 0 !== d4 > 0
}

export function isSimple(ring: Ring): boolean {
  const count = ring.length
  if (count < 3) return false
  for (let i = 0; i < count; i++) {
    for (let j = i + 2; j < count; j++) {
      if (i === 0 && j === count - 1) continue
      if (segmentsCross(ring[i]!, ring[i + 1]!, ring[j]!, ring[(j + 1) % count]!)) return false
    }
  }
  return true
}

/** Is every corner of `inner` inside `outer`, and does no side of one cross a side of the other? */
export function ringContains(outer: Ring, inner: Ring): boolean {
  if (!inner.every((point) => contains(outer, point))) return false
  for (let i = 0; i < inner.length; i++) {
    for (let j = 0; j < outer.length; j++) {
      if (segmentsCross(inner[i]!, inner[(i + 1) % inner.length]!, outer[j]!, outer[(j + 1) % outer.length]!)) return false
    }
  }
  return true
}

/** The part of a ring on the side of a line that `normal` points to; null when nothing simple is left. */
export function clipByLine(ring: Ring, origin: Point, normal: Point): Ring | null {
  const side = (point: Point): number => (point[0] - origin[0]) * normal[0] + (point[1] - origin[1]) * normal[1]
  const kept: Point[] = []
  for (let index = 0; index < ring.length; index++) {
    const a = ring[index]!
    const b = ring[(index + 1) % ring.length]!
    const sideA = side(a)
    const sideB = side(b)
    if (sideA >= 0) kept.push(a)
    if (sideA >= 0 !== sideB >= 0) kept.push(between(a, b, sideA / (sideA - sideB)))
  }
  const clean = withoutRepeats(kept)
  return clean.length >= 3 && isSimple(clean) ? clean : null
}

function withoutRepeats(ring: Ring, tolerance = 0.05): Point[] {
  return ring.filter((point, index) => distance(point, ring[(index + ring.length - 1) % ring.length]!) > tolerance)
}

/** Ring without the points that lie within `tolerance` metres of the line of their neighbours. */
export function simplified(ring: Ring, tolerance = 0.3): Point[] {
  const kept = withoutRepeats(ring)
  for (let index = 0; index < kept.length && kept.length > 3; ) {
    const a = kept[(index + kept.length - 1) % kept.length]!
    const b = kept[index]!
    const c = kept[(index + 1) % kept.length]!
    if (Math.abs(cross(a, c, b)) < tolerance * distance(a, c)) kept.splice(index, 1)
    else index++
  }
  return kept
}
