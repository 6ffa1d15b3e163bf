/**
 * GCJ-02 and BD-09, the shifted coordinates of public Chinese maps. Neither is a datum: they are undone here, at the door, and never stored.
 * Forward formulas from gcoord; the way back is iterated, since the usual one-step inverse is off by up to 4.5 m.
 */
import gcoord from 'gcoord'

export type Shift = 'gcj02' | 'bd09'
type Coordinates = [number, number]

/** Degrees; 1e-9° is a tenth of a millimetre, far below the 0.01 m that is asked for. */
const CLOSE_ENOUGH = 1e-9
const MAXIMUM_STEPS = 20

const FORWARD: Record<Shift, (point: Coordinates) => Coordinates> = {
  gcj02: (point) => gcoord.transform([...point] as Coordinates, gcoord.WGS84, gcoord.GCJ02) as Coordinates,
  bd09: (point) => gcoord.transform(FORWARD.gcj02(point), gcoord.GCJ02, gcoord.BD09) as Coordinates,
}

/** WGS 84 → GCJ-02 or BD-09, for tests and suspicion only. */
export function shift(point: Coordinates, to: Shift): Coordinates {
  return FORWARD[to](point)
}

/**
 * GCJ-02 or BD-09 → WGS 84: starts at the shifted point and corrects by what the forward shift misses, until nothing is missing.
 * Within 0.0002 m of the true inverse inside the box where GCJ-02 is defined; outside it GCJ-02 shifts nothing.
 */
export function unshift(point: Coordinates, from: Shift): Coordinates {
  let guess: Coordinates = [point[0], point[1]]
  for (let step = 0; step < MAXIMUM_STEPS; step++) {
    const there = FORWARD[from](guess)
    const missing: Coordinates = [point[0] - there[0], point[1] - there[1]]
    guess = [guess[0] + missing[0], guess[1] + missing[1]]
    if (Math.abs(missing[0]) < CLOSE_ENOUGH && Math.abs(missing[1]) < CLOSE_ENOUGH) break
  }
  return guess
}
