/** The characters of the city's quarters: what stands where, and how finely the streets divide it. */
import type { Plan } from './plan.ts'
import type { Point } from './plane.ts'
import { contains, distance } from './polygon.ts'

/** What the ground is before anything is built: land, water, or one of the strips the plan keeps free. */
export type Ground = 'land' | 'river' | 'lake' | 'moat' | 'rail' | 'island' | 'riverside' | 'ring_park' | 'wall_park' | 'lakeside'

export type Zone = 'old' | 'inner' | 'cbd' | 'south_bank' | 'north_rail' | 'west' | 'university' | 'new_town' | 'industry' | 'fringe'

/** 居住、公共、商业、工业、仓储、公用、交通、绿地、未建. */
export type LandUse = 'residential' | 'public' | 'commercial' | 'industry' | 'logistics' | 'utility' | 'transport' | 'green' | 'open' | 'water'

export interface ZoneCharacter {
  /** Target areas in m²: quarters bounded by secondary roads, blocks bounded by streets, unit grid cells. */
  quarter: number
  block: number
  cell: number
  /** How regular the streets are: see CutStyle. */
  wander: number
  join: number
  uses: readonly (readonly [LandUse, number])[]
  /** Weight in dividing the city into communities: people per m² roughly. */
  weight: number
}

export const ZONES: Record<Zone, ZoneCharacter> = {
  old: { quarter: 120_000, block: 15_000, cell: 7_600, wander: 0.13, join: 0.45, weight: 2.6, uses: [['residential', 66], ['commercial', 22], ['public', 12]] },
  inner: { quarter: 200_000, block: 34_000, cell: 11_000, wander: 0.07, join: 0.7, weight: 1.7, uses: [['residential', 60], ['commercial', 20], ['public', 18], ['utility', 2]] },
  cbd: { quarter: 150_000, block: 26_000, cell: 12_500, wander: 0.03, join: 0.95, weight: 1.5, uses: [['commercial', 66], ['residential', 16], ['public', 18]] },
  south_bank: { quarter: 240_000, block: 52_000, cell: 13_000, wander: 0.06, join: 0.75, weight: 1.25, uses: [['residential', 66], ['commercial', 15], ['public', 15], ['utility', 4]] },
  north_rail: { quarter: 260_000, block: 54_000, cell: 14_000, wander: 0.09, join: 0.6, weight: 1.1, uses: [['residential', 62], ['commercial', 9], ['public', 10], ['logistics', 12], ['industry', 4], ['utility', 3]] },
  west: { quarter: 250_000, block: 56_000, cell: 14_000, wander: 0.07, join: 0.7, weight: 1.1, uses: [['residential', 66], ['commercial', 13], ['public', 15], ['utility', 3], ['industry', 3]] },
  university: { quarter: 320_000, block: 90_000, cell: 20_000, wander: 0.09, join: 0.6, weight: 0.75, uses: [['public', 64], ['residential', 28], ['commercial', 8]] },
  new_town: { quarter: 300_000, block: 70_000, cell: 15_500, wander: 0.02, join: 0.95, weight: 0.9, uses: [['residential', 66], ['commercial', 16], ['public', 10], ['open', 8]] },
  industry: { quarter: 360_000, block: 110_000, cell: 22_000, wander: 0.03, join: 0.9, weight: 0.62, uses: [['industry', 56], ['logistics', 13], ['residential', 20], ['utility', 4], ['commercial', 3], ['open', 4]] },
  fringe: { quarter: 340_000, block: 84_000, cell: 18_500, wander: 0.1, join: 0.5, weight: 0.62, uses: [['residential', 48], ['open', 20], ['public', 8], ['industry', 12], ['commercial', 6], ['logistics', 6]] },
}

export const groundAt = (plan: Plan, point: Point): Ground => {
  if (plan.island && contains(plan.island, point)) return 'island'
  if (contains(plan.river, point)) return 'river'
  if (contains(plan.rail, point)) return 'rail'
  if (contains(plan.riverside, point)) return 'riverside'
  if (plan.lake && plan.lakeside) {
    if (contains(plan.lake, point)) return 'lake'
    if (contains(plan.lakeside, point)) return 'lakeside'
  }
  if (plan.moat && contains(plan.moat.ringRoad, point)) {
    if (!contains(plan.moat.outer, point)) return 'ring_park'
    if (!contains(plan.moat.inner, point)) return 'moat'
    if (!contains(plan.moat.wallStreet, point)) return 'wall_park'
  }
  return 'land'
}

export const isWater = (ground: Ground): boolean => ground === 'river' || ground === 'lake' || ground === 'moat'

/** Is the point south of the river? */
export function isSouthBank(plan: Plan, point: Point): boolean {
  const line = plan.riverLine
  let [low, high] = [0, line.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (line[middle]![0] <= point[0]) low = middle
    else high = middle
  }
  return point[1] < line[low]![1]
}

/** Is the point north of the railway? */
export function isNorthOfRail(plan: Plan, point: Point): boolean {
  const at = plan.railLine.findIndex(([x]) => x > point[0])
  return at >= 0 && point[1] > plan.railLine[at]![1]
}

export function zoneAt(plan: Plan, point: Point): Zone {
  const [x, y] = [point[0] / plan.factor, point[1] / plan.factor]
  const away = (east: number, north: number): number => distance([x, y], [east, north])
  const isOutside = !contains(plan.rings.third, point)
  if (plan.moat ? contains(plan.moat.wallStreet, point) : away(0, 0) < 800) return 'old'
  if (away(1420, -640) < 720 || away(4080, -560) < 480) return 'cbd'
  const south = isSouthBank(plan, point)
  if (south && (y < -4150 || (x > 2300 && y < -3000) || (isOutside && x > 400))) return 'industry'
  if (!south && isOutside && x > 5200 && y < 300) return 'industry'
  if (!south && x > 2750 && y < 2700) return 'new_town'
  if (!south && y > 3350 && x > -500) return 'university'
  if (isOutside) return 'fringe'
  if (contains(plan.rings.second, point) && !south && !isNorthOfRail(plan, point)) return 'inner'
  if (south) return 'south_bank'
  if (isNorthOfRail(plan, point)) return 'north_rail'
  return 'west'
}

/** Quarters where parks and toilets are plainly too few: what the analyses are there to find. */
export function isUnderServed(plan: Plan, point: Point): boolean {
  const [x, y] = [point[0] / plan.factor, point[1] / plan.factor]
  const zone = zoneAt(plan, point)
  return (zone === 'new_town' && x > 3300 && y < 1800) || zone === 'industry' || (zone === 'north_rail' && x < -600) || (zone === 'fringe' && y < -2500)
}
