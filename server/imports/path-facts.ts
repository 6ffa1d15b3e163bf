/** What a path says of itself beside its course: on a bridge or in a tunnel, and how far it rises. Pure. */
import { length, lineString } from '@turf/turf'

type Fields = Readonly<Record<string, unknown>>
type Line = readonly (readonly number[])[]

const NOTHING = new Set(['', 'no', 'false', '0', '否'])

function holds(value: unknown): boolean {
  return value === true || (typeof value === 'string' && !NOTHING.has(value.trim().toLowerCase()))
}

/** A passage through a house is walked into from both sides: no tunnel. */
export function structureOf({ bridge, tunnel }: Fields): 'bridge' | 'tunnel' | null {
  if (holds(bridge)) return 'bridge'
  return holds(tunnel) && tunnel !== 'building_passage' ? 'tunnel' : null
}

/** Length on the sphere, metres. */
export function sphericalLength(line: Line): number {
  return length(lineString(line.map(([x, y]) => [x ?? 0, y ?? 0])), { units: 'meters' })
}

/** `5 %`, `-3%` or `4°` as rise over length; `up` and `down` say no measure. */
export function slopeOf(incline: unknown): number | null {
  const match = typeof incline === 'string' ? /^\s*([+-]?\d+(?:[.,]\d+)?)\s*(%|°)\s*$/.exec(incline) : null
  if (!match) return null
  const value = Number(match[1]!.replace(',', '.'))
  const slope = match[2] === '%' ? value / 100 : Math.tan((value * Math.PI) / 180)
  return Math.abs(slope) <= 1 ? slope : null
}

/**
 * Rise from the first end of a piece to its last, metres: by the heights of its vertices, else its part of the rise that the row states, else by its slope.
 * @param whole the course of the row that the piece is cut from
 * @returns null where nothing tells
 */
export function riseOf({ rise_meters: stated, incline }: Fields, piece: Line, whole: readonly Line[]): number | null {
  const [from, to] = [piece[0]?.[2], piece.at(-1)?.[2]]
  if (from !== undefined && to !== undefined && Number.isFinite(from) && Number.isFinite(to)) return to - from
  const slope = slopeOf(incline)
  if (typeof stated !== 'number' && slope === null) return null
  const own = sphericalLength(piece)
  if (typeof stated !== 'number') return (slope ?? 0) * own
  const all = whole.reduce((sum, line) => sum + sphericalLength(line), 0)
  return all > 0 ? (stated * own) / all : 0
}
