/**
 * A planar map: points, and faces whose loops share their points. Splitting a side or a face keeps the neighbours in step,
 * so faces always tile the plane without gap or overlap.
 */
import type { Line, Point, Ring } from './plane.ts'
import { between, signedArea } from './polygon.ts'

export type StreetClass = 'expressway' | 'arterial' | 'secondary' | 'local' | 'alley'
/** What runs along a side: a street, a path, a water's edge, a fence by the railway, a compound wall, or nothing but a border. */
export type SideClass = StreetClass | 'path' | 'wall' | 'bank' | 'water' | 'rail' | 'border'

export interface Side {
  class: SideClass
  /** Number of the line it was drawn by; sides of one line belong to one street. */
  line: number
}

const LIMIT = 2 ** 21
const key = (from: number, to: number): number => from * LIMIT + to
const sideKey = (a: number, b: number): number => (a < b ? key(a, b) : key(b, a))

export class Mesh {
  readonly points: Point[] = []
  /** Loop of point numbers per face, counter-clockwise. */
  readonly loops: number[][] = []
  readonly #faceOf = new Map<number, number>()
  readonly #sides = new Map<number, Side>()
  readonly #neighbours: number[][] = []
  #lines = 0

  addPoint(point: Point): number {
    this.#neighbours.push([])
    return this.points.push(point) - 1
  }

  newLine(): number {
    return this.#lines++
  }

  addSide(a: number, b: number, side: Side): void {
    if (!this.#sides.has(sideKey(a, b))) {
      this.#neighbours[a]!.push(b)
      this.#neighbours[b]!.push(a)
    }
    this.#sides.set(sideKey(a, b), side)
  }

  side(a: number, b: number): Side {
    const side = this.#sides.get(sideKey(a, b))
    if (!side) throw new RangeError(`no side between points ${a} and ${b}`)
    return side
  }

  neighbours(point: number): readonly number[] {
    return this.#neighbours[point]!
  }

  addFace(loop: number[]): number {
    const face = this.loops.push(loop) - 1
    this.#claim(face)
    return face
  }

  /** The face to the left of the way from one point to the next, if any. */
  faceLeftOf(from: number, to: number): number | undefined {
    return this.#faceOf.get(key(from, to))
  }

  ring(face: number): Ring {
    return this.loops[face]!.map((point) => this.points[point]!)
  }

  area(face: number): number {
    return signedArea(this.ring(face))
  }

  /** Every side once, as its two points. */
  *sides(): Generator<[number, number, Side]> {
    for (const [code, side] of this.#sides) yield [Math.floor(code / LIMIT), code % LIMIT, side]
  }

  /** Puts a point on the side between two points, in both faces beside it. */
  splitSide(a: number, b: number, share: number): number {
    const side = this.side(a, b)
    const middle = this.addPoint(between(this.points[a]!, this.points[b]!, share))
    for (const [from, to] of [[a, b], [b, a]] as const) {
      const face = this.#faceOf.get(key(from, to))
      this.#faceOf.delete(key(from, to))
      if (face === undefined) continue
      const loop = this.loops[face]!
      loop.splice(loop.indexOf(from) + 1, 0, middle)
      this.#faceOf.set(key(from, middle), face)
      this.#faceOf.set(key(middle, to), face)
    }
    this.#sides.delete(sideKey(a, b))
    this.#neighbours[a] = this.#neighbours[a]!.filter((point) => point !== b)
    this.#neighbours[b] = this.#neighbours[b]!.filter((point) => point !== a)
    this.addSide(a, middle, { ...side })
    this.addSide(middle, b, { ...side })
    return middle
  }

  /** Cuts a face in two along a line from one of its points to another; answers the new face's number (the old keeps its own for the rest). */
  splitFace(face: number, from: number, to: number, inner: Line, side: Side): number {
    const loop = this.loops[face]!
    const way = [from, ...inner.map((point) => this.addPoint(point)), to]
    for (let index = 1; index < way.length; index++) this.addSide(way[index - 1]!, way[index]!, { ...side })
    const start = loop.indexOf(from)
    const turned = [...loop.slice(start), ...loop.slice(0, start)]
    const end = turned.indexOf(to)
    const between = way.slice(1, -1)
    this.loops[face] = [...turned.slice(0, end + 1), ...between.toReversed()]
    this.#claim(face)
    return this.addFace([...turned.slice(end), from, ...between])
  }

  /** Neighbouring faces with the length of the border shared with each. */
  borders(face: number): Map<number, number> {
    const found = new Map<number, number>()
    const loop = this.loops[face]!
    for (let index = 0; index < loop.length; index++) {
      const a = loop[index]!
      const b = loop[(index + 1) % loop.length]!
      const other = this.#faceOf.get(key(b, a))
      if (other === undefined || other === face) continue
      const [p, q] = [this.points[a]!, this.points[b]!]
      found.set(other, (found.get(other) ?? 0) + Math.hypot(q[0] - p[0], q[1] - p[1]))
    }
    return found
  }

  #claim(face: number): void {
    const loop = this.loops[face]!
    for (let index = 0; index < loop.length; index++) this.#faceOf.set(key(loop[index]!, loop[(index + 1) % loop.length]!), face)
  }
}
