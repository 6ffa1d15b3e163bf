/** Cutting faces of the map into smaller ones along lines that stand square to their borders, as streets do. */
import type { Mesh, Side, SideClass } from './mesh.ts'
import type { Line, Point } from './plane.ts'
import { between, boundingRectangle, boxOf, crossings, distance, perimeter, ringArea, segmentsCross, signedArea } from './polygon.ts'
import type { Random } from './random.ts'

export interface CutStyle {
  class: SideClass
  /** How far the cut may lie from the middle, as a share of the face's length. */
  wander: number
  /** How readily a cut goes on where a street already ends on the other side of the border, 0 to 1. */
  join: number
  /** Shortest side a cut may leave, metres. */
  shortest: number
}

interface End {
  from: number
  to: number
  share: number
  point: Point
  /** The point of the map it falls on, if it does. */
  existing?: number
}

/** Cuts a face until its pieces are about `target` m²; answers the pieces. Faces that cannot be cut well stay whole. */
export function subdivide(mesh: Mesh, face: number, target: number, style: CutStyle, random: Random): number[] {
  const open = [face]
  const done: number[] = []
  while (open.length > 0) {
    const next = open.pop()!
    const area = mesh.area(next)
    const other = area > target * random.between(1.25, 1.6) ? cutFace(mesh, next, style, random) : undefined
    if (other === undefined) done.push(next)
    else open.push(next, other)
  }
  return done
}

/** Cuts one face in two across its length; answers the new face, or nothing when no good cut was found. */
export function cutFace(mesh: Mesh, face: number, style: CutStyle, random: Random): number | undefined {
  const ring = mesh.ring(face)
  const rectangle = boundingRectangle(ring)
  const area = ringArea(ring)
  for (let attempt = 0; attempt < 24; attempt++) {
    // The first tries cut the long way in two; later ones wander further, the last lie along the length.
    const along = attempt % 12 < 9
    const axis: Point = along ? rectangle.axis : [-rectangle.axis[1], rectangle.axis[0]]
    const half = along ? rectangle.halfLength : rectangle.halfWidth
    const offset = random.between(-1, 1) * 2 * half * Math.min(0.24, style.wander + attempt * 0.02)
    const origin: Point = [rectangle.center[0] + axis[0] * offset, rectangle.center[1] + axis[1] * offset]
    const tilt = random.between(-1, 1) * style.wander * 0.6
    const direction: Point = [-axis[1] - axis[0] * tilt, axis[0] - axis[1] * tilt]
    const hits = crossings(ring, origin, direction)
    let best = -1
    for (let index = 0; index + 1 < hits.length; index += 2) {
      if (best < 0 || hits[index + 1]!.at - hits[index]!.at > hits[best + 1]!.at - hits[best]!.at) best = index
    }
    if (best < 0) continue
    const chord = hits[best + 1]!.at - hits[best]!.at
    const reach = Math.min(style.join * 0.28 * half, chord * 0.3, 90)
    const start = endAt(mesh, face, hits[best]!, style.shortest, random.chance(style.join) ? reach : 0)
    const end = endAt(mesh, face, hits[best + 1]!, style.shortest, random.chance(style.join) ? reach : 0)
    if (!start || !end || (start.existing !== undefined && start.existing === end.existing)) continue
    if (sharesSide(start, end)) continue
    const inner = bend(mesh, start, end)
    for (const line of inner.length > 0 ? [inner, []] : [[]]) {
      if (!isSound(mesh, face, start, end, line, area, attempt < 14 ? 0.26 : 0.16)) continue
      return apply(mesh, face, start, end, line, { class: style.class, line: mesh.newLine() })
    }
  }
  return undefined
}

/** Do both ends lie on one side of the border? */
function sharesSide(one: End, two: End): boolean {
  return [one.from, one.to].some((point) => point === two.from || point === two.to) && (one.existing === undefined || two.existing === undefined)
}

/** Where a cut meets the border: drawn to a street's end on the far side when one is near, else kept clear of corners. */
function endAt(mesh: Mesh, face: number, hit: { edge: number; share: number }, shortest: number, reach: number): End | undefined {
  const loop = mesh.loops[face]!
  const count = loop.length
  const [from, to] = [loop[hit.edge]!, loop[(hit.edge + 1) % count]!]
  const point = between(mesh.points[from]!, mesh.points[to]!, hit.share)
  let nearest: { index: number; length: number } | undefined
  for (const step of [1, -1]) {
    let length = 0
    let previous = point
    for (let walked = 0; walked < 6; walked++) {
      const index = (hit.edge + (step > 0 ? 1 + walked : -walked) + count * 2) % count
      const here = mesh.points[loop[index]!]!
      length += distance(previous, here)
      previous = here
      if (length > Math.max(reach, shortest)) break
      if (!isJunction(mesh, face, index)) continue
      if (!nearest || length < nearest.length) nearest = { index, length }
      break
    }
  }
  if (nearest) {
    const at = loop[nearest.index]!
    return isCorner(mesh, face, nearest.index) ? undefined : { from: at, to: at, share: 0, point: mesh.points[at]!, existing: at }
  }
  const length = distance(mesh.points[from]!, mesh.points[to]!)
  // A bend in the border close by serves as well as a new point.
  if (hit.share * length < 6) return isCorner(mesh, face, hit.edge) ? undefined : { from, to: from, share: 0, point: mesh.points[from]!, existing: from }
  if ((1 - hit.share) * length < 6) return isCorner(mesh, face, (hit.edge + 1) % count) ? undefined : { from: to, to, share: 0, point: mesh.points[to]!, existing: to }
  return { from, to, share: hit.share, point }
}

const isJunction = (mesh: Mesh, face: number, index: number): boolean => mesh.neighbours(mesh.loops[face]![index]!).length > 2

/** Does the border turn so sharply here that a street from this corner would leave a wedge? */
function isCorner(mesh: Mesh, face: number, index: number): boolean {
  const loop = mesh.loops[face]!
  const before = mesh.points[loop[(index + loop.length - 1) % loop.length]!]!
  const here = mesh.points[loop[index]!]!
  const after = mesh.points[loop[(index + 1) % loop.length]!]!
  const turn = Math.abs(angleBetween([here[0] - before[0], here[1] - before[1]], [after[0] - here[0], after[1] - here[1]]))
  return turn > 0.7
}

function angleBetween(a: Point, b: Point): number {
  return Math.atan2(a[0] * b[1] - a[1] * b[0], a[0] * b[0] + a[1] * b[1])
}

/** Inward direction of the border at an end. */
function inward(mesh: Mesh, end: End): Point | undefined {
  if (end.existing !== undefined) return undefined
  const [a, b] = [mesh.points[end.from]!, mesh.points[end.to]!]
  const length = distance(a, b)
  return [-(b[1] - a[1]) / length, (b[0] - a[0]) / length]
}

/** A gentle curve that leaves both borders as squarely as its length allows; empty when a straight line does. */
function bend(mesh: Mesh, start: End, end: End): Line {
  const chord = distance(start.point, end.point)
  if (chord < 90) return []
  const straight: Point = [(end.point[0] - start.point[0]) / chord, (end.point[1] - start.point[1]) / chord]
  const tangent = (wanted: Point | undefined, sign: number): Point => {
    if (!wanted) return [straight[0] * sign, straight[1] * sign]
    const forward: Point = [straight[0] * sign, straight[1] * sign]
    const turn = Math.max(-0.45, Math.min(0.45, angleBetween(forward, wanted)))
    return [forward[0] * Math.cos(turn) - forward[1] * Math.sin(turn), forward[0] * Math.sin(turn) + forward[1] * Math.cos(turn)]
  }
  const out = tangent(inward(mesh, start), 1)
  const back = tangent(inward(mesh, end), -1)
  const pull = chord * 0.33
  const [p1, p2]: [Point, Point] = [
    [start.point[0] + out[0] * pull, start.point[1] + out[1] * pull],
    [end.point[0] + back[0] * pull, end.point[1] + back[1] * pull],
  ]
  const parts = Math.max(3, Math.round(chord / 60))
  const line: Point[] = []
  let furthest = 0
  for (let part = 1; part < parts; part++) {
    const t = part / parts
    const at = (axis: 0 | 1): number => (1 - t) ** 3 * start.point[axis] + 3 * (1 - t) ** 2 * t * p1[axis] + 3 * (1 - t) * t ** 2 * p2[axis] + t ** 3 * end.point[axis]
    const point: Point = [at(0), at(1)]
    furthest = Math.max(furthest, Math.abs((point[0] - start.point[0]) * straight[1] - (point[1] - start.point[1]) * straight[0]))
    line.push(point)
  }
  return furthest < Math.max(4, chord * 0.012) ? [] : line
}

function isSound(mesh: Mesh, face: number, start: End, end: End, inner: Line, area: number, least: number): boolean {
  const ring = mesh.ring(face)
  const loop = mesh.loops[face]!
  const way = [start.point, ...inner, end.point]
  const box = boxOf(way)
  for (let index = 0; index < ring.length; index++) {
    const [a, b] = [ring[index]!, ring[(index + 1) % ring.length]!]
    if (Math.max(a[0], b[0]) < box.minX || Math.min(a[0], b[0]) > box.maxX || Math.max(a[1], b[1]) < box.minY || Math.min(a[1], b[1]) > box.maxY) continue
    const touchesStart = touches(loop, index, start)
    const touchesEnd = touches(loop, index, end)
    for (let step = 1; step < way.length; step++) {
      if ((touchesStart && step === 1) || (touchesEnd && step === way.length - 1)) continue
      if (segmentsCross(way[step - 1]!, way[step]!, a, b)) return false
    }
    // Streets that meet at a narrow angle leave slivers of land.
    if (touchesStart && narrow(start.point, way[1]!, a, b)) return false
    if (touchesEnd && narrow(end.point, way.at(-2)!, a, b)) return false
  }
  return piecesAreSound(ring, loop, start, end, inner, area, least)
}

function touches(loop: readonly number[], index: number, end: End): boolean {
  const [a, b] = [loop[index]!, loop[(index + 1) % loop.length]!]
  return end.existing !== undefined ? a === end.existing || b === end.existing : a === end.from && b === end.to
}

function narrow(at: Point, way: Point, a: Point, b: Point): boolean {
  const out: Point = [way[0] - at[0], way[1] - at[1]]
  return [a, b].some((point) => distance(point, at) > 0.5 && Math.abs(angleBetween(out, [point[0] - at[0], point[1] - at[1]])) < 0.78)
}

function piecesAreSound(ring: Line, loop: readonly number[], start: End, end: End, inner: Line, area: number, least: number): boolean {
  const place = (cut: End): number => loop.indexOf(cut.existing ?? cut.from)
  const walk = (from: End, to: End): Point[] => {
    const points: Point[] = [from.point]
    let index = (place(from) + 1) % ring.length
    const last = place(to)
    for (let guard = 0; guard <= ring.length; guard++) {
      if (to.existing !== undefined && index === last) break
      points.push(ring[index]!)
      if (to.existing === undefined && index === last) break
      index = (index + 1) % ring.length
    }
    return [...points, to.point]
  }
  // A long strip may be cut into pieces that are still long, as long as they are less so.
  const enough = Math.min(0.34, ((4 * Math.PI * area) / perimeter(ring) ** 2) * 1.03) * (least < 0.2 ? 0.42 : 1)
  const one = [...walk(start, end), ...inner.toReversed()]
  const two = [...walk(end, start), ...inner]
  return [one, two].every((piece) => {
    const size = signedArea(piece)
    return size > area * least && size < area * (1 - least) && (4 * Math.PI * size) / perimeter(piece) ** 2 > enough
  })
}

function apply(mesh: Mesh, face: number, start: End, end: End, inner: Line, side: Side): number {
  const first = start.existing ?? mesh.splitSide(start.from, start.to, start.share)
  const second = end.existing ?? mesh.splitSide(end.from, end.to, end.share)
  return mesh.splitFace(face, first, second, inner, side)
}
