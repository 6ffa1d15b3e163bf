/** What lies beside points and lines in the plane. */
import Flatbush from 'flatbush'
import { EdgeIndex, type Snap } from '../network/edge-index.ts'

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
  const [xs, ys] = [line.filter((_value, at) => at % 2 === 0), line.filter((_value, at) => at % 2 === 1)]
  return [Math.min(...xs) - margin, Math.min(...ys) - margin, Math.max(...xs) + margin, Math.max(...ys) + margin]
}

/** The network proper before a scrap, then the nearer; the older of equally near ones. */
export function isNearer(snap: Snap, stands: Snap): boolean {
  return snap.isScrap === stands.isScrap ? snap.distance < stands.distance : stands.isScrap
}
