/** Buildings on their parcels: slabs in rows that face south, towers, courtyard houses, halls and offices. */
import type { Fabric } from './fabric.ts'
import { shrink } from './inset.ts'
import type { Parcel, Purpose } from './parcels.ts'
import type { Point, Ring } from './plane.ts'
import { boundingRectangle, crossings, interiorPoint, rectangleAlong, ringArea, ringContains } from './polygon.ts'
import type { Random } from './random.ts'
import type { Zone } from './zones.ts'

export type BuildingClass = 'residential' | 'commercial' | 'office' | 'public' | 'school' | 'hospital' | 'industrial' | 'warehouse' | 'utility' | 'station'

export interface Building {
  cell: number
  class: BuildingClass
  ring: Ring
  middle: Point
  floors: number
  heightMeters: number
  areaM2: number
}

/** Two points of the straight way between two rows of buildings: free of buildings from end to end of the parcel. */
export type Lane = readonly [Point, Point]

interface Pattern {
  class: BuildingClass
  /** Distance kept from the parcel's border, metres. */
  setback: number
  depth: readonly [number, number]
  length: readonly [number, number]
  floors: (random: Random) => number
  storey: number
  /** Clear distance between rows and between buildings of a row, metres. */
  rowGap: (height: number) => number
  sideGap: number
  /** Rows lie east-west, as homes do that face south; else along the parcel. */
  facesSouth: boolean
  /** Share of places left empty. */
  empty: number
}

const PATTERNS: Partial<Record<Purpose, Pattern>> = {
  towers: { class: 'residential', setback: 8, depth: [15, 19], length: [28, 46], floors: (random) => random.weighted([[random.integer(9, 12), 24], [random.integer(16, 20), 34], [random.integer(24, 33), 42]]), storey: 2.95, rowGap: (height) => Math.min(46, Math.max(26, height * 0.55)), sideGap: 15, facesSouth: true, empty: 0.03 },
  slabs: { class: 'residential', setback: 5, depth: [11.5, 13.5], length: [34, 60], floors: (random) => random.weighted([[6, 62], [7, 18], [5, 10], [11, 10]]), storey: 2.9, rowGap: (height) => Math.max(14, height * 0.82), sideGap: 8, facesSouth: true, empty: 0.03 },
  works_housing: { class: 'residential', setback: 4, depth: [10.5, 12], length: [38, 64], floors: (random) => random.weighted([[3, 20], [4, 25], [5, 35], [6, 20]]), storey: 2.8, rowGap: (height) => Math.max(12, height * 0.85), sideGap: 7, facesSouth: true, empty: 0.06 },
  old_houses: { class: 'residential', setback: 1.5, depth: [10, 15], length: [12, 21], floors: (random) => random.weighted([[1, 46], [2, 38], [3, 16]]), storey: 3.3, rowGap: () => 5, sideGap: 2.5, facesSouth: true, empty: 0.02 },
  village: { class: 'residential', setback: 2, depth: [11, 14], length: [11, 22], floors: (random) => random.integer(2, 5), storey: 3.1, rowGap: () => 7, sideGap: 5, facesSouth: true, empty: 0.12 },
  villas: { class: 'residential', setback: 6, depth: [11, 14], length: [13, 22], floors: (random) => random.integer(2, 3), storey: 3.2, rowGap: () => 17, sideGap: 11, facesSouth: true, empty: 0.15 },
  shops: { class: 'commercial', setback: 3, depth: [15, 22], length: [26, 52], floors: (random) => random.integer(2, 5), storey: 4, rowGap: () => 14, sideGap: 6, facesSouth: false, empty: 0.06 },
  offices: { class: 'office', setback: 8, depth: [26, 38], length: [30, 50], floors: (random) => random.integer(7, 18), storey: 3.9, rowGap: () => 24, sideGap: 20, facesSouth: false, empty: 0.18 },
  mall: { class: 'commercial', setback: 9, depth: [46, 70], length: [60, 110], floors: (random) => random.integer(4, 7), storey: 5, rowGap: () => 24, sideGap: 22, facesSouth: false, empty: 0 },
  school_primary: { class: 'school', setback: 8, depth: [13, 16], length: [44, 62], floors: (random) => random.integer(4, 5), storey: 3.7, rowGap: () => 26, sideGap: 18, facesSouth: true, empty: 0.42 },
  school_middle: { class: 'school', setback: 9, depth: [14, 18], length: [50, 72], floors: (random) => random.integer(5, 6), storey: 3.8, rowGap: () => 28, sideGap: 18, facesSouth: true, empty: 0.4 },
  university: { class: 'school', setback: 10, depth: [17, 26], length: [54, 84], floors: (random) => random.integer(4, 9), storey: 3.8, rowGap: () => 36, sideGap: 26, facesSouth: true, empty: 0.24 },
  hospital: { class: 'hospital', setback: 10, depth: [20, 26], length: [56, 80], floors: (random) => random.integer(7, 19), storey: 3.9, rowGap: () => 26, sideGap: 20, facesSouth: true, empty: 0.2 },
  government: { class: 'public', setback: 12, depth: [17, 24], length: [48, 78], floors: (random) => random.integer(5, 12), storey: 3.8, rowGap: () => 34, sideGap: 20, facesSouth: true, empty: 0.3 },
  culture: { class: 'public', setback: 12, depth: [38, 60], length: [50, 84], floors: (random) => random.integer(3, 5), storey: 5, rowGap: () => 32, sideGap: 26, facesSouth: false, empty: 0.2 },
  factory: { class: 'industrial', setback: 8, depth: [30, 52], length: [60, 120], floors: (random) => random.weighted([[1, 72], [2, 18], [4, 10]]), storey: 8.4, rowGap: () => 15, sideGap: 13, facesSouth: false, empty: 0.1 },
  warehouse: { class: 'warehouse', setback: 10, depth: [42, 62], length: [80, 150], floors: () => 1, storey: 11, rowGap: () => 24, sideGap: 18, facesSouth: false, empty: 0.08 },
  utility: { class: 'utility', setback: 8, depth: [14, 22], length: [20, 40], floors: (random) => random.integer(1, 3), storey: 4.5, rowGap: () => 20, sideGap: 18, facesSouth: false, empty: 0.45 },
}

/** Puts buildings on every parcel; answers them with the free way through each built cell. */
export function raiseBuildings(fabric: Fabric, parcels: readonly Parcel[], random: Random): { buildings: Building[]; lanes: Map<number, Lane[]> } {
  const buildings: Building[] = []
  const lanes = new Map<number, Lane[]>()
  for (const parcel of parcels) {
    const cell = fabric.cells[parcel.cell]!
    const pattern = patternOf(parcel.purpose, cell.zone)
    if (!pattern || !parcel.rest) continue
    const land = shrink(parcel.rest, pattern.setback) ?? shrink(parcel.rest, 2)
    if (!land || ringArea(land) < 120) continue
    const placed = placeRows(land, pattern, random)
    if (placed.lanes.length > 0) lanes.set(parcel.cell, placed.lanes)
    for (const { ring, floors } of placed.buildings) {
      buildings.push({ cell: parcel.cell, class: pattern.class, ring, middle: interiorPoint(ring), floors, heightMeters: Math.round(floors * pattern.storey * 10) / 10, areaM2: ringArea(ring) })
    }
  }
  return { buildings, lanes }
}

function patternOf(purpose: Purpose, zone: Zone): Pattern | undefined {
  const pattern = PATTERNS[purpose]
  if (!pattern || zone !== 'cbd') return pattern
  // The business district rises above the rest of the city.
  if (purpose === 'offices') return { ...pattern, depth: [32, 42], length: [34, 52], floors: (random) => random.weighted([[random.integer(18, 26), 50], [random.integer(27, 38), 34], [random.integer(39, 50), 16]]), empty: 0.1 }
  return pattern
}

/** The axis rows follow: the parcel's own side that lies nearest to east-west, or its long side. */
function rowAxis(land: Ring, facesSouth: boolean): Point {
  const { axis } = boundingRectangle(land)
  const candidates: Point[] = [axis, [-axis[1], axis[0]]]
  const chosen = facesSouth && Math.abs(axis[0]) < Math.abs(axis[1]) ? candidates[1]! : axis
  return chosen[0] < 0 ? [-chosen[0], -chosen[1]] : chosen
}

function placeRows(land: Ring, pattern: Pattern, random: Random): { buildings: { ring: Ring; floors: number }[]; lanes: Lane[] } {
  const axis = rowAxis(land, pattern.facesSouth)
  const { center } = rectangleAlong(land, axis)
  const across: Point = [-axis[1], axis[0]]
  const at = (u: number, v: number): Point => [center[0] + axis[0] * u + across[0] * v, center[1] + axis[1] * u + across[1] * v]
  const along = land.map(([x, y]) => (x - center[0]) * across[0] + (y - center[1]) * across[1])
  const [low, high] = [Math.min(...along), Math.max(...along)]
  const floors = pattern.floors(random)
  const gap = pattern.rowGap(floors * pattern.storey)
  const deep = Math.min(random.between(pattern.depth[0], pattern.depth[1]), (high - low) * 0.9)
  const buildings: { ring: Ring; floors: number }[] = []
  const ends: number[] = []
  const spare = (high - low - deep) % (deep + gap)
  let v = low + Math.min(2.5, spare / 3)
  while (v + deep <= high) {
    const reach = freeReach(land, at, axis, v, deep)
    if (!reach || reach[1] - reach[0] < pattern.length[0] * 0.6) {
      v += 2.5
      continue
    }
    for (const [from, to] of shareOut(reach, pattern, random)) {
      const ring = [at(from, v), at(to, v), at(to, v + deep), at(from, v + deep)]
      const middle = at((from + to) / 2, v + deep / 2)
      if (random.chance(pattern.empty) || !ringContains(land, ring.map((point) => towards(point, middle)))) continue
      const swing = pattern.class === 'residential' && floors < 8 ? 0 : random.integer(-2, 2)
      buildings.push({ ring: variant(ring, pattern, random), floors: Math.max(1, floors + swing) })
    }
    v += deep
    ends.push(v)
    v += gap
  }
  // The middle gap first: it is the way most people take.
  const gaps = ends.slice(0, -1).map((end) => end + gap / 2)
  const middle = (low + high) / 2
  gaps.sort((one, two) => Math.abs(one - middle) - Math.abs(two - middle))
  return { buildings, lanes: gaps.map((lane): Lane => [at(-1, lane), at(1, lane)]) }
}

/** The longest stretch along the axis on which a row of this depth lies wholly on the land. */
function freeReach(land: Ring, at: (u: number, v: number) => Point, axis: Point, v: number, depth: number): [number, number] | undefined {
  let reach: [number, number] | undefined
  for (const line of [v + 0.05, v + depth / 2, v + depth - 0.05]) {
    const hits = crossings(land, at(0, line), axis)
    let longest: [number, number] | undefined
    for (let index = 0; index + 1 < hits.length; index += 2) {
      const stretch: [number, number] = [hits[index]!.at, hits[index + 1]!.at]
      if (!longest || stretch[1] - stretch[0] > longest[1] - longest[0]) longest = stretch
    }
    if (!longest) return undefined
    reach = reach ? [Math.max(reach[0], longest[0]), Math.min(reach[1], longest[1])] : longest
  }
  return reach
}

/** Shares a stretch out among buildings of about equal length with gaps between. */
function shareOut([from, to]: [number, number], pattern: Pattern, random: Random): [number, number][] {
  const wanted = random.between(pattern.length[0], pattern.length[1])
  const count = Math.max(1, Math.round((to - from + pattern.sideGap) / (wanted + pattern.sideGap)))
  const length = Math.min((to - from + pattern.sideGap) / count - pattern.sideGap, pattern.length[1] * 1.15)
  if (length < pattern.length[0] * 0.55) return [[from, to]]
  const gap = count > 1 ? (to - from - count * length) / (count - 1) : 0
  const start = count > 1 ? from : from + (to - from - length) * random.next()
  return Array.from({ length: count }, (_, index) => [start + index * (length + gap), start + index * (length + gap) + length])
}

/** A hair's breadth inwards, so that a wall on the line counts as inside. */
const towards = (point: Point, middle: Point): Point => [point[0] + (middle[0] - point[0]) * 0.01, point[1] + (middle[1] - point[1]) * 0.01]

/** Some courtyard houses and halls are L-shaped. */
function variant(ring: Ring, pattern: Pattern, random: Random): Ring {
  const isLarge = pattern.class !== 'residential' || pattern.rowGap(6) < 6
  if (!isLarge || !random.chance(0.38)) return ring
  const [a, b, c, d] = ring as [Point, Point, Point, Point]
  const mix = (s: number, t: number): Point => [a[0] + (b[0] - a[0]) * s + (d[0] - a[0]) * t, a[1] + (b[1] - a[1]) * s + (d[1] - a[1]) * t]
  const [s, t] = [random.between(0.4, 0.62), random.between(0.4, 0.6)]
  const shape = [a, b, mix(1, t), mix(s, t), mix(s, 1), d]
  return random.chance(0.5) ? shape : [a, b, c, mix(1 - s, 1), mix(1 - s, t), mix(0, t)]
}
