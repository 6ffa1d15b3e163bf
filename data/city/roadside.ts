/** The kerbs of every cell: where lamps, bins and doors stand, and what an address is called. */
import type { Areas } from './areas.ts'
import type { Fabric } from './fabric.ts'
import type { StreetClass } from './mesh.ts'
import { halfWidth } from './parcels.ts'
import type { Point } from './plane.ts'
import { contains, distance } from './polygon.ts'
import type { Random } from './random.ts'
import { sideName } from './roads.ts'
import { isWater } from './zones.ts'

/** One side of one stretch of a street, seen from the cell beside it; the cell lies to the left of the way from `from` to `to`. */
export interface Kerb {
  cell: number
  from: Point
  to: Point
  length: number
  class: StreetClass
  street: string | null
  /** From the centre line to the footway, metres. */
  reach: number
}

const STREETS: ReadonlySet<string> = new Set(['expressway', 'arterial', 'secondary', 'local', 'alley'])
const LEAST_LENGTH = 14

export function listKerbs(fabric: Fabric, names: ReadonlyMap<string, string>): Kerb[] {
  const kerbs: Kerb[] = []
  fabric.cells.forEach((cell, index) => {
    if (isWater(cell.ground) || cell.ground === 'rail') return
    const loop = fabric.mesh.loops[cell.face]!
    loop.forEach((a, at) => {
      const b = loop[(at + 1) % loop.length]!
      const side = fabric.mesh.side(a, b)
      const [from, to] = [fabric.mesh.points[a]!, fabric.mesh.points[b]!]
      const length = distance(from, to)
      if (!STREETS.has(side.class) || length < LEAST_LENGTH) return
      kerbs.push({ cell: index, from, to, length, class: side.class as StreetClass, street: names.get(sideName(a, b)) ?? null, reach: halfWidth(side.class, cell.zone === 'old') * 0.82 })
    })
  })
  return kerbs
}

/** A point on the footway, `back` metres further from the street than its edge. */
export function pointOn(kerb: Kerb, share: number, back = 0): Point {
  const [dx, dy] = [(kerb.to[0] - kerb.from[0]) / kerb.length, (kerb.to[1] - kerb.from[1]) / kerb.length]
  const along = share * kerb.length
  const away = kerb.reach + back
  return [kerb.from[0] + dx * along - dy * away, kerb.from[1] + dy * along + dx * away]
}

/** A place beside a street within the kerb's own cell, if the kerb has room for one. */
export function placeBeside(fabric: Fabric, kerb: Kerb, random: Random, back = 0): Point | undefined {
  const point = pointOn(kerb, random.between(0.12, 0.88), back)
  return contains(fabric.mesh.ring(fabric.cells[kerb.cell]!.face), point) ? point : undefined
}

/** Kerbs by cell, and words for places. */
export class Addresses {
  readonly #kerbs: ReadonlyMap<number, readonly Kerb[]>
  readonly #areas: Areas
  readonly #fabric: Fabric

  constructor(fabric: Fabric, areas: Areas, kerbs: readonly Kerb[]) {
    const byCell = new Map<number, Kerb[]>()
    for (const kerb of kerbs) {
      if (byCell.has(kerb.cell)) byCell.get(kerb.cell)!.push(kerb)
      else byCell.set(kerb.cell, [kerb])
    }
    this.#kerbs = byCell
    this.#areas = areas
    this.#fabric = fabric
  }

  kerbsOf(cell: number): readonly Kerb[] {
    return this.#kerbs.get(cell) ?? []
  }

  /** County, street office, road and house number; the community where no street has a name. */
  of(cell: number, point: Point): string {
    const { countyName, streetName, name } = this.#areas.codes[this.#fabric.cells[cell]!.community]!
    const named = this.kerbsOf(cell).filter((kerb) => kerb.street)
    if (named.length === 0) return `${countyName}${streetName}${name}`
    const near = (kerb: Kerb): number => distance(point, [(kerb.from[0] + kerb.to[0]) / 2, (kerb.from[1] + kerb.to[1]) / 2])
    const kerb = named.reduce((best, one) => (near(one) < near(best) ? one : best))
    const house = 1 + (Math.abs(Math.round(point[0] * 0.13 + point[1] * 0.17)) % 398)
    return `${countyName}${streetName}${kerb.street}${house}号`
  }
}
