/** What lies beside points and lines in the plane. */
import Flatbush from 'flatbush'
import { EdgeIndex } from '../network/edge-index.ts'
import { boundsOfLine } from '../packed-geometry.ts'

/** Index of points given as x, y interleaved; at least one. */
export function indexOfPoints(points: Float64Array): Flatbush {
  const index = new Flatbush(points.length / 2)
  for (let at = 0; at < points.length; at += 2) index.add(points[at]!, points[at + 1]!, points[at]!, points[at + 1]!)
  index.finish()
  return index
}

/** Index of one line, x, y interleaved. */
export function indexOfLine(line: readonly number[], isMain: boolean): EdgeIndex {
  return new EdgeIndex({ coordinates: Float64Array.from(line), vertexStart: Uint32Array.of(0, line.length / 2) }, Uint8Array.of(isMain ? 1 : 0))
}

/** Smallest x, smallest y, greatest x, greatest y of a line with a margin around it. */
export function boxAround(line: readonly number[], margin: number): [number, number, number, number] {
  const [minX, minY, maxX, maxY] = boundsOfLine(line)
  return [minX - margin, minY - margin, maxX + margin, maxY + margin]
}
