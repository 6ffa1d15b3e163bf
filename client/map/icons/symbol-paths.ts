/** Outlines of the symbols as SVG paths for legends, traced from the same distance functions that draw the map. */
import { FIELD } from './shapes.ts'
import { symbolShape } from './symbols.ts'
import { INCIDENT_SHAPES, LIGHT_SHAPES } from './incident-atlas.ts'
import type { Distance } from './shapes.ts'

/** Steps per field unit; twice as fine as a legend's pixels. */
const STEPS = 3
const CELLS = FIELD * STEPS

const number = (value: number): string => value.toFixed(2).replace(/\.?0+$/, '')

/** The zero line of a distance function as closed rings (marching squares, crossings interpolated). */
export function trace(shape: Distance): string {
  const at = (column: number, row: number): number => {
    // A frame outside the field closes every ring; exact zeros would leave a cell without direction.
    if (column <= 0 || row <= 0 || column >= CELLS || row >= CELLS) return 1
    const distance = shape(column / STEPS, row / STEPS)
    return distance === 0 ? 1e-6 : distance
  }
  const cross = (ca: number, ra: number, cb: number, rb: number): string => {
    const [a, b] = [at(ca, ra), at(cb, rb)]
    const part = a / (a - b)
    return `${number((ca + (cb - ca) * part) / STEPS)},${number((ra + (rb - ra) * part) / STEPS)}`
  }
  const next = new Map<string, string[]>()
  const link = (from: string, to: string): void => {
    if (from !== to) next.set(from, [...(next.get(from) ?? []), to])
  }
  for (let row = 0; row < CELLS; row += 1) {
    for (let column = 0; column < CELLS; column += 1) {
      const inside = [at(column, row) < 0, at(column + 1, row) < 0, at(column + 1, row + 1) < 0, at(column, row + 1) < 0]
      const corner = [[column, row], [column + 1, row], [column + 1, row + 1], [column, row + 1]] as const
      const leaves: string[] = []
      const enters: string[] = []
      for (let side = 0; side < 4; side += 1) {
        const [a, b] = [corner[side]!, corner[(side + 1) % 4]!]
        if (inside[side] === inside[(side + 1) % 4]) continue
        const point = cross(a[0], a[1], b[0], b[1])
        if (inside[side]) leaves.push(point)
        else enters.push(point)
      }
      enters.forEach((point, index) => link(point, leaves[index]!))
    }
  }
  return rings(next)
}

function rings(next: Map<string, string[]>): string {
  const paths: string[] = []
  for (const start of next.keys()) {
    const ring: string[] = []
    let point: string | undefined = start
    while (point !== undefined) {
      const following: string | undefined = next.get(point)?.shift()
      if (following === undefined) break
      ring.push(point)
      point = following
    }
    if (ring.length > 2) paths.push(`M${ring.join('L')}Z`)
  }
  return paths.join('')
}

const cache = new Map<string, string>()

/** SVG path of a symbol id of the map (`facility:toilet`, `part:traffic`) of an incident (`incident:1`) or of a light (`light:amber`), on a 24 × 24 field, fill rule even-odd. */
export function symbolPath(id: string): string {
  const known = cache.get(id)
  if (known !== undefined) return known
  const [group, name] = id.split(':')
  const shape = group === 'incident' ? INCIDENT_SHAPES[Number(name) as 1 | 2 | 3] : group === 'light' ? LIGHT_SHAPES[name as keyof typeof LIGHT_SHAPES] : symbolShape(id)
  const path = shape ? trace(shape) : ''
  cache.set(id, path)
  return path
}
