/** Moving the sides of a ring inwards, each by its own distance: from a block between centre lines to the land behind the kerb. */
import type { Point, Ring } from './plane.ts'
import { distance, isSimple, signedArea } from './polygon.ts'

interface Side {
  a: Point
  b: Point
  /** Unit vector of the side, and how far it moves to its left. */
  ux: number
  uy: number
  inwards: number
}

function corner(before: Side, after: Side): Point[] {
  const pa: Point = [before.b[0] - before.uy * before.inwards, before.b[1] + before.ux * before.inwards]
  const pb: Point = [after.a[0] - after.uy * after.inwards, after.a[1] + after.ux * after.inwards]
  const turn = before.ux * after.uy - before.uy * after.ux
  const isSame = Math.abs(before.inwards - after.inwards) < 0.01
  if (Math.abs(turn) < (isSame ? 0.001 : 0.08)) return distance(pa, pb) < 0.2 ? [pb] : [pa, pb]
  const along = ((pb[0] - pa[0]) * after.uy - (pb[1] - pa[1]) * after.ux) / turn
  const meeting: Point = [pa[0] + before.ux * along, pa[1] + before.uy * along]
  const reach = distance(meeting, before.b)
  return reach > 5 * Math.max(before.inwards, after.inwards, 1) ? [pa, pb] : [meeting]
}

/**
 * The ring with side i (from point i to point i + 1) moved inwards by `distances[i]` metres.
 * Sides that vanish on the way are dropped. Null when nothing sound is left.
 */
export function insetRing(ring: Ring, distances: readonly number[]): Ring | null {
  let sides: Side[] = []
  for (let index = 0; index < ring.length; index++) {
    const a = ring[index]!
    const b = ring[(index + 1) % ring.length]!
    const length = distance(a, b)
    if (length < 0.5) continue
    const side = { a, b, ux: (b[0] - a[0]) / length, uy: (b[1] - a[1]) / length, inwards: distances[index] ?? 0 }
    const last = sides.at(-1)
    // Straight on with the same width: one side, so that a junction on the far side leaves no mark on this one.
    if (last && Math.abs(last.inwards - side.inwards) < 0.01 && last.ux * side.ux + last.uy * side.uy > 0.99995) last.b = b
    else sides.push(side)
  }
  for (let round = 0; round < 12 && sides.length >= 3; round++) {
    const corners = sides.map((side, index) => corner(sides[(index + sides.length - 1) % sides.length]!, side))
    const backwards = sides.map((side, index) => {
      const from = corners[index]!.at(-1)!
      const to = corners[(index + 1) % sides.length]![0]!
      return (to[0] - from[0]) * side.ux + (to[1] - from[1]) * side.uy < 0
    })
    if (!backwards.includes(true)) {
      const result = corners.flat()
      const before = signedArea(ring)
      const after = signedArea(result)
      return after > 0 && after < before && isSimple(result) ? result : null
    }
    sides = sides.filter((_, index) => !backwards[index])
  }
  return null
}

/** The ring moved inwards by the same distance on every side. */
export function shrink(ring: Ring, by: number): Ring | null {
  return insetRing(ring, ring.map(() => by))
}
