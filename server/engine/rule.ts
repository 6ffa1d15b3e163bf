import type { RuleBand } from '../contract/coverage.ts'

/** Areas carry the rounding of a change of coordinates; they are compared to the hundredth of a square metre. */
export function roundArea(areaM2: number): number {
  return Math.round(areaM2 * 100) / 100
}

/**
 * Radius that a rule gives to a facility of an area, in metres; `undefined` when no band takes it in.
 * Lower bounds are inclusive, upper bounds exclusive; of several bands that fit the largest radius counts.
 * A band of zone `historic_district` takes in only facilities that lie in one.
 */
export function radiusFor(bands: readonly RuleBand[], areaM2: number, isHistoric: boolean): number | undefined {
  const area = roundArea(areaM2)
  let radius: number | undefined
  for (const band of bands) {
    if (area < band.minAreaM2 || (band.maxAreaM2 !== null && area >= band.maxAreaM2)) continue
    if (band.zone === 'historic_district' && !isHistoric) continue
    if (radius === undefined || band.radiusMeters > radius) radius = band.radiusMeters
  }
  return radius
}

/** The same rule with every radius and every area bound multiplied, for the sensitivity table. */
export function scaleBands(bands: readonly RuleBand[], radiusFactor: number, areaFactor: number): RuleBand[] {
  return bands.map((band) => ({
    ...band,
    radiusMeters: band.radiusMeters * radiusFactor,
    minAreaM2: band.minAreaM2 * areaFactor,
    maxAreaM2: band.maxAreaM2 === null ? null : band.maxAreaM2 * areaFactor,
  }))
}
