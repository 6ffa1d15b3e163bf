/** Why people are below the standard: nothing in reach, and then what is near and does not count, or too many people for what is. */
import type { SupplyResult } from '../contract/planning-supply.ts'
import type { AnalysisRequest } from '../coverage/analysis-result.ts'
import type { PointSet } from '../coverage/city-inputs.ts'
import type { ComputationThread } from '../coverage/computation-thread.ts'
import type { CountedFacilities } from '../coverage/counted.ts'
import { reasonNear } from '../coverage/reasons.ts'
import { findCauses } from '../coverage/uncounted.ts'
import { isBelow } from '../engine/supply/equity.ts'
import type { SharedOut } from '../engine/supply/share-out.ts'
import { FOOTING } from '../engine/walking/walking-network.ts'

type SupplyReason = NonNullable<SupplyResult['reasons']>[number]

/**
 * People below the standard by reason, the most first; null without a standard.
 * @param stated what each counted facility offers, null where that is not known
 */
export async function reasonsBelow(
  tools: { thread: ComputationThread; signal: AbortSignal },
  request: AnalysisRequest,
  of: { counted: CountedFacilities; set: PointSet; weights: Float64Array; found: SharedOut; standard: number | null; stated: readonly (number | null)[] },
): Promise<SupplyReason[] | null> {
  const { set, weights, found, standard } = of
  if (standard === null) return null
  const short = [...weights.keys()].filter((demand) => weights[demand]! > 0 && found.isCounted[demand] === 1 && isBelow(found.perPerson[demand]!, standard))
  const isAlone = (demand: number) => found.isOutOfReach[demand] === 1 && (found.footing?.[demand] ?? FOOTING.network) === FOOTING.network
  const alone = short.filter(isAlone)
  const places = Float64Array.from(alone.flatMap((demand) => [set.points[demand * 2]!, set.points[demand * 2 + 1]!]))
  const causes = await findCauses(tools, request, of.counted, places)
  const { facilities } = of.counted
  // On foot: as the crow flies something that counts is near enough.
  const onPaper = found.footing === null ? null : await tools.thread.compute('findServing', { points: places, facilities: facilities.map(({ wkb }): Uint8Array => wkb), radii: new Float64Array(facilities.length).fill(request.input.radiusMeters!) }, tools.signal)
  const kindNear = (at: number) => ((onPaper?.facility[at] ?? -1) >= 0 ? 'detour' : (reasonNear(causes[at]!).kind as SupplyReason['kind']))
  const nearOf = new Map(alone.map((demand, at) => [demand, kindNear(at)]))
  const isUnknown = of.stated.some((amount) => amount === null)
  const kindOf = (demand: number): SupplyReason['kind'] => {
    const near = nearOf.get(demand)
    if (near) return near
    if (found.isOutOfReach[demand] === 1) return found.footing![demand] === FOOTING.none ? 'off_network' : 'disconnected'
    // In reach, but nothing to share: of what is there nobody says how much it holds.
    if (found.perPerson[demand] === 0 && isUnknown) return 'data_missing'
    return 'too_many'
  }
  const sums = new Map<SupplyReason['kind'], { demands: number; people: number }>()
  for (const demand of short) {
    const kind = kindOf(demand)
    const sum = sums.get(kind) ?? { demands: 0, people: 0 }
    sums.set(kind, { demands: sum.demands + 1, people: sum.people + weights[demand]! })
  }
  return [...sums].map(([kind, sum]) => ({ kind, ...sum })).sort((a, b) => b.people - a.people || (a.kind < b.kind ? -1 : 1))
}
