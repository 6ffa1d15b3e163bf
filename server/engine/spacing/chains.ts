/**
 * A road out of the pieces it was cut into: pieces that meet end to end are one chain, however many there were.
 * Chains end where the road ends, forks or meets itself; a ring is a closed chain. Pure.
 */

/** A line: x, y interleaved, metres. */
export type Line = readonly number[]

export interface Chain {
  /** x, y interleaved; of a ring the first point is also the last. */
  points: number[]
  /** Metres from the beginning at each point. */
  measures: number[]
  isClosed: boolean
}

/** Points nearer to each other than this are one. */
const NODE_METERS = 0.01

const keyOf = (x: number, y: number): string => `${Math.round(x / NODE_METERS)} ${Math.round(y / NODE_METERS)}`
const compare = (a: readonly [number, number], b: readonly [number, number]): number => a[0] - b[0] || a[1] - b[1]
const pointAt = (line: readonly number[], index: number): [number, number] => [line[index * 2]!, line[index * 2 + 1]!]
const countOf = (line: readonly number[]): number => line.length / 2

function reversed(line: Line): number[] {
  const points: number[] = []
  for (let index = countOf(line) - 1; index >= 0; index -= 1) points.push(...pointAt(line, index))
  return points
}

/** Without points that repeat the one before. */
function cleaned(line: Line): number[] {
  const points: number[] = []
  for (let index = 0; index < countOf(line); index += 1) {
    const [x, y] = pointAt(line, index)
    const last = points.length / 2 - 1
    if (last < 0 || keyOf(x, y) !== keyOf(...pointAt(points, last))) points.push(x, y)
  }
  return points
}

function measured(points: number[], isClosed: boolean): Chain {
  const measures = [0]
  for (let index = 1; index < countOf(points); index += 1) {
    const [ax, ay] = pointAt(points, index - 1)
    const [bx, by] = pointAt(points, index)
    measures.push(measures[index - 1]! + Math.hypot(bx - ax, by - ay))
  }
  return { points, measures, isClosed }
}

/** The same whichever way it was drawn and wherever a ring was begun. */
function canonical(points: number[]): Chain {
  const last = countOf(points) - 1
  const isClosed = last > 1 && keyOf(...pointAt(points, 0)) === keyOf(...pointAt(points, last))
  if (!isClosed) return measured(compare(pointAt(points, 0), pointAt(points, last)) <= 0 ? points : reversed(points), false)
  let least = 0
  for (let index = 1; index < last; index += 1) if (compare(pointAt(points, index), pointAt(points, least)) < 0) least = index
  const around = (step: 1 | -1) => Array.from({ length: last + 1 }, (_value, at) => pointAt(points, (((least + step * at) % last) + last) % last)).flat()
  const [ahead, back] = [around(1), around(-1)]
  return measured(compare(pointAt(ahead, 1), pointAt(back, 1)) <= 0 ? ahead : back, true)
}

/**
 * Chains of one road, by their first points.
 * @param pieces lines of the road in any order and direction; repeated ones count once
 */
export function chainsOf(pieces: readonly Line[]): Chain[] {
  const known = new Set<string>()
  const lines = pieces.map(cleaned).filter((line) => {
    if (countOf(line) < 2) return false
    const name = (of: Line) => Array.from({ length: countOf(of) }, (_value, index) => keyOf(...pointAt(of, index))).join(',')
    const key = [name(line), name(reversed(line))].sort()[0]!
    return !known.has(key) && known.add(key)
  })
  const ends = lines.map((line) => [keyOf(...pointAt(line, 0)), keyOf(...pointAt(line, countOf(line) - 1))] as const)
  const at = new Map<string, number[]>()
  ends.forEach((of, piece) => of.forEach((node) => at.set(node, [...(at.get(node) ?? []), piece])))
  const isUsed = new Uint8Array(lines.length)
  /** The only other piece that goes on at a node; undefined where the road ends or forks. */
  const next = (node: string, from: number): number | undefined => {
    const there = at.get(node)!
    return there.length === 2 && there[0] !== there[1] ? there.find((piece) => piece !== from) : undefined
  }
  /** Follows a piece to the end of its chain. */
  const follow = (start: number, isForward: boolean): number[] => {
    const points = isForward ? [...lines[start]!] : reversed(lines[start]!)
    let piece = start
    let node = ends[start]![isForward ? 1 : 0]
    isUsed[start] = 1
    for (;;) {
      const on = next(node, piece)
      if (on === undefined || isUsed[on]) return points
      isUsed[on] = 1
      const goesForward = ends[on]![0] === node
      points.push(...(goesForward ? lines[on]! : reversed(lines[on]!)).slice(2))
      node = ends[on]![goesForward ? 1 : 0]
      piece = on
    }
  }
  const chains: Chain[] = []
  // Chains with an end first; what is left are rings.
  lines.forEach((_line, piece) => {
    for (const side of [0, 1] as const) if (!isUsed[piece] && next(ends[piece]![side], piece) === undefined) chains.push(canonical(follow(piece, side === 0)))
  })
  lines.forEach((_line, piece) => {
    if (!isUsed[piece]) chains.push(canonical(follow(piece, true)))
  })
  return chains.sort((a, b) => compare(pointAt(a.points, 0), pointAt(b.points, 0)) || compare(pointAt(a.points, 1), pointAt(b.points, 1)) || a.points.length - b.points.length)
}

/** The part of a chain between two measures, x, y interleaved; of a ring it may go past its beginning. */
export function stretchOf({ points, measures, isClosed }: Chain, from: number, to: number): number[] {
  const length = measures.at(-1)!
  if (isClosed && to > length) return [...stretchOf({ points, measures, isClosed }, from, length), ...stretchOf({ points, measures, isClosed }, 0, to - length).slice(2)]
  const between = measures.flatMap((measure, index) => (measure > from && measure < to ? pointAt(points, index) : []))
  return [...placeAt({ points, measures }, from), ...between, ...placeAt({ points, measures }, to)]
}

/** The point at a measure. */
export function placeAt({ points, measures }: Pick<Chain, 'points' | 'measures'>, measure: number): [number, number] {
  let index = measures.findIndex((one) => one >= measure)
  if (index < 0) index = measures.length - 1
  if (index === 0) return pointAt(points, 0)
  const [ax, ay] = pointAt(points, index - 1)
  const [bx, by] = pointAt(points, index)
  const share = (measure - measures[index - 1]!) / (measures[index]! - measures[index - 1]!)
  return [ax + (bx - ax) * Math.min(1, share), ay + (by - ay) * Math.min(1, share)]
}
