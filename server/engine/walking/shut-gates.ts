/** Gates that are shut for a trial, each named by where it is: a gate that is found anew at every question has no other name. */

/** Paths that meet on a boundary make a gate each, at one place. */
const ONE_PLACE_METERS = 1

export interface ShapeGates {
  /** x, y interleaved. */
  gates: Float64Array
  /** 1 for gates that are the facility itself, stored as a point. */
  isPoint: Uint8Array
}

/** Gates by number that are left once the one nearest to each place, with those beside it, is shut; a place farther than the tolerance from all of them names none. */
export function gatesLeft(gates: Float64Array, shut: readonly (readonly [number, number])[], toleranceMeters: number): number[] {
  const distance = (gate: number, [x, y]: readonly [number, number]) => Math.hypot(gates[gate * 2]! - x, gates[gate * 2 + 1]! - y)
  const all = Array.from({ length: gates.length / 2 }, (_value, gate) => gate)
  const gone = new Set(
    shut.flatMap((place) => {
      const nearest = Math.min(...all.map((gate) => distance(gate, place)))
      return nearest <= toleranceMeters ? all.filter((gate) => distance(gate, place) <= nearest + ONE_PLACE_METERS) : []
    }),
  )
  return gone.size === 0 ? all : all.filter((gate) => !gone.has(gate))
}

/** The same gates without those that are shut. */
export function withoutShut(of: ShapeGates, shut: readonly (readonly [number, number])[], toleranceMeters: number): ShapeGates {
  if (shut.length === 0) return of
  const left = gatesLeft(of.gates, shut, toleranceMeters)
  return { gates: Float64Array.from(left.flatMap((gate) => [of.gates[gate * 2]!, of.gates[gate * 2 + 1]!])), isPoint: Uint8Array.from(left, (gate) => of.isPoint[gate]!) }
}
