/** Cutting pieces out of parcels: corners for pocket parks and leftover plots, belts along fast roads and the railway. */
import { difference, featureCollection, polygon, union } from '@turf/turf'
import type { Feature, MultiPolygon, Polygon } from 'geojson'
import { shrink } from './inset.ts'
import type { Point, Ring } from './plane.ts'
import { clipByLine, cross, distance, isSimple, ringArea, signedArea, simplified } from './polygon.ts'
import type { Random } from './random.ts'

const polygonOf = (ring: Ring): Feature<Polygon> => polygon([[...ring, ring[0]!].map(([x, y]) => [x, y])])

/** One ring less another, on the plane: the pieces without holes, largest first. */
export function subtract(ring: Ring, piece: Ring): Ring[] {
  return outerRings(difference(featureCollection([polygonOf(ring), polygonOf(piece)])))
}

/** Rings that touch or overlap made one. */
export function merged(rings: readonly Ring[]): Ring[] {
  if (rings.length < 2) return [...rings]
  // A hand's breadth off each, so that corners that only touch do not meet again when coordinates are rounded.
  return outerRings(union(featureCollection(rings.map(polygonOf)))).map((ring) => shrink(ring, 0.1)).filter((ring) => ring !== null)
}

function outerRings(shape: Feature<Polygon | MultiPolygon> | null): Ring[] {
  if (!shape) return []
  const polygons = shape.geometry.type === 'Polygon' ? [shape.geometry.coordinates] : shape.geometry.coordinates
  return polygons
    .filter((rings) => rings.length === 1)
    .map(([outer]) => {
      const points = simplified(outer!.slice(0, -1).map(([x, y]) => [x!, y!] as const), 0.02)
      return signedArea(points) < 0 ? points.toReversed() : points
    })
    .filter((points) => points.length >= 3 && isSimple(points))
    .sort((a, b) => ringArea(b) - ringArea(a))
}

/** A corner of a parcel about `width` by `depth` metres, and what is left of the parcel; nothing when no corner suits. */
export function cutCorner(ring: Ring, width: number, depth: number, random: Random): { piece: Ring; rest: Ring } | undefined {
  const corners = random.shuffle(ring.map((_, index) => index)).filter((index) => isSquareCorner(ring, index, width))
  for (const index of corners.slice(0, 3)) {
    const here = ring[index]!
    const before = ring[(index + ring.length - 1) % ring.length]!
    const after = ring[(index + 1) % ring.length]!
    const piece = bandOf(bandOf(ring, here, after, depth), before, here, width)
    if (!piece || ringArea(piece) < width * depth * 0.6 || ringArea(piece) > width * depth * 1.5) continue
    const [rest, ...more] = subtract(ring, piece)
    if (rest && more.length === 0 && ringArea(rest) > ringArea(ring) * 0.5) return { piece, rest }
  }
  return undefined
}

/** The part of a ring within `deep` metres of the line through two of its points. */
function bandOf(ring: Ring | null, a: Point, b: Point, deep: number): Ring | null {
  if (!ring) return null
  const length = distance(a, b)
  const inwards: Point = [-(b[1] - a[1]) / length, (b[0] - a[0]) / length]
  return clipByLine(ring, [a[0] + inwards[0] * deep, a[1] + inwards[1] * deep], [-inwards[0], -inwards[1]])
}

function isSquareCorner(ring: Ring, index: number, width: number): boolean {
  const before = ring[(index + ring.length - 1) % ring.length]!
  const here = ring[index]!
  const after = ring[(index + 1) % ring.length]!
  const [one, two] = [distance(before, here), distance(here, after)]
  const sine = cross(before, here, after) / (one * two)
  return sine > 0.75 && one > width * 0.8 && two > width * 0.8
}
