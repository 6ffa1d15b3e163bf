/** From drawn lines to a planar map: crossings become points, loose ends are cut off, faces are traced. */
import Flatbush from 'flatbush'
import { Mesh, type Side, type SideClass } from './mesh.ts'
import type { Line, Point } from './plane.ts'
import { between, cross, distance, signedArea } from './polygon.ts'

export interface DrawnLine {
  points: Line
  class: SideClass
  /** A name given by the plan; streets without one are named later. */
  name?: string
  nameEn?: string
  closed?: boolean
}

interface Segment {
  a: Point
  b: Point
  line: number
  class: SideClass
}

/** Draws the lines into a new planar map; answers it with the number each line was given. The outer border must be among the lines. */
export function meshOf(lines: readonly DrawnLine[]): { mesh: Mesh; lineNumbers: number[] } {
  const mesh = new Mesh()
  const lineNumbers = lines.map(() => mesh.newLine())
  const segments: Segment[] = lines.flatMap((line, index) => {
    const points = line.closed ? [...line.points, line.points[0]!] : line.points
    return points.slice(1).map((b, at) => ({ a: points[at]!, b, line: lineNumbers[index]!, class: line.class }))
  })
  const registry = new Map<string, number>()
  const pointAt = (point: Point): number => {
    const code = `${Math.round(point[0] * 20)},${Math.round(point[1] * 20)}`
    const known = registry.get(code)
    if (known !== undefined) return known
    const made = mesh.addPoint(point)
    registry.set(code, made)
    return made
  }
  const links = new Map<number, Map<number, Side>>()
  const link = (from: number, to: number, side: Side): void => {
    if (!links.has(from)) links.set(from, new Map())
    links.get(from)!.set(to, side)
  }
  for (const { segment, cuts } of cutSegments(segments)) {
    const along = [segment.a, ...cuts.map((share) => between(segment.a, segment.b, share)), segment.b].map(pointAt)
    for (let index = 1; index < along.length; index++) {
      const [from, to] = [along[index - 1]!, along[index]!]
      if (from === to) continue
      const side = { class: segment.class, line: segment.line }
      link(from, to, side)
      link(to, from, side)
    }
  }
  pruneLooseEnds(links)
  traceFaces(mesh, links)
  return { mesh, lineNumbers }
}

function cutSegments(segments: readonly Segment[]): { segment: Segment; cuts: number[] }[] {
  const index = new Flatbush(segments.length)
  for (const { a, b } of segments) index.add(Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1]))
  index.finish()
  const cuts: number[][] = segments.map(() => [])
  segments.forEach(({ a, b }, i) => {
    for (const j of index.search(Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1]))) {
      if (j <= i) continue
      const { a: c, b: d } = segments[j]!
      const [d1, d2, d3, d4] = [cross(c, d, a), cross(c, d, b), cross(a, b, c), cross(a, b, d)]
      if (d1 > 0 === d2 > 0 || d3 > 0 === d4 > 0) continue
      cuts[i]!.push(d1 / (d1 - d2))
      cuts[j]!.push(d3 / (d3 - d4))
    }
  })
  return segments.map((segment, i) => ({ segment, cuts: cuts[i]!.sort((left, right) => left - right) }))
}

function pruneLooseEnds(links: Map<number, Map<number, Side>>): void {
  const loose = [...links].filter(([, to]) => to.size === 1).map(([from]) => from)
  while (loose.length > 0) {
    const from = loose.pop()!
    const to = links.get(from)
    if (!to || to.size !== 1) continue
    const [next] = to.keys()
    links.delete(from)
    links.get(next!)!.delete(from)
    if (links.get(next!)!.size === 1) loose.push(next!)
  }
}

function traceFaces(mesh: Mesh, links: Map<number, Map<number, Side>>): void {
  const around = new Map<number, number[]>()
  for (const [from, to] of links) {
    const origin = mesh.points[from]!
    const angle = (point: number): number => Math.atan2(mesh.points[point]![1] - origin[1], mesh.points[point]![0] - origin[0])
    around.set(from, [...to.keys()].sort((left, right) => angle(left) - angle(right)))
    for (const [other, side] of to) if (from < other) mesh.addSide(from, other, side)
  }
  const seen = new Set<string>()
  let outside = 0
  for (const from of links.keys()) {
    for (const to of links.get(from)!.keys()) {
      if (seen.has(`${from}>${to}`)) continue
      const loop: number[] = []
      let [a, b] = [from, to]
      while (!seen.has(`${a}>${b}`)) {
        seen.add(`${a}>${b}`)
        loop.push(a)
        const order = around.get(b)!
        const next = order[(order.indexOf(a) + order.length - 1) % order.length]!
        ;[a, b] = [b, next]
      }
      if (signedArea(loop.map((point) => mesh.points[point]!)) > 0) mesh.addFace(loop)
      else outside++
    }
  }
  if (outside !== 1) throw new Error(`the plan's lines fall into ${outside} separate pieces; every line must meet the others`)
}

/** A line resampled so that no step is longer than `step` metres. */
export function resampled(points: Line, step: number): Point[] {
  const result: Point[] = [points[0]!]
  for (let index = 1; index < points.length; index++) {
    const [a, b] = [points[index - 1]!, points[index]!]
    const parts = Math.max(1, Math.ceil(distance(a, b) / step))
    for (let part = 1; part <= parts; part++) result.push(between(a, b, part / parts))
  }
  return result
}
