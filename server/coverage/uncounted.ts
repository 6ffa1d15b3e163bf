/** What lies near a place and would serve it if it counted: the small, the shut, and those of which data are missing. */
import { radiusFor, roundArea } from '../engine/rule.ts'
import type { AnalysisRequest } from './analysis-result.ts'
import type { CountedFacilities } from './counted.ts'
import { bandsOf } from './qualification.ts'
import { type Cause, type Causes, UNCOUNTED, type Uncounted } from './reasons.ts'
import type { Tools } from './residential.ts'

/**
 * Causes at each place: facilities refused for a reason, with the radius of their size, or of the smallest that counts.
 * @param places x, y interleaved, metres
 */
export async function findCauses({ thread, signal }: Pick<Tools, 'thread' | 'signal'>, { input, rule }: AnalysisRequest, { candidates, qualified: { refusals } }: Pick<CountedFacilities, 'candidates' | 'qualified'>, places: Float64Array): Promise<Causes[]> {
  const bands = bandsOf(input, rule)
  const least = [...bands].sort((a, b) => a.minAreaM2 - b.minAreaM2)[0]
  const nearest = async (kind: Uncounted): Promise<(Cause | null)[]> => {
    const reasons: readonly string[] = UNCOUNTED[kind]
    const of = candidates.filter((_candidate, index) => reasons.includes(refusals[index] ?? ''))
    const radii = Float64Array.from(of, (one) => radiusFor(bands, roundArea(one.areaM2 ?? 0), one.isHistoric) ?? least?.radiusMeters ?? Number.NaN)
    const { facility, distance } = await thread.compute('findServing', { points: places, facilities: of.map(({ wkb }): Uint8Array => wkb), radii }, signal)
    return Array.from(facility, (one, at) => {
      if (one < 0) return null
      const { id, name, areaM2 } = of[one]!
      return { id, name, areaM2, distanceMeters: distance[at]! }
    })
  }
  const [shut, tooSmall, missing] = [await nearest('shut'), await nearest('too_small'), await nearest('data_missing')]
  return shut.map((_cause, at) => ({ shut: shut[at]!, too_small: tooSmall[at]!, data_missing: missing[at]! }))
}
