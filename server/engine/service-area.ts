/**
 * Polygons of what lies within a radius of a facility, for areas and for drawing (membership of points never uses them).
 * Built here and not by the database, so that every engine gets the same vertices, and so that no concave corner is
 * smoothed away: each piece is simple, and their union is the service area with its arcs replaced by inscribed chords.
 */
import { type PackedGeometries, PART } from './packed-geometry.ts'

/** Chords in a quarter circle. */
export const QUADRANT_SEGMENTS = 64

/**
 * How much of a served area the chords can lose at most, as a share of it: 1 − sin(δ)/δ ≤ δ²/6 with δ = (π/2)/segments.
 * It holds for the union too: the sectors behind the visible arcs do not overlap.
 */
export function chordBound(quadrantSegments = QUADRANT_SEGMENTS): number {
  const step = Math.PI / 2 / quadrantSegments
  return (step * step) / 6
}

/** Turns smaller than this (radians) are taken as straight on: at 5 km they move the edge by 0.05 mm. */
const STRAIGHT = 1e-8
/** A strip along a convex run of edges stays simple while it turns by less than half a circle. */
const LONGEST_TURN = 2.6

type Ring = number[]

/** Share of a chord that an arc may be over: a right angle is one for every plane that its corners were brought into, rounded as they are. */
const ROUNDED_TURN = 1e-6

function pushArc(ring: Ring, x: number, y: number, radius: number, from: number, turn: number, quadrantSegments: number): void {
  const steps = Math.ceil(turn / (Math.PI / 2 / quadrantSegments) - ROUNDED_TURN)
  for (let step = 1; step < steps; step += 1) {
    const angle = from + (turn * step) / steps
    ring.push(x + radius * Math.cos(angle), y + radius * Math.sin(angle))
  }
}

function circle(x: number, y: number, radius: number, quadrantSegments: number): Ring {
  const ring: Ring = []
  for (let step = 0; step < quadrantSegments * 4; step += 1) {
    const angle = (step / quadrantSegments) * (Math.PI / 2)
    ring.push(x + radius * Math.cos(angle), y + radius * Math.sin(angle))
  }
  return ring
}

function capsule(ax: number, ay: number, bx: number, by: number, radius: number, quadrantSegments: number): Ring {
  const angle = Math.atan2(by - ay, bx - ax)
  const nx = Math.sin(angle) * radius
  const ny = -Math.cos(angle) * radius
  const ring: Ring = [ax + nx, ay + ny, bx + nx, by + ny]
  pushArc(ring, bx, by, radius, angle - Math.PI / 2, Math.PI, quadrantSegments)
  ring.push(bx - nx, by - ny, ax - nx, ay - ny)
  pushArc(ring, ax, ay, radius, angle + Math.PI / 2, Math.PI, quadrantSegments)
  return ring
}

function signedArea(ring: readonly number[]): number {
  let sum = 0
  for (let at = 0; at < ring.length; at += 2) {
    const next = (at + 2) % ring.length
    sum += ring[at]! * ring[next + 1]! - ring[next]! * ring[at + 1]!
  }
  return sum / 2
}

/** The ring without its closing vertex and without repeated ones, with the polygon's inside to its left. */
function orient(coordinates: Float64Array, first: number, end: number, isHole: boolean): Ring {
  const ring: Ring = []
  for (let vertex = first; vertex < end; vertex += 1) {
    const x = coordinates[vertex * 2]!
    const y = coordinates[vertex * 2 + 1]!
    if (ring.length === 0 || ring[ring.length - 2] !== x || ring[ring.length - 1] !== y) ring.push(x, y)
  }
  while (ring.length > 2 && ring[0] === ring[ring.length - 2] && ring[1] === ring[ring.length - 1]) ring.length -= 2
  if (signedArea(ring) > 0 === isHole) {
    const turned: Ring = []
    for (let at = ring.length - 2; at >= 0; at -= 2) turned.push(ring[at]!, ring[at + 1]!)
    return turned
  }
  return ring
}

interface Edges {
  ring: Ring
  count: number
  /** Direction of the outward normal of each edge, radians. */
  normal: Float64Array
  /** Turn at the start of each edge, radians; positive at corners that stick out. */
  turn: Float64Array
}

function edgesOf(ring: Ring): Edges {
  const count = ring.length / 2
  const normal = new Float64Array(count)
  for (let edge = 0; edge < count; edge += 1) {
    const next = (edge + 1) % count
    normal[edge] = Math.atan2(ring[next * 2 + 1]! - ring[edge * 2 + 1]!, ring[next * 2]! - ring[edge * 2]!) - Math.PI / 2
  }
  const turn = new Float64Array(count)
  for (let edge = 0; edge < count; edge += 1) {
    let angle = normal[edge]! - normal[(edge + count - 1) % count]!
    while (angle <= -Math.PI) angle += 2 * Math.PI
    while (angle > Math.PI) angle -= 2 * Math.PI
    turn[edge] = Math.abs(angle) < STRAIGHT ? 0 : angle
  }
  return { ring, count, normal, turn }
}

/** Appends what lies outward of edge `edge` around its start: the arc there, if the corner sticks out, and the edge's two shifted ends. */
function pushEdge({ ring, count, normal, turn }: Edges, edge: number, outer: Ring, radius: number, isFirst: boolean, quadrantSegments: number): void {
  const x = ring[edge * 2]!
  const y = ring[edge * 2 + 1]!
  const end = (edge + 1) % count
  const before = normal[(edge + count - 1) % count]!
  const angle = normal[edge]!
  if (turn[edge]! > 0) {
    if (isFirst) outer.push(x + radius * Math.cos(before), y + radius * Math.sin(before))
    pushArc(outer, x, y, radius, before, turn[edge]!, quadrantSegments)
  }
  if (isFirst || turn[edge]! > 0) outer.push(x + radius * Math.cos(angle), y + radius * Math.sin(angle))
  outer.push(ring[end * 2]! + radius * Math.cos(angle), ring[end * 2 + 1]! + radius * Math.sin(angle))
}

/** Strips along the outside of a ring: one for each run of edges that turns outward only. */
function strips(edges: Edges, radius: number, quadrantSegments: number): Ring[] {
  const { ring, count, turn } = edges
  const pieces: Ring[] = []
  let edge = 0
  while (edge < count) {
    const outer: Ring = []
    const inner: Ring = [ring[edge * 2]!, ring[edge * 2 + 1]!]
    let turned = Math.max(0, turn[edge]!)
    let isFirst = true
    do {
      pushEdge(edges, edge, outer, radius, isFirst, quadrantSegments)
      isFirst = false
      edge += 1
      inner.push(ring[(edge % count) * 2]!, ring[(edge % count) * 2 + 1]!)
      if (edge < count) turned += turn[edge]!
    } while (edge < count && turn[edge]! >= 0 && turned < LONGEST_TURN)
    for (let at = inner.length - 2; at >= 0; at -= 2) outer.push(inner[at]!, inner[at + 1]!)
    pieces.push(outer)
  }
  return pieces
}

/**
 * Pieces (polygons, each a list of rings) whose union is everything within `radius` metres of a geometry.
 * A convex polygon without holes and a point are one piece each.
 */
export function serviceAreaPieces(packed: PackedGeometries, geometry: number, radius: number, quadrantSegments = QUADRANT_SEGMENTS): Ring[][] {
  const { coordinates, partStart, partKind, geometryStart } = packed
  const pieces: Ring[][] = []
  const endPart = geometryStart[geometry + 1]!
  for (let part = geometryStart[geometry]!; part < endPart; part += 1) {
    const first = partStart[part]!
    const end = partStart[part + 1]!
    const kind = partKind[part]!
    if (kind === PART.point || end - first === 1) pieces.push([circle(coordinates[first * 2]!, coordinates[first * 2 + 1]!, radius, quadrantSegments)])
    else if (kind === PART.line) {
      for (let vertex = first + 1; vertex < end; vertex += 1) {
        pieces.push([capsule(coordinates[vertex * 2 - 2]!, coordinates[vertex * 2 - 1]!, coordinates[vertex * 2]!, coordinates[vertex * 2 + 1]!, radius, quadrantSegments)])
      }
    } else if (kind === PART.outer) {
      const rings = [orient(coordinates, first, end, false)]
      while (part + 1 < endPart && partKind[part + 1] === PART.hole) {
        part += 1
        rings.push(orient(coordinates, partStart[part]!, partStart[part + 1]!, true))
      }
      const edges = edgesOf(rings[0]!)
      if (rings.length === 1 && edges.turn.every((turn) => turn >= 0)) {
        const outer: Ring = []
        for (let edge = 0; edge < edges.count; edge += 1) pushEdge(edges, edge, outer, radius, edge === 0, quadrantSegments)
        pieces.push([outer])
        continue
      }
      pieces.push(rings)
      for (const ring of rings) for (const strip of strips(edgesOf(ring), radius, quadrantSegments)) pieces.push([strip])
    }
  }
  return pieces
}
