/** The walkable network: streets, paths and ways between buildings; over water only on bridges, through the railway only by underpasses. */
import type { Building, Lane } from './buildings.ts'
import { type Fabric, type FabricCell, leavesTheGround } from './fabric.ts'
import type { SideClass } from './mesh.ts'
import { HALF_WIDTHS } from './parcels.ts'
import type { Line, Point } from './plane.ts'
import { between, crossings, distance, lineLength } from './polygon.ts'
import { sideName } from './roads.ts'
import { isWater } from './zones.ts'

export interface PathEdge {
  from: number
  to: number
  kind: 'street' | 'path' | 'bridge' | 'underpass' | 'crossing' | 'steps'
  barrier: 'river' | 'moat' | 'rail' | 'wall' | null
  points: Line
  lengthMeters: number
}

export interface PathNetwork {
  nodes: Point[]
  edges: PathEdge[]
}

const WALKABLE: ReadonlySet<SideClass> = new Set(['expressway', 'arterial', 'secondary', 'local', 'alley', 'path', 'bank'])
const WIDE: ReadonlySet<SideClass> = new Set(['expressway', 'arterial'])

/** A stretch between two points of the map, or between cuts made in it where a lane meets it. */
interface Link {
  to: number
  kind: PathEdge['kind']
  barrier: PathEdge['barrier']
  isWide: boolean
}

/** How many of the ways between rows are walked in every cell, and how many doors open on each. */
const LANES_PER_CELL = 3
const DOORS_PER_LANE = 1

export function layNetwork(fabric: Fabric, lanes: ReadonlyMap<number, readonly Lane[]>, buildings: readonly Building[]): PathNetwork {
  const points: Point[] = [...fabric.mesh.points]
  const links: Link[][] = points.map(() => [])
  const cuts = new Map<string, { share: number; node: number }[]>()
  const ways = cutLanes(fabric, lanes, buildings, points, cuts)
  while (links.length < points.length) links.push([])
  const join = (a: number, b: number, link: Omit<Link, 'to'>): void => {
    links[a]!.push({ ...link, to: b })
    links[b]!.push({ ...link, to: a })
  }
  for (const [a, b, side] of fabric.mesh.sides()) {
    const link = linkAlong(fabric, a, b, side.class)
    if (!link) continue
    const [low, high] = a < b ? [a, b] : [b, a]
    const inner = (cuts.get(sideName(a, b)) ?? []).sort((one, two) => one.share - two.share).map(({ node }) => node)
    const chain = [low, ...inner, high]
    for (let index = 1; index < chain.length; index++) join(chain[index - 1]!, chain[index]!, link)
  }
  for (const [a, b] of ways) join(a, b, { kind: 'path', barrier: null, isWide: false })
  return largestPart(traceEdges(points, links))
}

function linkAlong(fabric: Fabric, a: number, b: number, side: SideClass): Omit<Link, 'to'> | undefined {
  if (!WALKABLE.has(side) || leavesTheGround(fabric, a, b)) return undefined
  const groundOf = (face: number | undefined): FabricCell['ground'] => fabric.cells[fabric.cellOfFace.get(face ?? -1) ?? -1]?.ground ?? 'land'
  const [one, two] = [groundOf(fabric.mesh.faceLeftOf(a, b)), groundOf(fabric.mesh.faceLeftOf(b, a))]
  const isWide = WIDE.has(side)
  if (one === two && isWater(one)) return { kind: 'bridge', barrier: one === 'moat' ? 'moat' : 'river', isWide: false }
  if (one === 'rail' && two === 'rail') return { kind: 'underpass', barrier: 'rail', isWide: false }
  if (one === 'wall_park' && two === 'wall_park') return side === 'path' ? { kind: 'steps', barrier: 'wall', isWide: false } : { kind: 'street', barrier: 'wall', isWide }
  return { kind: side === 'path' || side === 'bank' || side === 'alley' ? 'path' : 'street', barrier: null, isWide }
}

/** Draws the ways between rows of buildings to the streets on either side, cutting the streets where they meet, and to doors on the way. */
function cutLanes(fabric: Fabric, lanes: ReadonlyMap<number, readonly Lane[]>, buildings: readonly Building[], points: Point[], cuts: Map<string, { share: number; node: number }[]>): [number, number][] {
  const ways: [number, number][] = []
  const byCell = new Map<number, Building[]>()
  for (const building of buildings) byCell.set(building.cell, [...(byCell.get(building.cell) ?? []), building])
  for (const [index, own] of lanes) {
    const cell = fabric.cells[index]!
    const loop = fabric.mesh.loops[cell.face]!
    const ring = fabric.mesh.ring(cell.face)
    for (const [a, b] of own.slice(0, LANES_PER_CELL)) {
      const length = distance(a, b)
      const direction: Point = [(b[0] - a[0]) / length, (b[1] - a[1]) / length]
      const middle = between(a, b, 0.5)
      const hits = crossings(ring, middle, direction)
      const after = hits.findIndex(({ at }) => at > 0)
      if (after < 1) continue
      const [from, to] = [hits[after - 1]!, hits[after]!].map((hit) => cutSide(fabric, loop, hit, points, cuts))
      const doors = doorsOn(byCell.get(index) ?? [], middle, direction, hits[after - 1]!.at, hits[after]!.at)
      const nodes = doors.map(({ on, door }) => {
        points.push(on, door)
        ways.push([points.length - 2, points.length - 1])
        return points.length - 2
      })
      if (from === undefined && to === undefined) continue
      if (nodes.length === 0 && (from === undefined || to === undefined)) {
        // The other side is a wall: the way ends in the compound.
        points.push(middle)
        nodes.push(points.length - 1)
      }
      const chain = [from, ...nodes, to].filter((node) => node !== undefined)
      for (let step = 1; step < chain.length; step++) ways.push([chain[step - 1]!, chain[step]!])
    }
  }
  return ways
}

/** Doors of the buildings beside a way: where one leaves it, and the wall it leads to, in order along the way. */
function doorsOn(buildings: readonly Building[], origin: Point, direction: Point, low: number, high: number): { at: number; on: Point; door: Point }[] {
  const found: { at: number; on: Point; door: Point }[] = []
  for (const building of buildings) {
    if (found.length >= DOORS_PER_LANE) break
    const [x, y] = [building.middle[0] - origin[0], building.middle[1] - origin[1]]
    const at = x * direction[0] + y * direction[1]
    const away = -x * direction[1] + y * direction[0]
    if (at < low + 8 || at > high - 8 || Math.abs(away) > 32) continue
    const on: Point = [origin[0] + direction[0] * at, origin[1] + direction[1] * at]
    const across: Point = away > 0 ? [-direction[1], direction[0]] : [direction[1], -direction[0]]
    const wall = crossings(building.ring, on, across).find((hit) => hit.at > 2)
    if (wall && wall.at < 26) found.push({ at, on, door: [on[0] + across[0] * wall.at, on[1] + across[1] * wall.at] })
  }
  return found.sort((one, two) => one.at - two.at)
}

function cutSide(fabric: Fabric, loop: readonly number[], hit: { edge: number; share: number }, points: Point[], cuts: Map<string, { share: number; node: number }[]>): number | undefined {
  const [a, b] = [loop[hit.edge]!, loop[(hit.edge + 1) % loop.length]!]
  const side = fabric.mesh.side(a, b)
  if (!WALKABLE.has(side.class)) return undefined
  const length = distance(points[a]!, points[b]!)
  const share = a < b ? hit.share : 1 - hit.share
  if (hit.share * length < 3) return a
  if ((1 - hit.share) * length < 3) return b
  const code = sideName(a, b)
  const known = cuts.get(code) ?? []
  const near = known.find((cut) => Math.abs(cut.share - share) * length < 3)
  if (near) return near.node
  points.push(between(points[a]!, points[b]!, hit.share))
  known.push({ share, node: points.length - 1 })
  cuts.set(code, known)
  return points.length - 1
}

/** Joins stretches between junctions into edges; where a street ends on a wide road its last metres are a crossing. */
function traceEdges(points: Point[], links: readonly Link[][]): PathNetwork {
  const isNode = links.map((own) => own.length !== 2 || own[0]!.kind !== own[1]!.kind || own[0]!.barrier !== own[1]!.barrier)
  const edges: PathEdge[] = []
  const done = new Set<string>()
  const add = (from: number, to: number, kind: PathEdge['kind'], barrier: PathEdge['barrier'], line: Line): void => {
    edges.push({ from, to, kind, barrier, points: line, lengthMeters: lineLength(line) })
  }
  links.forEach((own, start) => {
    if (!isNode[start]) return
    for (const first of own) {
      if (done.has(`${start}>${first.to}`)) continue
      const chain = [start, first.to]
      while (!isNode[chain.at(-1)!]) {
        const [one, two] = links[chain.at(-1)!]!
        chain.push(one!.to === chain.at(-2)! ? two!.to : one!.to)
      }
      done.add(`${start}>${first.to}`)
      done.add(`${chain.at(-1)!}>${chain.at(-2)!}`)
      const line = chain.map((point) => points[point]!)
      const [from, to] = [chain[0]!, chain.at(-1)!]
      const meetsWide = (node: number): boolean => !first.isWide && first.kind === 'street' && first.barrier === null && links[node]!.some((link) => link.isWide)
      cutCrossings(line, meetsWide(from), meetsWide(to), (piece, kind, isFirst, isLast) => {
        const ends = [isFirst ? from : points.length - 1, isLast ? to : points.push(piece.at(-1)!) - 1]
        add(ends[0]!, ends[1]!, kind ?? first.kind, first.barrier, piece)
      })
    }
  })
  return { nodes: points, edges }
}

function cutCrossings(line: Line, atStart: boolean, atEnd: boolean, add: (piece: Line, kind: 'crossing' | undefined, isFirst: boolean, isLast: boolean) => void): void {
  const width = HALF_WIDTHS.arterial
  const [first, last] = [distance(line[0]!, line[1]!), distance(line.at(-2)!, line.at(-1)!)]
  const start = atStart && first > width * 1.5
  const end = atEnd && last > width * 1.5 && (line.length > 2 || !start || first > width * 3)
  if (!start && !end) return add(line, undefined, true, true)
  const near = between(line[0]!, line[1]!, width / first)
  const far = between(line.at(-1)!, line.at(-2)!, width / last)
  const middle = [start ? near : line[0]!, ...line.slice(1, -1), end ? far : line.at(-1)!]
  if (start) add([line[0]!, near], 'crossing', true, false)
  add(middle, undefined, !start, !end)
  if (end) add([far, line.at(-1)!], 'crossing', false, true)
}

/** Keeps the part of the network that hangs together, and numbers its nodes anew. */
function largestPart({ nodes, edges }: PathNetwork): PathNetwork {
  const around = new Map<number, number[]>()
  for (const edge of edges) {
    for (const [from, to] of [[edge.from, edge.to], [edge.to, edge.from]] as const) {
      if (around.has(from)) around.get(from)!.push(to)
      else around.set(from, [to])
    }
  }
  const seen = new Set<number>()
  let largest = new Set<number>()
  for (const start of around.keys()) {
    if (seen.has(start)) continue
    const part = new Set([start])
    for (const node of part) for (const next of around.get(node)!) part.add(next)
    for (const node of part) seen.add(node)
    if (part.size > largest.size) largest = part
  }
  const numbers = new Map([...largest].sort((a, b) => a - b).map((node, index) => [node, index]))
  return {
    nodes: [...numbers.keys()].map((node) => nodes[node]!),
    edges: edges.filter((edge) => largest.has(edge.from)).map((edge) => ({ ...edge, from: numbers.get(edge.from)!, to: numbers.get(edge.to)! })),
  }
}
