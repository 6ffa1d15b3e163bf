/** The city's fabric: the plan's faces cut into communities, quarters, blocks and unit grid cells, each with its ground and use. */
import type { Mesh } from './mesh.ts'
import { meshOf } from './noding.ts'
import { bigParks, type BigPark } from './big-parks.ts'
import type { Plan } from './plan.ts'
import type { Point } from './plane.ts'
import { interiorPoint } from './polygon.ts'
import type { Random } from './random.ts'
import { cutFace, type CutStyle, subdivide } from './subdivide.ts'
import { type Ground, groundAt, isWater, type LandUse, type Zone, ZONES, zoneAt } from './zones.ts'

export interface FabricCell {
  face: number
  ground: Ground
  zone: Zone
  use: LandUse
  community: number
  /** Cells of one block share its number. */
  block: number
  area: number
  middle: Point
  /** The large park this cell belongs to. */
  park?: BigPark
}

export interface Fabric {
  mesh: Mesh
  cells: FabricCell[]
  cellOfFace: Map<number, number>
  communities: number
  /** Names given by the plan, by line number. */
  lineNames: Map<number, { name: string; nameEn: string }>
}

/** Does a side of the outer border lie on water or on the railway, where nothing may run along it? */
export function leavesTheGround(fabric: Fabric, a: number, b: number): boolean {
  const [one, two] = [fabric.cellOfFace.get(fabric.mesh.faceLeftOf(a, b) ?? -1), fabric.cellOfFace.get(fabric.mesh.faceLeftOf(b, a) ?? -1)]
  if (one !== undefined && two !== undefined) return false
  const ground = fabric.cells[one ?? two ?? -1]?.ground
  return ground !== undefined && (isWater(ground) || ground === 'rail')
}

interface Piece {
  face: number
  ground: Ground
  zone: Zone
  community: number
}

/** Mean areas of strips and waters that are cut across, in m². */
const STRIP_CELLS: Record<Exclude<Ground, 'land'>, number> = { river: 17_000, lake: 36_000, moat: 9_000, rail: 12_000, island: 30_000, riverside: 15_000, ring_park: 14_000, wall_park: 9_000, lakeside: 16_000 }

/** Streets are not cut finer than this. */
const style = (zone: Zone, kind: CutStyle['class']): CutStyle => ({
  class: kind,
  wander: ZONES[zone].wander,
  join: ZONES[zone].join,
  shortest: kind === 'secondary' ? 80 : kind === 'local' ? 42 : 16,
})

export function weaveFabric(plan: Plan, random: Random): Fabric {
  const { mesh, lineNumbers } = meshOf(plan.lines)
  const lineNames = new Map<number, { name: string; nameEn: string }>()
  plan.lines.forEach((line, index) => {
    if (line.name && line.nameEn) lineNames.set(lineNumbers[index]!, { name: line.name, nameEn: line.nameEn })
  })
  const pieces = mesh.loops.map((_, face): Piece => {
    const point = interiorPoint(mesh.ring(face))
    return { face, ground: groundAt(plan, point), zone: zoneAt(plan, point), community: -1 }
  })
  const communities = divideIntoCommunities(plan, mesh, pieces, random.fork('communities'))
  const cells = divideIntoCells(plan, mesh, pieces, random.fork('cells'))
  return { mesh, cells, cellOfFace: new Map(cells.map((cell, index) => [cell.face, index])), communities, lineNames }
}

/** Cuts the land until it falls into as many communities as the plan wants, then gives every strip to the community it borders most. */
function divideIntoCommunities(plan: Plan, mesh: Mesh, pieces: Piece[], random: Random): number {
  const wanted = plan.scale === 'full' ? 100 : 12
  const smallest = plan.scale === 'full' ? 60_000 : 20_000
  const land = pieces.filter((piece) => piece.ground === 'land' && mesh.area(piece.face) > smallest)
  const uncut = new Set(land)
  const sizeOf = (piece: Piece): number => mesh.area(piece.face) * ZONES[piece.zone].weight
  while (land.length < wanted && uncut.size > 0) {
    const largest = [...uncut].reduce((best, piece) => (sizeOf(piece) > sizeOf(best) ? piece : best))
    const face = cutFace(mesh, largest.face, style(largest.zone, 'secondary'), random)
    if (face === undefined) {
      uncut.delete(largest)
      continue
    }
    const piece = { ...largest, face }
    for (const half of [largest, piece]) half.zone = zoneAt(plan, interiorPoint(mesh.ring(half.face)))
    pieces.push(piece)
    land.push(piece)
    uncut.add(piece)
  }
  land.forEach((piece, index) => (piece.community = index))
  const strips = pieces.filter((piece) => piece.ground !== 'land')
  for (const strip of strips) pieces.push(...cutStrip(mesh, strip, random))
  giveAway(mesh, pieces)
  return land.length
}

function cutStrip(mesh: Mesh, strip: Piece, random: Random): Piece[] {
  const kind = isWater(strip.ground) ? 'water' : strip.ground === 'rail' ? 'wall' : 'path'
  const cut: CutStyle = { class: kind, wander: 0.05, join: 0.6, shortest: 12 }
  const faces = subdivide(mesh, strip.face, STRIP_CELLS[strip.ground as Exclude<Ground, 'land'>], cut, random)
  return faces.filter((face) => face !== strip.face).map((face) => ({ ...strip, face }))
}

function giveAway(mesh: Mesh, pieces: Piece[]): void {
  const byFace = new Map(pieces.map((piece) => [piece.face, piece]))
  for (let waiting = pieces.filter((piece) => piece.community < 0); waiting.length > 0; ) {
    const answers = waiting.map((piece) => {
      let [best, longest] = [-1, 0]
      for (const [face, length] of mesh.borders(piece.face)) {
        const other = byFace.get(face)
        if (other && other.community >= 0 && length > longest) [best, longest] = [other.community, length]
      }
      return best
    })
    if (answers.every((answer) => answer < 0)) throw new Error('a piece of the city borders no community')
    waiting.forEach((piece, index) => (piece.community = answers[index]!))
    waiting = waiting.filter((piece) => piece.community < 0)
  }
}

function divideIntoCells(plan: Plan, mesh: Mesh, pieces: Piece[], random: Random): FabricCell[] {
  const quarters = pieces
    .filter((piece) => piece.ground === 'land')
    .flatMap((piece) => subdivide(mesh, piece.face, ZONES[piece.zone].quarter, style(piece.zone, 'local'), random).map((face) => ({ ...piece, face, zone: zoneAt(plan, interiorPoint(mesh.ring(face))) })))
  const parks = bigParks(plan, quarters.map(({ face }) => ({ face, middle: interiorPoint(mesh.ring(face)), area: mesh.area(face) })))
  const cells: FabricCell[] = []
  let block = 0
  const add = (piece: Piece, face: number, use: LandUse, park?: BigPark): void => {
    cells.push({ ...piece, face, use, block, area: mesh.area(face), middle: interiorPoint(mesh.ring(face)), ...(park ? { park } : {}) })
  }
  for (const quarter of quarters) {
    const character = ZONES[quarter.zone]
    const park = parks.get(quarter.face)
    if (park) {
      for (const face of subdivide(mesh, quarter.face, 34_000, style(quarter.zone, 'path'), random)) add(quarter, face, 'green', park)
      block++
      continue
    }
    const common = random.weighted(character.uses)
    for (const blockFace of subdivide(mesh, quarter.face, character.block, style(quarter.zone, 'local'), random)) {
      // A quarter has a ruling use; other uses stand among it.
      const use = random.chance(0.45) ? common : random.weighted(character.uses)
      const inner = use === 'residential' || use === 'commercial' ? 'alley' : 'wall'
      const size = use === 'industry' || use === 'logistics' || use === 'open' ? Math.max(character.cell, 24_000) : character.cell
      for (const face of subdivide(mesh, blockFace, size, style(quarter.zone, inner), random)) add(quarter, face, use)
      block++
    }
  }
  for (const piece of pieces) {
    if (piece.ground === 'land') continue
    add(piece, piece.face, isWater(piece.ground) ? 'water' : piece.ground === 'rail' ? 'transport' : 'green')
    block++
  }
  return cells
}
