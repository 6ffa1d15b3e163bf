/** How the list of mends is ordered, and where a mend is looked at. Pure. */
import type { BoundingBox } from '../../server/contract/geojson.ts'
import type { Mend } from '../../server/contract/mends.ts'

export const MEND_ORDERS = ['worth', 'gain', 'turn'] as const
export type MendOrder = (typeof MEND_ORDERS)[number]

/** Mends by gain for their effort, by gain alone, or only those taken one after the other in their order. */
export function orderMends(mends: readonly Mend[], order: MendOrder): Mend[] {
  if (order === 'turn') return mends.filter(({ turn }) => turn !== null).sort((a, b) => a.turn!.number - b.turn!.number)
  return order === 'gain' ? [...mends].sort((a, b) => b.gain - a.gain || a.rank - b.rank) : [...mends]
}

/** Positions of a geometry, however deep they lie. */
function positionsOf(coordinates: readonly unknown[]): [number, number][] {
  if (typeof coordinates[0] === 'number') return [[Number(coordinates[0]), Number(coordinates[1])]]
  return coordinates.flatMap((one) => (Array.isArray(one) ? positionsOf(one) : []))
}

/** The box that holds a mend and the homes that it serves; null for nothing. */
export function boxOf(geometry: Mend['edit']['geometry'], homes: readonly (readonly [number, number])[]): BoundingBox | null {
  const all = [...positionsOf(geometry.coordinates), ...homes]
  if (all.length === 0) return null
  const [x, y] = [all.map(([longitude]) => longitude), all.map(([, latitude]) => latitude)]
  return [x.reduce((a, b) => Math.min(a, b)), y.reduce((a, b) => Math.min(a, b)), x.reduce((a, b) => Math.max(a, b)), y.reduce((a, b) => Math.max(a, b))]
}
