/** Gaps along roads within a scope. Runs in the computation thread. */
import { locatePoints } from '../engine/membership.ts'
import { packWkb } from '../engine/packed-geometry.ts'
import { chainsOf, placeAt } from '../engine/spacing/chains.ts'
import { findSpacing, type SpacingInput, type SpacingOutput } from '../engine/spacing/spacing.ts'

export interface ScopedSpacingInput extends SpacingInput {
  /** Gaps whose middle lies outside it are left out; null: everywhere. */
  scope: Uint8Array | null
}

/** Every gap, with the middle of its stretch, whose middle lies in the scope. */
export function spacingWithin({ scope, ...input }: ScopedSpacingInput): Omit<SpacingOutput, 'gaps'> & { gaps: (SpacingOutput['gaps'][number] & { center: [number, number] })[] } {
  const { roads, gaps } = findSpacing(input)
  const centers = gaps.map(({ points, lengthMeters }) => {
    const [stretch] = chainsOf([points])
    return stretch ? placeAt(stretch, lengthMeters / 2) : ([points[0]!, points[1]!] as [number, number])
  })
  const inside = scope ? locatePoints(Float64Array.from(centers.flat()), packWkb([scope])) : null
  return { roads, gaps: gaps.flatMap((gap, index) => (inside === null || inside[index]! >= 0 ? [{ ...gap, center: centers[index]! }] : [])) }
}
