/** Dissolving faces of the map into polygons. */
import type { Mesh } from './mesh.ts'
import type { Point, Ring } from './plane.ts'
import { crossings, signedArea } from './polygon.ts'

/** Polygons of the faces that carry the same label, without the borders between them. */
export function outlines(mesh: Mesh, labels: ReadonlyMap<number, number>): Map<number, Ring[][]> {
  return new Map([...outlineLoops(mesh, labels)].map(([label, loops]) => [label, polygonsOf(loops.map((loop) => loop.map((point) => mesh.points[point]!)))]))
}

/** The same as loops of the map's point numbers: outer loops counter-clockwise, holes clockwise. */
export function outlineLoops(mesh: Mesh, labels: ReadonlyMap<number, number>): Map<number, number[][]> {
  const ways = new Map<number, Map<number, number[]>>()
  for (const [face, label] of labels) {
    const loop = mesh.loops[face]!
    loop.forEach((from, index) => {
      const to = loop[(index + 1) % loop.length]!
      const other = mesh.faceLeftOf(to, from)
      if (other !== undefined && labels.get(other) === label) return
      if (!ways.has(label)) ways.set(label, new Map())
      const own = ways.get(label)!
      if (own.has(from)) own.get(from)!.push(to)
      else own.set(from, [to])
    })
  }
  return new Map([...ways].map(([label, own]) => [label, traceLoops(mesh, own)]))
}

function traceLoops(mesh: Mesh, ways: Map<number, number[]>): number[][] {
  const loops: number[][] = []
  for (const [start, targets] of ways) {
    while (targets.length > 0) {
      const loop: number[] = [start]
      let [before, here] = [start, targets.pop()!]
      while (here !== start) {
        loop.push(here)
        const choices = ways.get(here)!
        const next = choices.length === 1 ? choices.pop()! : choices.splice(firstClockwise(mesh, before, here, choices), 1)[0]!
        ;[before, here] = [here, next]
      }
      loops.push(loop)
    }
  }
  return loops
}

function firstClockwise(mesh: Mesh, before: number, here: number, choices: readonly number[]): number {
  const angle = (point: number): number => Math.atan2(mesh.points[point]![1] - mesh.points[here]![1], mesh.points[point]![0] - mesh.points[here]![0])
  const back = angle(before)
  const turn = (point: number): number => (((back - angle(point)) % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI)
  return choices.reduce((best, point, index) => (turn(point) < turn(choices[best]!) ? index : best), 0)
}

function polygonsOf(rings: readonly Ring[]): Ring[][] {
  const outer = rings.filter((ring) => signedArea(ring) > 0).map((ring): Ring[] => [ring])
  for (const hole of rings.filter((ring) => signedArea(ring) < 0)) {
    const around = outer.filter(([ring]) => isInside(ring!, hole)).sort(([a], [b]) => signedArea(a!) - signedArea(b!))[0]
    around?.push(hole)
  }
  return outer
}

function isInside(outer: Ring, inner: Ring): boolean {
  const point: Point = [(inner[0]![0] + inner[1]![0]) / 2, (inner[0]![1] + inner[1]![1]) / 2]
  return crossings(outer, point, [1, 1e-7]).filter(({ at }) => at > 0).length % 2 === 1
}
