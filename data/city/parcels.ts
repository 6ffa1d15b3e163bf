/** From cells between centre lines to parcels behind the kerbs, each with a purpose. */
import type { Fabric, FabricCell } from './fabric.ts'
import { insetRing } from './inset.ts'
import type { Mesh, SideClass } from './mesh.ts'
import type { Plan } from './plan.ts'
import type { Point, Ring } from './plane.ts'
import { distance, ringArea } from './polygon.ts'
import type { Random } from './random.ts'
import { isUnderServed, type LandUse } from './zones.ts'

export type Purpose =
  | 'towers' | 'slabs' | 'old_houses' | 'village' | 'works_housing' | 'villas'
  | 'school_primary' | 'school_middle' | 'university' | 'hospital' | 'government' | 'culture'
  | 'offices' | 'mall' | 'shops' | 'factory' | 'warehouse' | 'utility' | 'station'
  | 'community_park' | 'square' | 'green' | 'open' | 'water' | 'railway'

export interface Parcel {
  /** Index of the cell it lies in. */
  cell: number
  purpose: Purpose
  /** Land behind the kerb; null where nothing is left between the streets. */
  ring: Ring | null
  /** Land after pocket parks and leftover corners were cut out of it. */
  rest: Ring | null
}

/** Half widths of what runs along a side, from centre line to kerb or fence, metres. */
export const HALF_WIDTHS: Record<SideClass, number> = { expressway: 24, arterial: 19, secondary: 13, local: 8.5, alley: 3.5, path: 0, wall: 1, bank: 2, water: 0, rail: 1, border: 2 }

/** Streets of the old core are half as wide. */
export function halfWidth(side: SideClass, isOld: boolean): number {
  return HALF_WIDTHS[side] * (isOld && (side === 'local' || side === 'alley' || side === 'secondary') ? 0.55 : 1)
}

export function insetLoop(mesh: Mesh, loop: readonly number[], isOld: boolean): Ring | null {
  const widths = loop.map((from, index) => halfWidth(mesh.side(from, loop[(index + 1) % loop.length]!).class, isOld))
  return insetRing(loop.map((point) => mesh.points[point]!), widths)
}

/** Cuts a parcel out of every cell and settles what each is for. */
export function layParcels(plan: Plan, fabric: Fabric, random: Random): Parcel[] {
  const purposes = settlePurposes(plan, fabric.cells, random)
  return fabric.cells.map((cell, index) => {
    const ring = cell.use === 'water' ? null : insetLoop(fabric.mesh, fabric.mesh.loops[cell.face]!, cell.zone === 'old')
    return { cell: index, purpose: purposes[index]!, ring, rest: ring }
  })
}

function settlePurposes(plan: Plan, cells: readonly FabricCell[], random: Random): Purpose[] {
  const housing = new Map<number, Purpose>()
  const purposes = cells.map((cell): Purpose => {
    if (cell.use !== 'residential') return byUse(cell, random)
    if (!housing.has(cell.block)) housing.set(cell.block, housingOf(cell, random))
    return housing.get(cell.block)!
  })
  const share = plan.scale === 'full' ? 1 : plan.factor ** 2
  const take = (purpose: Purpose, count: number, apart: number, fits: (cell: FabricCell) => boolean): void => {
    const taken: Point[] = []
    for (const index of random.shuffle(cells.map((_, at) => at))) {
      if (taken.length >= Math.max(1, Math.round(count * share))) return
      const cell = cells[index]!
      if (!fits(cell) || taken.some((point) => distance(point, cell.middle) < apart)) continue
      taken.push(cell.middle)
      purposes[index] = purpose
    }
  }
  const isHousing = (cell: FabricCell): boolean => cell.use === 'residential'
  const free = (cell: FabricCell): boolean => cell.use === 'residential' || cell.use === 'public'
  take('school_primary', 62, 640, (cell) => free(cell) && cell.area > 9_000 && cell.area < 26_000)
  take('school_middle', 34, 900, (cell) => free(cell) && cell.area > 15_000)
  take('hospital', 12, 1300, (cell) => cell.use === 'public' && cell.area > 10_000)
  take('government', 26, 700, (cell) => cell.use === 'public')
  take('culture', 16, 800, (cell) => cell.use === 'public' && cell.zone !== 'university')
  // Neighbourhood parks keep a walk's distance from each other, and are all but missing where the city has neglected them.
  take('community_park', 64, 560, (cell) => isHousing(cell) && cell.area > 10_000 && cell.area < 30_000 && !isUnderServed(plan, cell.middle))
  take('community_park', 5, 1500, (cell) => isHousing(cell) && isUnderServed(plan, cell.middle))
  take('square', 24, 620, (cell) => (cell.use === 'commercial' || cell.use === 'public') && cell.area > 5_000 && cell.area < 20_000 && cell.zone !== 'industry')
  return purposes
}

function housingOf(cell: FabricCell, random: Random): Purpose {
  const mix: Record<FabricCell['zone'], readonly (readonly [Purpose, number])[]> = {
    old: [['old_houses', 86], ['slabs', 14]],
    inner: [['slabs', 62], ['towers', 22], ['works_housing', 10], ['old_houses', 6]],
    cbd: [['towers', 90], ['slabs', 10]],
    south_bank: [['slabs', 42], ['towers', 42], ['works_housing', 10], ['village', 6]],
    north_rail: [['works_housing', 42], ['slabs', 34], ['towers', 10], ['village', 14]],
    west: [['slabs', 46], ['towers', 38], ['village', 8], ['villas', 8]],
    university: [['slabs', 55], ['towers', 35], ['villas', 10]],
    new_town: [['towers', 82], ['slabs', 14], ['villas', 4]],
    industry: [['works_housing', 55], ['slabs', 25], ['village', 20]],
    fringe: [['village', 40], ['slabs', 30], ['towers', 18], ['villas', 12]],
  }
  return random.weighted(mix[cell.zone])
}

function byUse(cell: FabricCell, random: Random): Purpose {
  const simple: Partial<Record<LandUse, Purpose>> = { industry: 'factory', logistics: 'warehouse', utility: 'utility', transport: 'railway', green: 'green', open: 'open', water: 'water' }
  const known = simple[cell.use]
  if (known) return known
  if (cell.use === 'public') return cell.zone === 'university' ? 'university' : random.weighted<Purpose>([['government', 3], ['culture', 2], ['offices', 5], ['school_middle', 1], ['hospital', 1]])
  if (cell.zone === 'cbd') return random.weighted<Purpose>([['offices', 76], ['mall', 24]])
  if (cell.zone === 'old') return 'shops'
  return random.weighted<Purpose>([['shops', 42], ['offices', 32], ['mall', 26]])
}

/** Land area of a ring, 0 for none. */
export const landArea = (ring: Ring | null): number => (ring ? ringArea(ring) : 0)
