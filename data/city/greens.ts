/** Green land: large parks, park strips along water and wall, neighbourhood and pocket parks, squares and protective belts. */
import type { BigPark } from './big-parks.ts'
import { cutCorner, merged, subtract } from './cuts.ts'
import type { Fabric, FabricCell } from './fabric.ts'
import { insetRing } from './inset.ts'
import type { EstateNames } from './names.ts'
import { outlineLoops } from './outlines.ts'
import { halfWidth, insetLoop, type Parcel, type Purpose } from './parcels.ts'
import type { Plan } from './plan.ts'
import type { Point, Ring } from './plane.ts'
import { distance, interiorPoint, ringArea } from './polygon.ts'
import type { Random } from './random.ts'
import { isUnderServed } from './zones.ts'

export interface Green {
  classCode: string
  name: string
  rings: Ring[]
  areaM2: number
  counts: boolean
  access: 'open' | 'ticketed' | 'closed'
  greenRatio: number
  builtYear: number
  /** A cell the green lies in, for its place among the areas. */
  cell: number
  middle: Point
}

/** Park and activity sites of G1 and G3 a city of this size has. */
const SITES = 400

type RootAt = (cell: FabricCell) => string

export function plantGreens(plan: Plan, fabric: Fabric, parcels: Parcel[], rootAt: RootAt, random: Random): Green[] {
  const greens: Green[] = []
  const add = (classCode: string, name: string, rings: Ring[], cell: number, more: Partial<Green> = {}): void => {
    const areaM2 = rings.reduce((sum, ring) => sum + ringArea(ring), 0)
    const isSquare = classCode === 'G3'
    const greenRatio = isSquare ? random.between(0.36, 0.72) : classCode === 'G2' ? random.between(0.82, 0.95) : random.between(0.65, 0.9)
    greens.push({
      classCode, name, rings, areaM2, cell, middle: interiorPoint(rings[0]!), access: 'open',
      // A square counts as an activity site when at least 65 % of it is green.
      counts: classCode !== 'G2' && (!isSquare || greenRatio >= 0.65),
      greenRatio: Math.round(greenRatio * 100) / 100,
      builtYear: random.integer(1958, 2024),
      ...more,
    })
  }
  addLargeParks(fabric, add)
  addStrips(plan, fabric, rootAt, add)
  for (const parcel of parcels) {
    if (!parcel.ring) continue
    const cell = fabric.cells[parcel.cell]!
    if (parcel.purpose === 'community_park') add('G12', `${rootAt(cell)}社区公园`, [parcel.ring], parcel.cell)
    if (parcel.purpose === 'square') add('G3', `${rootAt(cell)}广场`, [parcel.ring], parcel.cell)
  }
  cutPockets(plan, fabric, parcels, greens, rootAt, add, random)
  addBelts(fabric, parcels, rootAt, add)
  return uniquelyNamed(greens)
}

type Add = (classCode: string, name: string, rings: Ring[], cell: number, more?: Partial<Green>) => void

function ringsOf(fabric: Fabric, faces: readonly number[], isOld: boolean): Ring[] {
  const loops = outlineLoops(fabric.mesh, new Map(faces.map((face) => [face, 0]))).get(0) ?? []
  return loops.map((loop) => insetLoop(fabric.mesh, loop, isOld)).filter((ring) => ring !== null)
}

function addLargeParks(fabric: Fabric, add: Add): void {
  const faces = new Map<BigPark, number[]>()
  for (const cell of fabric.cells) if (cell.park) faces.set(cell.park, [...(faces.get(cell.park) ?? []), cell.face])
  for (const [park, own] of faces) {
    const rings = ringsOf(fabric, own, false)
    if (rings.length > 0) add(park.classCode, park.name, rings, fabric.cellOfFace.get(own[0]!)!, { access: park.access, builtYear: 1985 })
  }
}

/** Strips are parks between one street that crosses them and the next. */
function addStrips(plan: Plan, fabric: Fabric, rootAt: RootAt, add: Add): void {
  const seen = new Set<number>()
  for (const [index, cell] of fabric.cells.entries()) {
    if (cell.use !== 'green' || cell.park || seen.has(cell.face)) continue
    const faces = [cell.face]
    seen.add(cell.face)
    for (const face of faces) {
      const loop = fabric.mesh.loops[face]!
      loop.forEach((from, at) => {
        const to = loop[(at + 1) % loop.length]!
        const other = fabric.mesh.faceLeftOf(to, from)
        if (other === undefined || seen.has(other) || fabric.mesh.side(from, to).class !== 'path') return
        const next = fabric.cells[fabric.cellOfFace.get(other)!]!
        if (next.ground !== cell.ground || faces.length >= 5) return
        seen.add(other)
        faces.push(other)
      })
    }
    const rings = ringsOf(fabric, faces, cell.ground === 'wall_park')
    if (rings.length === 0) continue
    const root = rootAt(cell)
    if (cell.ground === 'wall_park') add('G134', `${root}城墙遗址公园`, rings, index)
    else if (cell.ground === 'ring_park') add('G14', `环城游园${root}段`, rings, index)
    else if (cell.ground === 'island') add('G139', '江心洲湿地公园', rings, index)
    else if (cell.ground === 'lakeside') add('G139', `月湖${root}滨湖公园`, rings, index)
    else if (isUnderServed(plan, cell.middle) || ['industry', 'fringe'].includes(cell.zone)) add('G2', `滨江${root}防护林带`, rings, index)
    else add('G139', `滨江公园${root}段`, rings, index)
  }
}

const POCKET_HOSTS: ReadonlySet<Purpose> = new Set(['slabs', 'towers', 'works_housing', 'shops', 'offices', 'mall', 'government', 'culture', 'old_houses', 'university', 'village'])

function cutPockets(plan: Plan, fabric: Fabric, parcels: Parcel[], greens: readonly Green[], rootAt: RootAt, add: Add, random: Random): void {
  const wanted = Math.round(SITES * (plan.scale === 'full' ? 1 : 0.08))
  const middles: Point[] = greens.map((green) => green.middle)
  const sites = (): number => greens.filter((green) => green.classCode !== 'G2').length
  for (const index of random.shuffle(parcels.map((_, at) => at))) {
    if (sites() >= wanted) return
    const parcel = parcels[index]!
    const cell = fabric.cells[parcel.cell]!
    if (!parcel.rest || !POCKET_HOSTS.has(parcel.purpose)) continue
    if (isUnderServed(plan, cell.middle) && !random.chance(0.08)) continue
    if (middles.some((middle) => distance(middle, cell.middle) < (cell.zone === 'old' ? 150 : 210))) continue
    const size = Math.exp(random.between(Math.log(420), Math.log(cell.zone === 'old' ? 1400 : 7600)))
    const shape = random.between(1, 1.7)
    const cut = cutCorner(parcel.rest, Math.sqrt(size * shape), Math.sqrt(size / shape), random)
    if (!cut) continue
    parcel.rest = cut.rest
    middles.push(cell.middle)
    add('G14', `${rootAt(cell)}${ringArea(cut.piece) < 2000 ? '口袋公园' : '游园'}`, [cut.piece], parcel.cell, random.chance(0.02) ? { access: 'closed' } : {})
  }
}

/** Belts between fast roads or the railway and what is built beside them, one green per community. */
function addBelts(fabric: Fabric, parcels: Parcel[], rootAt: RootAt, add: Add): void {
  const belts = new Map<number, { rings: Ring[]; cell: number }>()
  for (const parcel of parcels) {
    const cell = fabric.cells[parcel.cell]!
    if (!parcel.rest || parcel.rest !== parcel.ring || ['railway', 'green', 'water', 'community_park', 'square'].includes(parcel.purpose)) continue
    const loop = fabric.mesh.loops[cell.face]!
    const classes = loop.map((from, index) => fabric.mesh.side(from, loop[(index + 1) % loop.length]!).class)
    if (!classes.includes('expressway') && !classes.includes('rail')) continue
    const inner = insetRing(loop.map((point) => fabric.mesh.points[point]!), classes.map((side) => halfWidth(side, cell.zone === 'old') + (side === 'expressway' ? 26 : side === 'rail' ? 17 : 0)))
    if (!inner || ringArea(inner) < ringArea(parcel.ring!) * 0.45) continue
    const rings = subtract(parcel.ring!, inner).filter((ring) => ringArea(ring) > 150)
    if (rings.length === 0) continue
    parcel.rest = inner
    const belt = belts.get(cell.community) ?? { rings: [], cell: parcel.cell }
    belt.rings.push(...rings)
    belts.set(cell.community, belt)
  }
  for (const belt of belts.values()) {
    const rings = merged(belt.rings)
    if (rings.length > 0) add('G2', `${rootAt(fabric.cells[belt.cell]!)}防护绿带`, rings, belt.cell)
  }
}

function uniquelyNamed(greens: Green[]): Green[] {
  const times = new Map<string, number>()
  for (const green of greens) {
    const count = (times.get(green.name) ?? 0) + 1
    times.set(green.name, count)
    if (count > 1) green.name = `${green.name}(${count})`
  }
  return greens
}

/** A residential compound: the parcels of one block that are homes. */
export interface Estate {
  name: string
  rings: Ring[]
  areaM2: number
  kind: Purpose
  cells: number[]
}

export function gatherEstates(fabric: Fabric, parcels: readonly Parcel[], names: EstateNames, rootAt: RootAt): Estate[] {
  const homes: readonly Purpose[] = ['towers', 'slabs', 'old_houses', 'village', 'works_housing', 'villas']
  const byBlock = new Map<string, Estate>()
  for (const parcel of parcels) {
    if (!parcel.rest || !homes.includes(parcel.purpose)) continue
    const cell = fabric.cells[parcel.cell]!
    const code = `${cell.block}/${parcel.purpose}/${cell.community}`
    const estate = byBlock.get(code) ?? { name: '', rings: [], areaM2: 0, kind: parcel.purpose, cells: [] }
    estate.rings.push(parcel.rest)
    estate.areaM2 += ringArea(parcel.rest)
    estate.cells.push(parcel.cell)
    byBlock.set(code, estate)
  }
  for (const estate of byBlock.values()) {
    const kind = estate.kind === 'old_houses' || estate.kind === 'village' ? 'old' : estate.kind === 'works_housing' ? 'works' : estate.kind === 'towers' ? 'tower' : 'slab'
    estate.name = names.next(kind, rootAt(fabric.cells[estate.cells[0]!]!))
  }
  return [...byBlock.values()]
}
