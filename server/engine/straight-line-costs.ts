import Flatbush from 'flatbush'
import { distanceToGeometry } from './distance.ts'
import { boundsOf, countOf, type PackedGeometries } from './packed-geometry.ts'
import { type SparseCosts, TooManyPairsError } from './sparse-costs.ts'

/**
 * Straight-line costs in metres from demand points to the facilities within (≤) a distance: from the boundary of a polygon, 0 inside it.
 * Exact, and the same whatever the order in which facilities are found.
 * @param points x, y interleaved, metres in a plane
 * @param facilities in the same plane; points through `packPoints`
 * @param within metres
 * @throws TooManyPairsError where more than `maxPairs` pairs are within the distance
 */
export function straightLineCosts(points: Float64Array, facilities: PackedGeometries, within: number, maxPairs = Infinity): SparseCosts {
  if (!(within >= 0 && within < Infinity)) throw new RangeError(`a distance of ${within}: zero or more is due`)
  const rowCount = points.length / 2
  const columnCount = countOf(facilities)
  const start = new Uint32Array(rowCount + 1)
  const column: number[] = []
  const value: number[] = []
  const boxes = Array.from({ length: columnCount }, (_value, facility) => boundsOf(facilities, facility))
  // An empty geometry has an endless box and is nowhere.
  const present = [...boxes.keys()].filter((facility) => boxes[facility]!.every(Number.isFinite))
  if (present.length > 0) {
    const index = new Flatbush(present.length)
    for (const facility of present) index.add(...boxes[facility]!)
    index.finish()
    // A hair wider, so that rounding of a box cannot lose a facility that is exactly at the distance.
    const reach = within * (1 + 1e-12) + 1e-9
    for (let row = 0; row < rowCount; row += 1) {
      const x = points[row * 2]!
      const y = points[row * 2 + 1]!
      const found = index.search(x - reach, y - reach, x + reach, y + reach).sort((a, b) => a - b)
      for (const entry of found) {
        const distance = distanceToGeometry(facilities, present[entry]!, x, y)
        if (distance > within) continue
        column.push(present[entry]!)
        value.push(distance)
      }
      if (column.length > maxPairs) throw new TooManyPairsError(`more than ${maxPairs} pairs of demand and supply are within ${within} m`)
      start[row + 1] = column.length
    }
  }
  return { rowCount, columnCount, start, column: Uint32Array.from(column), value: Float64Array.from(value) }
}
