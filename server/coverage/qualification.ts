/** Which facilities a question counts, with what radius, and why not the others. Pure. */
import type { CoverageInput, CoverageSummary, RuleBand } from '../contract/coverage.ts'
import { radiusFor, roundArea, scaleBands } from '../engine/rule.ts'

export interface Candidate {
  id: string
  name: string | null
  classCode: string | null
  access: string
  /** A scenario takes it away: it does not count, whatever is asked. */
  isTakenAway?: boolean
  countsAsActivitySite: boolean
  /** Null where it is not known. */
  areaM2: number | null
  isHistoric: boolean
  isEmpty: boolean
}

export type Reason = CoverageSummary['notCounted'][number]['reason']

export interface Scenario {
  radiusFactor: number
  minAreaFactor: number
}

export interface Qualified {
  /** Radius in metres for each candidate (NaN: not counted), for each scenario. */
  radii: Float64Array[]
  counted: number
  /** Why a candidate does not count; null where it does. */
  refusals: (Reason | null)[]
  notCounted: CoverageSummary['notCounted']
}

/** Examples named for each reason. */
const EXAMPLES = 5

/** The bands of the question: the rule's, or one for a plain radius. */
export function bandsOf(input: CoverageInput, rule: { bands: RuleBand[] } | null): RuleBand[] {
  return rule?.bands ?? [{ minAreaM2: input.minAreaM2 ?? 0, maxAreaM2: null, zone: 'all', radiusMeters: input.radiusMeters! }]
}

/** The asked question first, then every other pairing of ×0.8, ×1, ×1.2 radius with ×0.5, ×1, ×2 minimum area; areas only where the rule has a minimum. */
export function scenariosOf(bands: readonly RuleBand[]): Scenario[] {
  const areaFactors = bands.some((band) => band.minAreaM2 > 0) ? [0.5, 1, 2] : [1]
  const all = areaFactors.flatMap((minAreaFactor) => [0.8, 1, 1.2].map((radiusFactor) => ({ radiusFactor, minAreaFactor })))
  const isAsked = ({ radiusFactor, minAreaFactor }: Scenario) => radiusFactor === 1 && minAreaFactor === 1
  return [...all.filter(isAsked), ...all.filter((scenario) => !isAsked(scenario))]
}

type Asked = Pick<CoverageInput, 'facility' | 'everyFeature'>

/** Why nobody may enter; undefined where everybody may, or where the question does not ask. */
export function accessRefusal(candidate: Candidate, { facility, everyFeature }: Asked): Reason | undefined {
  if (candidate.isTakenAway) return 'closed'
  if (everyFeature) return undefined
  if (candidate.access === 'closed') return 'closed'
  return facility === 'green' && candidate.access === 'ticketed' ? 'ticketed' : undefined
}

/** Why it is not counted whatever its size and access. */
export function classRefusal(candidate: Candidate, { facility, everyFeature }: Asked): Reason | undefined {
  if (everyFeature || facility !== 'green') return undefined
  // CJJ/T 85-2017: parks (G1) and squares (G3); a square counts by its flag, which says that it is green enough.
  if ((candidate.classCode ?? '') === '') return 'class_unknown'
  if (!/^G[13]/.test(candidate.classCode!)) return 'class_not_counted'
  if (!candidate.countsAsActivitySite) return 'not_activity_site'
  return undefined
}

/** Gives every candidate its radius in every scenario, or the reason why it has none. */
export function qualifyFacilities(candidates: readonly Candidate[], input: CoverageInput, bands: readonly RuleBand[], scenarios: readonly Scenario[]): Qualified {
  const radii = scenarios.map(() => new Float64Array(candidates.length).fill(Number.NaN))
  const reasons = new Map<Reason, Candidate[]>()
  const refusals: (Reason | null)[] = []
  let counted = 0
  const scaled = scenarios.map(({ radiusFactor, minAreaFactor }) => scaleBands(bands, radiusFactor, minAreaFactor))
  candidates.forEach((candidate, index) => {
    let reason: Reason | undefined = candidate.isEmpty ? 'no_geometry' : (accessRefusal(candidate, input) ?? classRefusal(candidate, input))
    if (!reason) {
      scaled.forEach((of, scenario) => {
        const radius = radiusFor(of, roundArea(candidate.areaM2 ?? 0), candidate.isHistoric)
        if (radius !== undefined) radii[scenario]![index] = radius
      })
      if (Number.isNaN(radii[0]![index]!)) reason = candidate.areaM2 === null ? 'area_unknown' : 'too_small'
      else counted += 1
    }
    refusals.push(reason ?? null)
    if (reason) reasons.set(reason, [...(reasons.get(reason) ?? []), candidate])
  })
  return {
    radii,
    counted,
    refusals,
    notCounted: [...reasons].map(([reason, of]) => ({ reason, count: of.length, examples: of.slice(0, EXAMPLES).map(({ id, name }) => ({ id, name })) })),
  }
}
