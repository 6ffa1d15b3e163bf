/** Settles a question: whose rule, how far, how much is due, what is shared out; and what the answer depends on. */
import type { CityRow } from '../cities/cities.ts'
import type { CoverageInput, ServiceRule } from '../contract/coverage.ts'
import type { SupplyBy, SupplyInput, SupplyQuestion, SupplyRule, SupplyUnitOf } from '../contract/planning-supply.ts'
import { findAvailableDemands, isFacilityDemand } from '../coverage/city-inputs.ts'
import { listServiceRules } from '../coverage/coverage.ts'
import { settleImpedance } from '../coverage/impedance.ts'
import { checkDemand, checkFacility, kindOf } from '../coverage/question.ts'
import { findWalkingSettings } from '../coverage/walking-queries.ts'
import type { Db } from '../db/db.ts'
import type { DecayKernel } from '../engine/supply/decay.ts'
import { AppError } from '../errors.ts'
import { findCapacityCounts } from './queries.ts'
import { getSupplyRule } from './rules.ts'

const ALWAYS_READ = ['population_cells', 'buildings', 'administrative_areas', 'unit_grids', 'built_up_areas', 'historic_districts']

export interface SettledSupply {
  input: SupplyInput
  reads: string[]
  basis: Record<string, unknown>
}

/** What one of the supply is. */
export function unitOf(facility: string, supplyBy: SupplyBy): SupplyUnitOf {
  if (supplyBy === 'area') return 'm2'
  if (supplyBy === 'count') return 'facilities'
  if (facility === 'hospital') return 'beds'
  return /school/.test(facility) || facility === 'kindergarten' ? 'pupils' : 'places'
}

/** How a supply counts with the way to it, by the method and the rule's zones. */
export function kernelOf({ method, catchmentMeters }: Pick<SupplyInput, 'method' | 'catchmentMeters'>, { zones }: Pick<SupplyRule, 'zones'>): DecayKernel {
  if (method === '2sfca') return { kind: 'step', within: catchmentMeters }
  if (method === 'gaussian') return { kind: 'gaussian', within: catchmentMeters }
  return { kind: 'stepped', zones: zones.map(({ share, weight }) => ({ upTo: catchmentMeters * share, weight })) }
}

async function settleSupplyBy(db: Db, city: CityRow, facility: string, given: SupplyBy | undefined, rule: SupplyRule): Promise<SupplyBy> {
  if (facility === 'green') {
    if (given === 'capacity') throw new AppError('bad_request', '绿地没有容量，可按面积（area）或个数（count）。Green space states no capacity: share out its area or count it.', { errors: [{ path: 'body.input.supplyBy', message: '绿地用面积或个数。Area or count for green space' }] })
    return given ?? 'area'
  }
  const { total, withCapacity } = await findCapacityCounts(db, city.cityId, facility)
  if (given === 'capacity' && withCapacity === 0 && total > 0) {
    throw new AppError('bad_request', `${city.nameZh}的“${facility}”都没有容量数据：可按个数（count），或导入时给出 capacity。No facility of class "${facility}" states its capacity: count them (supplyBy count), or import them with a capacity.`, { errors: [{ path: 'body.input.supplyBy', message: '没有容量数据。No capacity on record' }] })
  }
  return given ?? rule.supplyBy ?? (withCapacity > 0 ? 'capacity' : 'count')
}

/** The official rule that the result is held against; null where none is wanted or there is none. @throws AppError bad_request */
async function settlePaperRule(db: Db, city: CityRow, facility: string, given: string | null | undefined): Promise<ServiceRule | null> {
  if (given === null) return null
  const fitting = (await listServiceRules(db, city.key)).filter((rule) => rule.facility === facility)
  const found = given === undefined ? fitting[0] : fitting.find((rule) => rule.code === given)
  if (!found && given !== undefined) throw new AppError('bad_request', `没有服务半径规则“${given}”可用于 ${facility}。There is no service-radius rule "${given}" for ${facility}.${fitting.length > 0 ? ` There are: ${fitting.map((rule) => rule.code).join(', ')}.` : ''}`, { errors: [{ path: 'body.input.paperRule', message: '没有这条规则。Unknown rule' }] })
  return found ?? null
}

/** What the coverage engine is asked for the same facilities and people; it reads by such questions. */
export function groundQuestion(input: SupplyInput): CoverageInput {
  const { facility, layers, demand, everyFeature, clipToCity, catchmentMeters, impedance } = input
  return { facility, layers, demand, everyFeature, clipToCity, radiusMeters: catchmentMeters, ...(impedance && { impedance }) }
}

/**
 * Metres of a catchment that is said in minutes; undefined where none is.
 * @throws AppError bad_request for minutes by the straight line, or beside metres
 */
async function walkedCatchment(db: Db, city: CityRow, { catchmentMinutes, catchmentMeters, ruler, demand }: SupplyQuestion): Promise<number | undefined> {
  if (catchmentMinutes === undefined) return undefined
  const errors = [{ path: 'body.input.catchmentMinutes', message: '仅用于步行，且不与米同时给出。On foot only, and not beside catchmentMeters' }]
  if (ruler !== 'walk') throw new AppError('bad_request', '分钟只对步行口径有意义：请改用步行，或以米给出搜索半径。Minutes are for the walking ruler: ask with ruler walk, or give the catchment in metres.', { errors })
  const settings = await findWalkingSettings(db, city.cityId)
  const walked = catchmentMinutes * (demand === 'elders' ? settings.elderMetersPerMinute : settings.adultMetersPerMinute)
  // A question that was settled before says both, and the same.
  if (catchmentMeters !== undefined && catchmentMeters !== walked) throw new AppError('bad_request', '搜索半径以米或以分钟给出，不能两者都给。Give the catchment in metres or in minutes, not both.', { errors })
  return walked
}

/** @throws AppError bad_request where rule, layers, facility, demand or capacity are not there, saying what is */
export async function settleSupply(db: Db, city: CityRow, question: SupplyQuestion): Promise<SettledSupply> {
  const { impedance: _given, ...asked } = question
  const { facility } = question
  const hindered = settleImpedance(question, 'body.input.')
  const layers = [...new Set(question.layers)].sort()
  await checkFacility(db, city, facility, layers, 'body.input.')
  const { demands } = await findAvailableDemands(db, city.cityId)
  checkDemand(city, question.demand, demands, 'body.input.demand')
  if (question.sharedBy === 'residents') {
    if (question.demand !== 'elders' && question.demand !== 'children') throw new AppError('bad_request', '只有老人、儿童可与全体居民分享供给。Only elders and children can share the supply with all residents.', { errors: [{ path: 'body.input.sharedBy', message: '仅用于老人、儿童。Residents only with demand elders or children' }] })
    checkDemand(city, 'population', demands, 'body.input.sharedBy')
  }
  const rule = await getSupplyRule(db, facility, question.rule)
  const paper = await settlePaperRule(db, city, facility, question.paperRule)
  const supplyBy = await settleSupplyBy(db, city, facility, question.supplyBy, rule)
  // A standard is due in what its rule counts; of anything else it says nothing.
  const isSameUnit = rule.supplyBy === null || rule.supplyBy === supplyBy
  const catchmentMeters = (await walkedCatchment(db, city, question)) ?? question.catchmentMeters ?? (rule.facility === '*' && paper ? Math.max(...paper.bands.map((band) => band.radiusMeters)) : rule.catchmentMeters)
  const input: SupplyInput = { ...asked, ...hindered, layers, rule: rule.code, catchmentMeters, standard: question.standard === undefined ? (isSameUnit ? rule.standard : null) : question.standard, supplyBy, paperRule: paper?.code ?? null }
  const isWalk = input.ruler === 'walk'
  return {
    input,
    reads: [...new Set([...ALWAYS_READ, kindOf(facility), ...(isFacilityDemand(input.demand) ? ['facilities'] : []), ...(isWalk ? ['path_edges', 'green_entrances'] : [])])],
    basis: {
      rule: { code: rule.code, version: rule.version, titleZh: rule.titleZh, titleEn: rule.titleEn, source: rule.source, clause: rule.clause, verified: rule.verified, standard: rule.standard, zones: rule.zones, zoneSource: rule.zoneSource },
      paperRule: paper && { code: paper.code, version: paper.version, isOwn: paper.isOwn },
      walkingSettings: isWalk ? (await findWalkingSettings(db, city.cityId)).version : null,
    },
  }
}
