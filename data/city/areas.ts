/** Administrative areas: counties, streets and communities out of the fabric, with the open country shared among the streets. */
import type { Fabric } from './fabric.ts'
import type { Mesh } from './mesh.ts'
import { outlines } from './outlines.ts'
import { COUNTY_NAMES, placeNames, STREET_NAMES } from './names.ts'
import type { Plan } from './plan.ts'
import type { Point, Ring } from './plane.ts'
import { centroid, crossings, distance, signedArea } from './polygon.ts'
import type { Random } from './random.ts'
import { isSouthBank } from './zones.ts'

export interface Area {
  level: 'county' | 'street' | 'community'
  code: string
  parentCode: string | null
  name: string
  /** Polygons, each an outer ring and its holes. */
  polygons: Ring[][]
  areaM2: number
}

export interface Areas {
  areas: Area[]
  /** By community number: its 12-digit code and those above it. */
  codes: { community: string; street: string; county: string; name: string; streetName: string; countyName: string }[]
  /** The whole city, border to border. */
  city: Ring[][]
}

interface Community {
  middle: Point
  area: number
  county: number
  street: number
}

export function divideCity(plan: Plan, fabric: Fabric, random: Random): Areas {
  const communities = measureCommunities(plan, fabric)
  const neighbours = communityNeighbours(fabric)
  const perCounty = STREET_NAMES.map((names) => names.length)
  let first = 0
  perCounty.forEach((count, county) => {
    groupStreets(communities, neighbours, county, first, count)
    first += count
  })
  const labels = new Map(fabric.cells.map((cell) => [cell.face, cell.community]))
  const rural = addOpenCountry(plan, fabric.mesh, (face) => communities[labels.get(face)!]!.street)
  return describe(fabric, communities, labels, rural, random)
}

function measureCommunities(plan: Plan, fabric: Fabric): Community[] {
  const sums = Array.from({ length: fabric.communities }, () => ({ x: 0, y: 0, area: 0 }))
  for (const cell of fabric.cells) {
    const sum = sums[cell.community]!
    sum.x += cell.middle[0] * cell.area
    sum.y += cell.middle[1] * cell.area
    sum.area += cell.area
  }
  return sums.map(({ x, y, area }) => {
    const middle: Point = [x / area, y / area]
    const isCore = Math.hypot(middle[0], middle[1]) < 900 * plan.factor
    const county = isSouthBank(plan, middle) ? 2 : !isCore && middle[0] > 0 ? 1 : 0
    return { middle, area, county, street: -1 }
  })
}

function communityNeighbours(fabric: Fabric): Map<number, number>[] {
  const found = Array.from({ length: fabric.communities }, () => new Map<number, number>())
  for (const cell of fabric.cells) {
    for (const [face, length] of fabric.mesh.borders(cell.face)) {
      const other = fabric.cells[fabric.cellOfFace.get(face) ?? -1]
      if (!other || other.community === cell.community) continue
      const row = found[cell.community]!
      row.set(other.community, (row.get(other.community) ?? 0) + length)
    }
  }
  return found
}

/** Groups a county's communities into `count` streets: nearest of well-spread middles, then every stray piece joins the street it borders most. */
function groupStreets(communities: Community[], neighbours: readonly Map<number, number>[], county: number, first: number, count: number): void {
  const members = communities.map((community, index) => ({ community, index })).filter(({ community }) => community.county === county)
  const middles: Point[] = [members.reduce((best, one) => (one.community.middle[1] > best.community.middle[1] ? one : best)).community.middle]
  while (middles.length < count) {
    const away = (point: Point): number => Math.min(...middles.map((middle) => distance(middle, point)))
    middles.push(members.reduce((best, one) => (away(one.community.middle) > away(best.community.middle) ? one : best)).community.middle)
  }
  for (let round = 0; round < 12; round++) {
    for (const { community } of members) {
      const nearest = middles.reduce((best, middle, index) => (distance(middle, community.middle) < distance(middles[best]!, community.middle) ? index : best), 0)
      community.street = first + nearest
    }
    middles.forEach((_, index) => {
      const own = members.filter(({ community }) => community.street === first + index)
      const area = own.reduce((sum, { community }) => sum + community.area, 0)
      if (area > 0) middles[index] = [own.reduce((sum, { community }) => sum + community.middle[0] * community.area, 0) / area, own.reduce((sum, { community }) => sum + community.middle[1] * community.area, 0) / area]
    })
  }
  for (let round = 0; round < 6; round++) {
    for (let street = first; street < first + count; street++) {
      for (const stray of strays(communities, neighbours, street)) {
        const around = [...neighbours[stray]!].filter(([other]) => communities[other]!.county === county && communities[other]!.street !== street)
        const longest = around.reduce<[number, number] | undefined>((best, entry) => (!best || entry[1] > best[1] ? entry : best), undefined)
        if (longest) communities[stray]!.street = communities[longest[0]]!.street
      }
    }
  }
}

/** Communities of a street that do not hang together with its largest part. */
function strays(communities: readonly Community[], neighbours: readonly Map<number, number>[], street: number): number[] {
  const left = new Set(communities.flatMap((community, index) => (community.street === street ? [index] : [])))
  const parts: number[][] = []
  while (left.size > 0) {
    const [start] = left
    const part: number[] = []
    const open = [start!]
    left.delete(start!)
    while (open.length > 0) {
      const here = open.pop()!
      part.push(here)
      for (const [other] of neighbours[here]!) if (left.delete(other)) open.push(other)
    }
    parts.push(part)
  }
  return parts.sort((a, b) => b.length - a.length).slice(1).flat()
}

/** Lays faces between the built-up border and the city's, cut where the street changes; answers the street of each. */
function addOpenCountry(plan: Plan, mesh: Mesh, streetOf: (face: number) => number): Map<number, number> {
  const next = new Map<number, number>()
  mesh.loops.forEach((loop) => loop.forEach((from, index) => {
    const to = loop[(index + 1) % loop.length]!
    if (mesh.faceLeftOf(to, from) === undefined) next.set(from, to)
  }))
  const [start] = next.keys()
  const border: number[] = []
  for (let at = start!; border.length === 0 || at !== start; at = next.get(at)!) border.push(at)
  const streets = border.map((from, index) => streetOf(mesh.faceLeftOf(from, border[(index + 1) % border.length]!)!))
  const changes = streets.flatMap((street, index) => (street !== streets[(index + streets.length - 1) % streets.length] ? [index] : []))
  const middle = centroid(plan.builtUp)
  const exits = changes.map((index) => wayOut(plan, mesh, border[index]!, middle))
  const rural = new Map<number, number>()
  changes.forEach((from, order) => {
    const to = changes[(order + 1) % changes.length]!
    const [wayFrom, wayTo] = [exits[order]!, exits[(order + 1) % changes.length]!]
    const inner: number[] = []
    for (let index = to; ; index = (index + border.length - 1) % border.length) {
      inner.push(border[index]!)
      if (index === from) break
    }
    const arc: Point[] = []
    for (let index = (wayFrom.edge + 1) % plan.city.length; ; index = (index + 1) % plan.city.length) {
      arc.push(plan.city[index]!)
      if (index === wayTo.edge) break
    }
    const loop = [...wayFrom.points, ...arc.map((point) => mesh.addPoint(point)), ...wayTo.points.toReversed(), ...inner]
    rural.set(mesh.addFace(loop), streets[from]!)
  })
  return rural
}

/** The way from a point of the built-up border to the city's border: along the river where it leaves, else straight out. */
function wayOut(plan: Plan, mesh: Mesh, from: number, middle: Point): { points: number[]; edge: number } {
  const here = mesh.points[from]!
  const isRiver = mesh.neighbours(from).some((other) => mesh.side(from, other).class === 'water')
  const path: Point[] = [here]
  if (isRiver) {
    const eastward = here[0] > middle[0]
    const line = eastward ? plan.riverLine : plan.riverLine.toReversed()
    path.push(...line.filter(([x]) => (eastward ? x > here[0] + 30 : x < here[0] - 30)))
  } else path.push([here[0] + (here[0] - middle[0]) * 20, here[1] + (here[1] - middle[1]) * 20])
  const points: number[] = []
  for (let index = 1; index < path.length; index++) {
    const [a, b] = [path[index - 1]!, path[index]!]
    const length = distance(a, b)
    const direction: Point = [(b[0] - a[0]) / length, (b[1] - a[1]) / length]
    const hit = crossings(plan.city, a, direction).find(({ at }) => at > 0 && at <= length)
    if (hit) return { points: [...points, mesh.addPoint([a[0] + direction[0] * hit.at, a[1] + direction[1] * hit.at])], edge: hit.edge }
    points.push(mesh.addPoint(b))
  }
  throw new Error('a way out of the built-up area does not reach the city border')
}

function describe(fabric: Fabric, communities: readonly Community[], labels: Map<number, number>, rural: Map<number, number>, random: Random): Areas {
  const { mesh } = fabric
  const streetNames = STREET_NAMES.flat()
  const countyOf = STREET_NAMES.flatMap((names, county) => names.map(() => county))
  const firstOf = STREET_NAMES.map((_, county) => countyOf.indexOf(county))
  const countyCode = (county: number): string => `9901${String(county + 1).padStart(2, '0')}000000`
  const streetCode = (street: number): string => `9901${String(countyOf[street]! + 1).padStart(2, '0')}${String(street - firstOf[countyOf[street]!]! + 1).padStart(3, '0')}000`
  const names = placeNames(random, communities.length)
  const ofStreet = new Map<number, number>([...rural, ...[...labels].map(([face, community]) => [face, communities[community]!.street] as const)])
  const order = communities.map((_, index) => index).sort((a, b) => communities[b]!.middle[1] - communities[a]!.middle[1])
  const counters = new Map<number, number>()
  const codes: Areas['codes'] = []
  for (const index of order) {
    const street = communities[index]!.street
    const sequence = (counters.get(street) ?? 0) + 1
    counters.set(street, sequence)
    codes[index] = {
      community: `${streetCode(street).slice(0, 9)}${String(sequence).padStart(3, '0')}`,
      street: streetCode(street),
      county: countyCode(countyOf[street]!),
      name: `${names[index]!}社区`,
      streetName: streetNames[street]!,
      countyName: COUNTY_NAMES[countyOf[street]!]!,
    }
  }
  const areas: Area[] = []
  const add = (area: Omit<Area, 'areaM2' | 'polygons'>, polygons: Ring[][]): void => {
    areas.push({ ...area, polygons, areaM2: polygons.flat().reduce((sum, ring) => sum + signedArea(ring), 0) })
  }
  const countyPolygons = outlines(mesh, new Map([...ofStreet].map(([face, street]) => [face, countyOf[street]!])))
  COUNTY_NAMES.forEach((name, county) => add({ level: 'county', code: countyCode(county), parentCode: null, name }, countyPolygons.get(county)!))
  for (const [street, polygons] of [...outlines(mesh, ofStreet)].sort(([a], [b]) => a - b)) add({ level: 'street', code: streetCode(street), parentCode: countyCode(countyOf[street]!), name: streetNames[street]! }, polygons)
  const byCommunity = outlines(mesh, labels)
  for (const [index, code] of codes.entries()) add({ level: 'community', code: code.community, parentCode: code.street, name: code.name }, byCommunity.get(index)!)
  return { areas, codes, city: outlines(mesh, new Map([...ofStreet].map(([face]) => [face, 0]))).get(0)! }
}
