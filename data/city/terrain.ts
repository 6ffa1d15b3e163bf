/** Hills round the city: a field of heights, level by level drawn as polygons. */
import type { Plan } from './plan.ts'
import type { Point, Ring } from './plane.ts'
import { boxOf, contains, distance, ringArea, signedArea } from './polygon.ts'
import type { Random } from './random.ts'

export interface Hill {
  level: 1 | 2 | 3 | 4
  polygons: Ring[][]
  areaM2: number
}

const STEP = 160
/** Height shares at which a level begins. */
const LEVELS = [0.3, 0.44, 0.58, 0.72] as const
const HILL_LEAST_M2 = 60_000

/** Smooth noise in [0, 1] from random values on a square lattice. */
function noise(random: Random, cell: number): (x: number, y: number) => number {
  const size = 64
  const values = Array.from({ length: size * size }, () => random.next())
  const at = (column: number, row: number): number => values[(((row % size) + size) % size) * size + (((column % size) + size) % size)]!
  const ease = (t: number): number => t * t * t * (t * (t * 6 - 15) + 10)
  return (x, y) => {
    const [column, row] = [Math.floor(x / cell), Math.floor(y / cell)]
    const [u, v] = [ease(x / cell - column), ease(y / cell - row)]
    const low = at(column, row) * (1 - u) + at(column + 1, row) * u
    const high = at(column, row + 1) * (1 - u) + at(column + 1, row + 1) * u
    return low * (1 - v) + high * v
  }
}

/** Metres that the ground rises over the plain at most, inside the built-up area. */
const ROLLING_METERS = 46

/** Height of the ground above the river, metres: rolling land that flattens towards the water. */
export function rollGround(plan: Plan, random: Random): (point: Point) => number {
  const swells = [2600, 900].map((size) => noise(random, size * Math.max(plan.factor, 0.4)))
  return (point) => {
    const bank = Math.min(1, riverDistance(plan, point) / plan.factor / 1800)
    return ROLLING_METERS * bank * (0.7 * swells[0]!(...point) + 0.3 * swells[1]!(...point))
  }
}

export function raiseHills(plan: Plan, random: Random): Hill[] {
  const step = STEP * (plan.scale === 'full' ? 1 : 0.5)
  const layers = [3400, 1500, 640].map((size) => noise(random, size * Math.max(plan.factor, 0.4)))
  const box = boxOf(plan.city)
  const columns = Math.ceil((box.maxX - box.minX) / step) + 3
  const rows = Math.ceil((box.maxY - box.minY) / step) + 3
  const at = (column: number, row: number): Point => [box.minX + (column - 1) * step, box.minY + (row - 1) * step]
  const rise = (value: number, from: number, to: number): number => Math.max(0, Math.min(1, (value - from) / (to - from)))
  const heights = new Float64Array(columns * rows)
  for (let row = 1; row < rows - 1; row++) {
    for (let column = 1; column < columns - 1; column++) {
      const point = at(column, row)
      const outside = distanceOutside(plan, point) / plan.factor
      const river = riverDistance(plan, point) / plan.factor
      const shape = layers[0]!(...point) * 0.62 + layers[1]!(...point) * 0.27 + layers[2]!(...point) * 0.11
      // The plain widens to the south-east, the mountains stand in the north and west.
      const side = 0.8 + 0.3 * rise(point[1] - point[0] * 0.6, -4000 * plan.factor, 7000 * plan.factor)
      // Heights fall away towards the city's border, beyond which nothing is drawn.
      const border = distanceInside(plan, point) / plan.factor
      heights[row * columns + column] = shape * side * rise(border, 100, 1300) ** 0.4 * rise(outside, 250, 2600) ** 0.5 * rise(river, 350, 1900) ** 0.6
    }
  }
  return LEVELS.map((threshold, index): Hill => {
    const rings = contours(heights, columns, rows, threshold).map((ring) => ring.map(([x, y]): Point => [box.minX + (x - 1) * step, box.minY + (y - 1) * step]))
    const polygons = nest(rings.filter((ring) => ringArea(ring) > HILL_LEAST_M2 * plan.factor ** 2))
    return { level: (index + 1) as Hill['level'], polygons, areaM2: polygons.flat().reduce((sum, ring) => sum + signedArea(ring), 0) }
  }).filter((hill) => hill.polygons.length > 0)
}

function distanceInside(plan: Plan, point: Point): number {
  if (!contains(plan.city, point)) return 0
  return Math.min(...plan.city.map((corner) => distance(corner, point)))
}

function distanceOutside(plan: Plan, point: Point): number {
  if (contains(plan.builtUp, point)) return 0
  return Math.min(...plan.builtUp.filter((_, index) => index % 4 === 0).map((corner) => distance(corner, point)))
}

function riverDistance(plan: Plan, point: Point): number {
  let least = Infinity
  for (let index = 0; index < plan.riverLine.length; index += 3) least = Math.min(least, distance(plan.riverLine[index]!, point))
  return least
}

/** Rings along which the field equals the threshold, higher ground to the left (marching squares). */
function contours(heights: Float64Array, columns: number, rows: number, threshold: number): Ring[] {
  const next = new Map<string, string>()
  const places = new Map<string, Point>()
  const value = (column: number, row: number): number => heights[row * columns + column]!
  const cut = (column: number, row: number, vertical: boolean): string => {
    const code = `${column},${row},${vertical ? 1 : 0}`
    if (!places.has(code)) {
      const [a, b] = [value(column, row), vertical ? value(column, row + 1) : value(column + 1, row)]
      const share = (threshold - a) / (b - a)
      places.set(code, vertical ? [column, row + share] : [column + share, row])
    }
    return code
  }
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const corners = [value(column, row), value(column + 1, row), value(column + 1, row + 1), value(column, row + 1)].map((height) => height >= threshold)
      const sides = [() => cut(column, row, false), () => cut(column + 1, row, true), () => cut(column, row + 1, false), () => cut(column, row, true)]
      // Walking round the square, a way goes from where the ground falls below the threshold to where it rises again.
      for (let side = 0; side < 4; side++) {
        if (!corners[side] || corners[(side + 1) % 4]) continue
        let back = (side + 3) % 4
        while (corners[back] === corners[(back + 1) % 4]) back = (back + 3) % 4
        next.set(sides[side]!(), sides[back]!())
      }
    }
  }
  const rings: Ring[] = []
  while (next.size > 0) {
    const [start] = next.keys()
    const ring: Point[] = []
    let here: string | undefined = start
    while (here !== undefined && next.has(here)) {
      ring.push(places.get(here)!)
      const following: string = next.get(here)!
      next.delete(here)
      here = following
    }
    if (ring.length > 3) rings.push(ring)
  }
  return rings
}

function nest(rings: readonly Ring[]): Ring[][] {
  const outer = rings.filter((ring) => signedArea(ring) > 0).map((ring): Ring[] => [ring])
  for (const hole of rings.filter((ring) => signedArea(ring) < 0)) {
    const around = outer.filter(([ring]) => contains(ring!, hole[0]!)).sort(([a], [b]) => ringArea(a!) - ringArea(b!))[0]
    around?.push(hole)
  }
  return outer
}
