/**
 * How much of a polygon lies within unions of pieces, without building the unions: between the heights where edges begin, end or cross, a
 * horizontal strip is cut into trapezoids, and the middle of a trapezoid tells its area. Edges that lie on each other need no care.
 */

/** x, y interleaved, closed or not. */
export type Ring = readonly number[] | Float64Array
/** minX, minY, maxX, maxY */
export type Box = readonly [number, number, number, number]

export interface BoxedRing {
  ring: Ring
  box: Box
}

export interface CutPiece {
  /** Holes turn the other way than what they are cut from. */
  rings: readonly BoxedRing[]
  /** The unions that it belongs to, one bit each. */
  unions: number
}

interface Edge {
  lowX: number
  lowY: number
  highX: number
  highY: number
  /** Metres that x grows by for each metre of y. */
  slope: number
  /** 1 where the ring goes up. */
  turn: 1 | -1
  /** Number of the piece; -1 for the polygon itself. */
  piece: number
  /** x in the middle of the strip at hand. */
  x: number
}

export function boxOf(ring: Ring): Box {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let at = 0; at < ring.length; at += 2) {
    const [x, y] = [ring[at]!, ring[at + 1]!]
    if (x < minX) minX = x
    if (x > maxX) maxX = x
    if (y < minY) minY = y
    if (y > maxY) maxY = y
  }
  return [minX, minY, maxX, maxY]
}

export function boxOfAll(boxes: readonly Box[]): Box {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [minX, minY, maxX, maxY] of boxes) {
    box[0] = Math.min(box[0], minX)
    box[1] = Math.min(box[1], minY)
    box[2] = Math.max(box[2], maxX)
    box[3] = Math.max(box[3], maxY)
  }
  return box
}

export const boxed = (ring: Ring): BoxedRing => ({ ring, box: boxOf(ring) })
export const common = (a: Box, b: Box): Box => [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])]
const isEmpty = ([minX, minY, maxX, maxY]: Box) => !(minX < maxX && minY < maxY)

/** One side of a box: what of a ring lies on the right side of a line along an axis. */
function clipSide(ring: Ring, axis: 0 | 1, bound: number, isLeast: boolean): number[] {
  const clipped: number[] = []
  const count = ring.length
  if (count === 0) return clipped
  let [lastX, lastY] = [ring[count - 2]!, ring[count - 1]!]
  let last = axis === 0 ? lastX : lastY
  let wasIn = isLeast ? last >= bound : last <= bound
  for (let at = 0; at < count; at += 2) {
    const [x, y] = [ring[at]!, ring[at + 1]!]
    const here = axis === 0 ? x : y
    const isIn = isLeast ? here >= bound : here <= bound
    if (isIn !== wasIn) {
      const share = (bound - last) / (here - last)
      if (axis === 0) clipped.push(bound, lastY + share * (y - lastY))
      else clipped.push(lastX + share * (x - lastX), bound)
    }
    if (isIn) clipped.push(x, y)
    lastX = x
    lastY = y
    last = here
    wasIn = isIn
  }
  return clipped
}

/** The part of a ring within a box; undefined for none. Parts that leave it come back along its border, which changes nothing of what lies inside. */
export function clipRing({ ring, box }: BoxedRing, limits: Box): BoxedRing | undefined {
  if (isEmpty(common(box, limits))) return undefined
  let clipped: Ring = ring
  if (box[0] < limits[0]) clipped = clipSide(clipped, 0, limits[0], true)
  if (box[2] > limits[2]) clipped = clipSide(clipped, 0, limits[2], false)
  if (box[1] < limits[1]) clipped = clipSide(clipped, 1, limits[1], true)
  if (box[3] > limits[3]) clipped = clipSide(clipped, 1, limits[3], false)
  if (clipped === ring) return { ring, box }
  return clipped.length < 6 ? undefined : boxed(clipped)
}

/** The rings of a piece or polygon within a box. */
export function clipRings(rings: readonly BoxedRing[], limits: Box): BoxedRing[] {
  return rings.flatMap((ring) => clipRing(ring, limits) ?? [])
}

/** Signed area of a ring, square metres, from a near origin: coordinates of a projected system are large. */
export function signedArea(ring: Ring): number {
  const [originX, originY] = [ring[0] ?? 0, ring[1] ?? 0]
  let doubled = 0
  for (let at = 2; at + 3 < ring.length; at += 2) doubled += (ring[at]! - originX) * (ring[at + 3]! - originY) - (ring[at + 2]! - originX) * (ring[at + 1]! - originY)
  return doubled / 2
}

/** Whether a piece, which lies in the box, is all of it. */
function fills(rings: readonly BoxedRing[], [minX, minY, maxX, maxY]: Box): boolean {
  return rings.length === 1 && Math.abs(signedArea(rings[0]!.ring)) >= (maxX - minX) * (maxY - minY) * (1 - 1e-12)
}

function pushEdges(edges: Edge[], ring: Ring, piece: number, originX: number, originY: number): void {
  let [ax, ay] = [ring[ring.length - 2]! - originX, ring[ring.length - 1]! - originY]
  for (let at = 0; at < ring.length; at += 2) {
    const [bx, by] = [ring[at]! - originX, ring[at + 1]! - originY]
    if (ay < by) edges.push({ lowX: ax, lowY: ay, highX: bx, highY: by, slope: (bx - ax) / (by - ay), turn: 1, piece, x: 0 })
    else if (ay > by) edges.push({ lowX: bx, lowY: by, highX: ax, highY: ay, slope: (ax - bx) / (ay - by), turn: -1, piece, x: 0 })
    ax = bx
    ay = by
  }
}

/** Heights at which edges begin, end or cross, ascending. @param edges by their lower end */
function heightsOf(edges: readonly Edge[]): Float64Array {
  const heights: number[] = []
  for (let index = 0; index < edges.length; index += 1) {
    const a = edges[index]!
    heights.push(a.lowY, a.highY)
    const [leftA, rightA] = a.lowX < a.highX ? [a.lowX, a.highX] : [a.highX, a.lowX]
    for (let other = index + 1; other < edges.length; other += 1) {
      const b = edges[other]!
      if (b.lowY >= a.highY) break
      if ((b.lowX < leftA && b.highX < leftA) || (b.lowX > rightA && b.highX > rightA)) continue
      const apart = b.slope - a.slope
      if (apart === 0) continue
      const y = b.lowY + (a.lowX + (b.lowY - a.lowY) * a.slope - b.lowX) / apart
      if (y > b.lowY && y < a.highY && y < b.highY) heights.push(y)
    }
  }
  return Float64Array.from(heights).sort()
}

/**
 * @param polygon its rings in any order and direction: what an odd number of them holds is inside
 * @param unionCount unions that pieces belong to
 * @returns square metres of the polygon by the unions that hold them: at each sum of the unions' bits
 */
export function cutByUnions(polygon: readonly BoxedRing[], pieces: readonly CutPiece[], unionCount: number): Float64Array {
  const areas = new Float64Array(2 ** unionCount)
  const box = boxOfAll(polygon.map((ring) => ring.box))
  if (polygon.length === 0 || isEmpty(box)) return areas
  const edges: Edge[] = []
  const unions: number[] = []
  let everywhere = 0
  for (const piece of pieces) {
    // Where its unions hold everything it has nothing to add.
    if ((piece.unions | everywhere) === everywhere) continue
    const rings = clipRings(piece.rings, box)
    if (rings.length === 0) continue
    if (fills(rings, box)) {
      everywhere |= piece.unions
      continue
    }
    for (const { ring } of rings) pushEdges(edges, ring, unions.length, box[0], box[1])
    unions.push(piece.unions)
  }
  for (const { ring } of polygon) pushEdges(edges, ring, -1, box[0], box[1])
  edges.sort((a, b) => a.lowY - b.lowY)
  const heights = heightsOf(edges)
  const windings = new Int32Array(unions.length)
  const counts = new Int32Array(unionCount)
  let active: Edge[] = []
  let nextEdge = 0
  for (let strip = 0; strip + 1 < heights.length; strip += 1) {
    const [low, high] = [heights[strip]!, heights[strip + 1]!]
    if (low === high) continue
    const middle = (low + high) / 2
    active = active.filter((edge) => edge.highY > low)
    for (; nextEdge < edges.length && edges[nextEdge]!.lowY <= low; nextEdge += 1) if (edges[nextEdge]!.highY > low) active.push(edges[nextEdge]!)
    for (const edge of active) edge.x = edge.lowX + (middle - edge.lowY) * edge.slope
    active.sort((a, b) => a.x - b.x)
    windings.fill(0)
    counts.fill(0)
    let [isInside, held, from] = [false, everywhere, 0]
    for (const { x, piece, turn } of active) {
      if (isInside) areas[held]! += (x - from) * (high - low)
      from = x
      if (piece < 0) {
        isInside = !isInside
        continue
      }
      const was = windings[piece]!
      windings[piece] = was + turn
      if (was !== 0 && was + turn !== 0) continue
      const change = was === 0 ? 1 : -1
      for (let union = 0; union < unionCount; union += 1) {
        if ((unions[piece]! & (1 << union)) === 0 || (everywhere & (1 << union)) !== 0) continue
        counts[union]! += change
        held = counts[union]! > 0 ? held | (1 << union) : held & ~(1 << union)
      }
    }
  }
  return areas
}
