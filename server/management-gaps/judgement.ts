/** A layer once judged: units with their kinds, how many of how many, and what could not be told. Pure. */
import { type CountModel, type GapKind, type GapLayer, type GapLayerSummary, gapKind, gapKindsOf, type GapUnit } from '../contract/management-gaps.ts'

export interface Judgement {
  layer: GapLayer
  units: GapUnit[]
  /** Units looked at, of each kind. */
  totals: Partial<Record<GapKind, number>>
  /** Counted beyond what is listed. */
  counts: Partial<Record<GapKind, number>>
  /** Null where its kinds judge different units. */
  total: number | null
  untold: { zh: string; en: string }[]
  model: CountModel | null
}

const shareOf = (count: number, total: number | null): number | null => (total === null || total === 0 ? null : count / total)

/** The gravest kind first, within it the greatest weight; equal ones by code, so that an order is always the same. */
export function rankUnits(layer: GapLayer, units: readonly GapUnit[]): GapUnit[] {
  const order = new Map(gapKindsOf(layer).map((kind, index) => [kind, index]))
  return [...units].sort((a, b) => order.get(a.kind)! - order.get(b.kind)! || (b.weight ?? -1) - (a.weight ?? -1) || (a.code < b.code ? -1 : a.code > b.code ? 1 : a.id < b.id ? -1 : 1))
}

/** How many there are of each kind, over how many. A denominator of 0 gives no share. */
export function summarise({ layer, units, totals, counts, total, untold }: Judgement): GapLayerSummary {
  const numbers = new Map<GapKind, number>()
  for (const { kind } of units) numbers.set(kind, (numbers.get(kind) ?? 0) + 1)
  const kinds = gapKindsOf(layer).map((kind) => {
    const count = counts[kind] ?? numbers.get(kind) ?? 0
    const of = totals[kind] ?? total ?? 0
    return { kind, count, total: of, share: shareOf(count, of) }
  })
  const count = kinds.reduce((sum, one) => sum + (gapKind(one.kind).isGap ? one.count : 0), 0)
  return { layer, count, total, share: shareOf(count, total), kinds, untold }
}
