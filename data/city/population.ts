/** People into homes: whole persons per building, elders and children apart, and the same people by 100 m squares. */
import type { Building } from './buildings.ts'
import type { Fabric } from './fabric.ts'
import type { Parcel } from './parcels.ts'
import type { Plan, Scale } from './plan.ts'
import type { Point, Ring } from './plane.ts'
import type { Random } from './random.ts'

export interface People {
  population: number
  /** 65 years and older; 14 years and younger. */
  elders: number
  children: number
}

export interface PopulationSquare extends People {
  code: string
  ring: Ring
}

export const peopleOf = (scale: Scale, plan: Plan): number => (scale === 'full' ? 900_000 : Math.round(900_000 * plan.factor ** 2))

/** Floor area per person by kind of home, m². */
const ROOM: Partial<Record<Parcel['purpose'], number>> = { towers: 62, slabs: 48, works_housing: 38, old_houses: 34, village: 44, villas: 110 }

/** Shares of the people of 65 and older and of 0 to 14: Seventh National Population Census, 2020, Communiqué No. 5 (第七次全国人口普查公报第五号), whole country. */
export const AGE_SHARES = { elders: 0.135, children: 0.1795 }

/** Share of a zone's people before the whole city is brought to `AGE_SHARES`: older in the old town, younger in the new. */
function ageShares(zone: string): readonly [number, number] {
  return ({ old: [0.26, 0.1], inner: [0.22, 0.12], new_town: [0.1, 0.21], university: [0.13, 0.15], industry: [0.16, 0.14] } as const)[zone] ?? [0.17, 0.15]
}

/** People per building, in the order of the buildings; the sum is exactly `total`. */
export function settlePeople(fabric: Fabric, parcels: readonly Parcel[], buildings: readonly Building[], total: number, random: Random): People[] {
  const weights = buildings.map((building) => {
    const room = ROOM[parcels[building.cell]!.purpose]
    return room ? ((building.areaM2 * building.floors) / room) * random.between(0.75, 1.1) : 0
  })
  const sum = weights.reduce((one, two) => one + two, 0)
  const exact = weights.map((weight) => (weight / sum) * total)
  const whole = exact.map(Math.floor)
  const missing = total - whole.reduce((one, two) => one + two, 0)
  const byRemainder = exact.map((_, index) => index).sort((a, b) => exact[b]! - whole[b]! - (exact[a]! - whole[a]!) || a - b)
  for (const index of byRemainder.slice(0, missing)) whole[index]!++
  const ages = Array.from({ length: fabric.communities }, () => [random.normal(0, 0.025), random.normal(0, 0.02)] as const)
  const shares = buildings.map((building) => {
    const cell = fabric.cells[building.cell]!
    const [older, younger] = ages[cell.community]!
    const [elders, children] = ageShares(cell.zone)
    return { elders: Math.max(0.05, elders + older), children: Math.max(0.05, children + younger) }
  })
  const scaleOf = (group: keyof typeof AGE_SHARES) => (AGE_SHARES[group] * total) / shares.reduce((held, of, index) => held + of[group] * whole[index]!, 0)
  const scale = { elders: scaleOf('elders'), children: scaleOf('children') }
  return whole.map((population, index) => ({ population, elders: Math.round(population * shares[index]!.elders * scale.elders), children: Math.round(population * shares[index]!.children * scale.children) }))
}

const SQUARE = 100

/** The people of the buildings whose middle lies in each 100 m square. */
export function countSquares(buildings: readonly Building[], people: readonly People[]): PopulationSquare[] {
  const squares = new Map<string, PopulationSquare>()
  buildings.forEach((building, index) => {
    const own = people[index]!
    if (own.population === 0) return
    const [column, row] = [Math.floor(building.middle[0] / SQUARE), Math.floor(building.middle[1] / SQUARE)]
    const code = `P${column >= 0 ? 'E' : 'W'}${String(Math.abs(column)).padStart(3, '0')}${row >= 0 ? 'N' : 'S'}${String(Math.abs(row)).padStart(3, '0')}`
    const corner = (east: number, north: number): Point => [(column + east) * SQUARE, (row + north) * SQUARE]
    const square = squares.get(code) ?? { code, ring: [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)], population: 0, elders: 0, children: 0 }
    square.population += own.population
    square.elders += own.elders
    square.children += own.children
    squares.set(code, square)
  })
  return [...squares.values()]
}
