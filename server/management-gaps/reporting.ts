/** Expected against actual cases of communities. Pure; the fit is the engine's. */
import { COVARIATE_LABELS } from '../contract/management-gap-sentences.ts'
import { type CountModel, GAP_COVARIATES, type GapCovariate, type GapKind, type GapUnit } from '../contract/management-gaps.ts'
import { intervalOf } from '../engine/count-model/count-distribution.ts'
import { fitCounts } from '../engine/count-model/fit.ts'
import type { Judgement } from './judgement.ts'
import type { GapParameters } from './parameters.ts'
import type { CommunityGround } from './reporting-queries.ts'

export interface Community extends CommunityGround {
  cases: number
}

const VALUES: Record<GapCovariate, (community: Community) => number | null> = {
  people: ({ people }) => people,
  road_km: ({ roadKm }) => roadKm,
  facilities: ({ facilities }) => facilities,
  parts: ({ parts }) => parts,
}

const nobody = (communities: readonly Community[]): boolean => communities.length === 0

function unitOf(community: Community, kind: GapKind, weight: number | null, figures: GapUnit['figures']): GapUnit {
  const { id, code, name, streetName, communityName, center } = community
  return { level: 'community', id, code, name, drawnBy: 'administrative_areas', streetName, communityName, kind, weight, center, figures }
}

/**
 * Fits cases on people, roads, facilities and parts (as ln(1 + x)), as many of them in this order as there are communities for, and judges each community
 * by the interval of its expectation. Communities of which a covariate is not known stay out.
 * @param period beginning and end, of which the latter is the moment of asking
 */
export function judgeReporting(communities: readonly Community[], period: { from: Date; to: Date }, parameters: GapParameters): Judgement {
  const { periodDays, tailShare, leastExpected, communitiesPerParameter } = parameters
  const isKnown = (community: Community): boolean => GAP_COVARIATES.every((key) => VALUES[key](community) !== null)
  const known = communities.filter(isKnown)
  const room = Math.max(0, Math.floor(known.length / communitiesPerParameter) - 1)
  const used = GAP_COVARIATES.slice(0, room)
  const fit = room === 0 ? null : fitCounts({ counts: known.map(({ cases }) => cases), columns: used.map((key) => ({ key, values: known.map((community) => Math.log1p(VALUES[key](community)!)) })) })
  const fitted = new Map(fit ? known.map(({ code }, row) => [code, fit.fitted[row]!]) : [])
  const units = communities.map((community): GapUnit => {
    const { cases } = community
    const expected = fitted.get(community.code)
    if (!fit || expected === undefined) return unitOf(community, 'unknown', null, { cases, periodDays })
    if (expected < leastExpected) return unitOf(community, 'too_few', null, { cases, periodDays, expected, leastExpected })
    const { lower, upper } = intervalOf(tailShare, { mean: expected, theta: fit.theta })
    const kind = cases < lower ? 'under_reported' : cases > upper ? 'above_expected' : 'as_expected'
    return unitOf(community, kind, Math.abs(expected - cases), { cases, periodDays, expected, lower, upper })
  })
  const tooFew = units.filter(({ kind }) => kind === 'too_few').length
  const untold = untoldOf(communities, known, fit !== null, parameters)
  if (tooFew > 0) untold.push({ zh: `${tooFew} 个社区期望不足 ${leastExpected} 件，不判断。`, en: `communities with fewer than ${leastExpected} expected cases, of which nothing is said: ${tooFew}.` })
  const model: CountModel | null = fit && {
    family: fit.family,
    communities: known.length,
    from: period.from.toISOString(),
    to: period.to.toISOString(),
    coefficients: fit.coefficients.map(({ key, estimate, standardError }) => ({ covariate: key as GapCovariate | null, estimate, standardError })),
    leftOut: [...fit.dropped.map((key) => ({ covariate: key as GapCovariate, why: 'says_nothing_new' as const })), ...GAP_COVARIATES.slice(room).map((covariate) => ({ covariate, why: 'too_few_communities' as const }))],
    theta: fit.theta,
    thetaStandardError: fit.thetaStandardError,
    deviance: fit.deviance,
    nullDeviance: fit.nullDeviance,
    degreesOfFreedom: fit.degreesOfFreedom,
    dispersion: fit.pearson / fit.degreesOfFreedom,
    logLikelihood: fit.logLikelihood,
    akaike: fit.akaike,
    pseudoR2: fit.nullLogLikelihood === 0 ? 0 : 1 - fit.logLikelihood / fit.nullLogLikelihood,
    devianceExplained: fit.nullDeviance === 0 ? 0 : 1 - fit.deviance / fit.nullDeviance,
    isConverged: fit.isConverged,
    tailShare,
  }
  const judged = units.filter(({ kind }) => kind !== 'unknown' && kind !== 'too_few').length
  return { layer: 'reporting', units, total: judged, counts: {}, totals: { too_few: communities.length, unknown: communities.length }, untold, model }
}

function untoldOf(communities: readonly Community[], known: readonly Community[], isFitted: boolean, { periodDays, communitiesPerParameter }: GapParameters): Judgement['untold'] {
  if (nobody(communities)) return [{ zh: '没有社区数据，无法比较上报量。', en: 'there are no communities, so nothing can be compared.' }]
  const untold: Judgement['untold'] = []
  const without = communities.length - known.length
  if (without > 0) untold.push({ zh: `${without} 个社区人口未知，不参加拟合也不判断。`, en: `how many live in ${without} ${without === 1 ? 'community' : 'communities'} is not known: neither fitted nor judged.` })
  if (isFitted) return untold
  if (known.length < 2 * communitiesPerParameter) untold.push({ zh: `可用社区只有 ${known.length} 个，拟合 ${COVARIATE_LABELS.people.zh} 至少需要 ${2 * communitiesPerParameter} 个。`, en: `communities to fit: ${known.length}; with ${COVARIATE_LABELS.people.en} it takes at least ${2 * communitiesPerParameter}.` })
  else if (!communities.some(({ cases }) => cases > 0)) untold.push({ zh: `近 ${periodDays} 日没有上报的案件。`, en: `no case was reported in the last ${periodDays} days.` })
  else untold.push({ zh: '计数模型没有解。', en: 'the count model has no solution.' })
  return untold
}
