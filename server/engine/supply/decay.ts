/**
 * How much a supply counts for a demand at a cost. Distances, zones and weights come from the caller (a versioned rule, or what a
 * user typed); only the shapes stand here:
 * - step: 1 up to d0 (≤), 0 beyond. Two-step floating catchment area, Luo and Wang 2003.
 * - stepped: the weight of the first zone that reaches as far as d (≤), 0 beyond the last. Enhanced, Luo and Qi 2009.
 * - gaussian: G(d) = (exp(−(d/d0)²/2) − exp(−1/2)) / (1 − exp(−1/2)) up to d0, so that G(0) = 1 and G(d0) = 0. Dai 2010.
 *   Other programs set the decay so that a small share is left at d0 (the R package fca: 0.01); their figures differ.
 */
export type DecayKernel =
  | { kind: 'step'; within: number }
  | { kind: 'stepped'; zones: readonly DecayZone[] }
  | { kind: 'gaussian'; within: number }

export interface DecayZone {
  /** Cost up to which (≤) the zone reaches. */
  upTo: number
  /** From 0 to 1. */
  weight: number
}

/** The cost beyond which nothing counts. */
export function reachOf(kernel: DecayKernel): number {
  return kernel.kind === 'stepped' ? kernel.zones[kernel.zones.length - 1]!.upTo : kernel.within
}

/** @throws RangeError for a kernel that is none: no reach, zones that do not ascend, weights outside 0 to 1 or that rise with the cost. */
export function checkKernel(kernel: DecayKernel): void {
  if (kernel.kind !== 'stepped') {
    if (!(kernel.within > 0 && kernel.within < Infinity)) throw new RangeError(`a catchment within ${kernel.within}: more than zero is due`)
    return
  }
  if (kernel.zones.length === 0) throw new RangeError('a stepped catchment without zones')
  let before: DecayZone = { upTo: 0, weight: 1 }
  for (const zone of kernel.zones) {
    if (!(zone.upTo > before.upTo && zone.upTo < Infinity)) throw new RangeError(`a zone up to ${zone.upTo} after ${before.upTo}: zones ascend`)
    if (!(zone.weight >= 0 && zone.weight <= 1)) throw new RangeError(`a zone of weight ${zone.weight}: from 0 to 1 is due`)
    if (zone.weight > before.weight) throw new RangeError(`a zone of weight ${zone.weight} beyond one of ${before.weight}: weights do not rise with the cost`)
    before = zone
  }
}

const AT_REACH = Math.exp(-1 / 2)

/** Weight of one cost, from 0 to 1. */
export function decayAt(kernel: DecayKernel, cost: number): number {
  if (kernel.kind === 'step') return cost <= kernel.within ? 1 : 0
  if (kernel.kind === 'stepped') return kernel.zones.find((zone) => cost <= zone.upTo)?.weight ?? 0
  if (cost > kernel.within) return 0
  const share = cost / kernel.within
  return (Math.exp(-(share * share) / 2) - AT_REACH) / (1 - AT_REACH)
}
