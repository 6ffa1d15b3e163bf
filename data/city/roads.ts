/** Streets out of the map's sides: straight-on sides joined into streets, named, cut where they cross water. */
import { type Fabric, leavesTheGround } from './fabric.ts'
import type { Mesh, Side, SideClass } from './mesh.ts'
import type { StreetNames } from './names.ts'
import { HALF_WIDTHS } from './parcels.ts'
import type { Plan } from './plan.ts'
import type { Line, Point } from './plane.ts'
import { contains, lineLength } from './polygon.ts'
import { isWater } from './zones.ts'

export interface Road {
  class: 'expressway' | 'arterial' | 'secondary' | 'local' | 'alley' | 'rail' | 'country'
  name: string | null
  nameEn: string | null
  points: Line
  isBridge: boolean
  /** What it crosses where it is a bridge. */
  over: 'river' | 'moat' | null
  widthMeters: number
  lengthMeters: number
}

export interface RoadNet {
  roads: Road[]
  /** Street name by side, keyed as `sideName` does. */
  names: Map<string, string>
}

export const sideName = (a: number, b: number): string => (a < b ? `${a}-${b}` : `${b}-${a}`)

const STREETS: ReadonlySet<SideClass> = new Set(['expressway', 'arterial', 'secondary', 'local', 'alley'])

interface Chain {
  class: Road['class']
  line: number
  points: number[]
}

export function layRoads(plan: Plan, fabric: Fabric, streetNames: StreetNames): RoadNet {
  const { mesh } = fabric
  const roads: Road[] = []
  const names = new Map<string, string>()
  const sides = [...mesh.sides()].filter(([a, b, side]) => STREETS.has(side.class) && !leavesTheGround(fabric, a, b))
  for (const chain of joinSides(mesh, sides, fabric.lineNames)) {
    const given = fabric.lineNames.get(chain.line)
    const named = given ?? nameFor(mesh, chain, streetNames)
    for (let index = 1; index < chain.points.length; index++) if (named) names.set(sideName(chain.points[index - 1]!, chain.points[index]!), named.name)
    for (const part of cutAtWater(fabric, chain.points)) {
      const points = part.points.map((point) => mesh.points[point]!)
      const isOld = chain.class !== 'arterial' && chain.class !== 'expressway' && fabric.cells[fabric.cellOfFace.get(mesh.faceLeftOf(part.points[0]!, part.points[1]!) ?? -1) ?? -1]?.zone === 'old'
      roads.push({
        class: chain.class,
        name: named?.name ?? null,
        nameEn: named?.nameEn ?? null,
        points,
        isBridge: part.over !== null,
        over: part.over,
        widthMeters: Math.round(HALF_WIDTHS[chain.class as SideClass] * 2 * (chain.class === 'alley' ? 0.75 : 0.62) * (isOld ? 0.6 : 1)),
        lengthMeters: lineLength(points),
      })
    }
  }
  const rail = plan.railLine.filter((point) => contains(plan.city, point))
  roads.push({ class: 'rail', name: '汉绣铁路', nameEn: 'Han-Xiu Railway', points: rail, isBridge: false, over: null, widthMeters: 12, lengthMeters: lineLength(rail) })
  for (const road of plan.countryRoads) roads.push({ class: 'country', name: road.name, nameEn: road.nameEn, points: road.points, isBridge: false, over: null, widthMeters: 16, lengthMeters: lineLength(road.points) })
  return { roads, names }
}

/** Follows sides straight on through junctions; sides of one named line of the plan always belong together. */
function joinSides(mesh: Mesh, sides: readonly (readonly [number, number, Side])[], lineNames: Fabric['lineNames']): Chain[] {
  const left = new Map<string, readonly [number, number, Side]>(sides.map((side) => [sideName(side[0], side[1]), side]))
  const chains: Chain[] = []
  const streetOf = (side: Side): string => (lineNames.has(side.line) ? `line ${side.line}` : side.class)
  for (const [a, b, side] of sides) {
    if (!left.delete(sideName(a, b))) continue
    const street = streetOf(side)
    const points = [a, b]
    for (const end of ['tail', 'head'] as const) {
      for (;;) {
        const [here, before] = end === 'tail' ? [points.at(-1)!, points.at(-2)!] : [points[0]!, points[1]!]
        const next = straightOn(mesh, left, before, here, street, streetOf)
        if (next === undefined) break
        left.delete(sideName(here, next))
        if (end === 'tail') points.push(next)
        else points.unshift(next)
      }
    }
    chains.push({ class: side.class as Road['class'], line: side.line, points })
  }
  return chains
}

function straightOn(mesh: Mesh, left: ReadonlyMap<string, readonly [number, number, Side]>, before: number, here: number, street: string, streetOf: (side: Side) => string): number | undefined {
  const [p, q] = [mesh.points[before]!, mesh.points[here]!]
  let best: number | undefined
  let least = street.startsWith('line') ? 1.6 : 0.62
  for (const next of mesh.neighbours(here)) {
    if (next === before) continue
    const side = left.get(sideName(here, next))
    if (!side || streetOf(side[2]) !== street) continue
    const r = mesh.points[next]!
    const turn = Math.abs(Math.atan2((q[0] - p[0]) * (r[1] - q[1]) - (q[1] - p[1]) * (r[0] - q[0]), (q[0] - p[0]) * (r[0] - q[0]) + (q[1] - p[1]) * (r[1] - q[1])))
    if (turn < least) [best, least] = [next, turn]
  }
  return best
}

/** East-west streets are called 路 and north-south ones 街, as in many cities; short old ones are lanes; ways inside compounds have no name. */
function nameFor(mesh: Mesh, chain: Chain, names: StreetNames): { name: string; nameEn: string } | undefined {
  const points = chain.points.map((point) => mesh.points[point]!)
  const length = lineLength(points)
  if (chain.class === 'alley' || length < 45) return undefined
  const [first, last] = [points[0]!, points.at(-1)!]
  if (chain.class === 'arterial') return names.next('arterial')
  if (chain.class === 'secondary') return names.next('secondary')
  const isNorthSouth = Math.abs(last[1] - first[1]) > Math.abs(last[0] - first[0])
  return names.next(length < 190 ? 'lane' : isNorthSouth ? 'street' : 'local')
}

function cutAtWater(fabric: Fabric, points: readonly number[]): { points: number[]; over: Road['over'] }[] {
  const groundOf = (face: number | undefined): string => fabric.cells[fabric.cellOfFace.get(face ?? -1) ?? -1]?.ground ?? 'land'
  const parts: { points: number[]; over: Road['over'] }[] = []
  for (let index = 1; index < points.length; index++) {
    const [a, b] = [points[index - 1]!, points[index]!]
    const [one, two] = [groundOf(fabric.mesh.faceLeftOf(a, b)), groundOf(fabric.mesh.faceLeftOf(b, a))]
    const over = one === two && isWater(one as 'river') ? (one === 'moat' ? 'moat' : 'river') : null
    const last = parts.at(-1)
    if (last && last.over === over) last.points.push(b)
    else parts.push({ points: [a, b], over })
  }
  return parts
}

/** The middle of a line by length, and the direction there. */
export function midway(line: Line): { point: Point; angle: number } {
  let left = lineLength(line) / 2
  for (let index = 1; index < line.length; index++) {
    const [a, b] = [line[index - 1]!, line[index]!]
    const length = Math.hypot(b[0] - a[0], b[1] - a[1])
    if (left <= length) return { point: [a[0] + ((b[0] - a[0]) * left) / length, a[1] + ((b[1] - a[1]) * left) / length], angle: Math.atan2(b[1] - a[1], b[0] - a[0]) }
    left -= length
  }
  return { point: line[0]!, angle: 0 }
}
