/** What can be said of parcels without cutting them: wholly served, wholly unserved, wholly in one unit. Only the rest has to be cut. */
import { containsPoint } from './distance.ts'
import type { ServiceIndex } from './membership.ts'
import { NearestIndex } from './nearest-index.ts'
import { boundsOf, countOf, type PackedGeometries } from './packed-geometry.ts'

export const SERVED = { no: 0, yes: 1, partly: 2 } as const

/** SERVED for each parcel, from its middle and the circle around it: never wrong, `partly` where that does not settle it. */
export function classifyParcels(parcels: PackedGeometries, service: ServiceIndex): Uint8Array {
  const classes = new Uint8Array(countOf(parcels))
  for (let parcel = 0; parcel < classes.length; parcel += 1) {
    const [minX, minY, maxX, maxY] = boundsOf(parcels, parcel)
    if (minX > maxX) continue
    const x = (minX + maxX) / 2
    const y = (minY + maxY) / 2
    let reachSquared = 0
    const first = parcels.partStart[parcels.geometryStart[parcel]!]!
    const end = parcels.partStart[parcels.geometryStart[parcel + 1]!]!
    for (let vertex = first; vertex < end; vertex += 1) {
      const dx = parcels.coordinates[vertex * 2]! - x
      const dy = parcels.coordinates[vertex * 2 + 1]! - y
      reachSquared = Math.max(reachSquared, dx * dx + dy * dy)
    }
    const reach = Math.sqrt(reachSquared)
    const clearance = service.clearance(x, y)
    if (clearance + reach <= 0) classes[parcel] = SERVED.yes
    else if (clearance - reach > 0) classes[parcel] = SERVED.no
    else classes[parcel] = SERVED.partly
  }
  return classes
}

/** In no unit. */
export const NOWHERE = -1
/** Reaches over a border: has to be cut. */
export const DIVIDED = -2

export interface Attribution {
  /** Index of the unit that holds the whole parcel, NOWHERE or DIVIDED. */
  owner: Int32Array
  /** For each divided parcel, the units it may reach into. */
  pairs: { parcel: number; unit: number }[]
}

function crosses(ax: number, ay: number, bx: number, by: number, cx: number, cy: number, dx: number, dy: number): boolean {
  const side = (px: number, py: number, qx: number, qy: number, rx: number, ry: number) => (qx - px) * (ry - py) - (qy - py) * (rx - px)
  const one = side(ax, ay, bx, by, cx, cy)
  const two = side(ax, ay, bx, by, dx, dy)
  const three = side(cx, cy, dx, dy, ax, ay)
  const four = side(cx, cy, dx, dy, bx, by)
  return (one >= 0 && two <= 0 || one <= 0 && two >= 0) && (three >= 0 && four <= 0 || three <= 0 && four >= 0)
}

/** Finds the unit of every parcel that lies in one, and names the candidates of those that a border touches. */
export function attributeParcels(parcels: PackedGeometries, units: PackedGeometries): Attribution {
  const index = new NearestIndex(units, Array.from({ length: countOf(units) }, (_value, unit) => unit))
  const owner = new Int32Array(countOf(parcels)).fill(NOWHERE)
  const pairs: Attribution['pairs'] = []
  for (let parcel = 0; parcel < owner.length; parcel += 1) {
    const bounds = boundsOf(parcels, parcel)
    if (bounds[0] > bounds[2]) continue
    if (!index.segmentsIn(bounds).some((border) => isTouched(parcels, parcel, border))) {
      const vertex = parcels.partStart[parcels.geometryStart[parcel]!]! * 2
      owner[parcel] = index.containing(parcels.coordinates[vertex]!, parcels.coordinates[vertex + 1]!)
      continue
    }
    owner[parcel] = DIVIDED
    for (const unit of index.polygonsNear(...bounds)) pairs.push({ parcel, unit })
  }
  return { owner, pairs }
}

/** Whether a border segment meets the edge of a parcel or runs inside it. */
function isTouched(parcels: PackedGeometries, parcel: number, [ax, ay, bx, by]: [number, number, number, number]): boolean {
  const { coordinates, partStart, geometryStart } = parcels
  for (let part = geometryStart[parcel]!; part < geometryStart[parcel + 1]!; part += 1) {
    for (let vertex = partStart[part]! + 1; vertex < partStart[part + 1]!; vertex += 1) {
      if (crosses(ax, ay, bx, by, coordinates[vertex * 2 - 2]!, coordinates[vertex * 2 - 1]!, coordinates[vertex * 2]!, coordinates[vertex * 2 + 1]!)) return true
    }
  }
  return containsPoint(parcels, parcel, ax, ay)
}
