/** How many people places can serve: by a versioned norm, a figure of the planner's own, or so many each. */
import type { CityRow } from '../cities/cities.ts'
import type { SitingCapacities, SitingInput } from '../contract/planning-siting.ts'
import type { SupplyRule } from '../contract/planning-supply.ts'
import type { CountedFacilities } from '../coverage/counted.ts'
import { kindOf } from '../coverage/question.ts'
import type { Db } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { listCapacities } from '../supply/queries.ts'
import { getSupplyRule } from '../supply/rules.ts'

/** The norm that a question goes by; null where the planner gives the figure. @throws AppError bad_request where there is no norm of land */
export async function getCapacityRule(db: Db, facility: string, asked: SitingCapacities | null): Promise<SupplyRule | null> {
  if (asked?.by !== 'rule') return null
  const rule = await getSupplyRule(db, facility, asked.rule)
  if (rule.supplyBy === 'area' && rule.standard !== null && rule.standard > 0) return rule
  const message = `没有“${facility}”的人均面积标准（规则 ${rule.code}），面积不能换算成可服务人数：请给出人均面积（area）或每处人数（people）。There is no norm of land per person for ${facility} (rule ${rule.code}), so that an area says nothing of people: give square metres per person (area) or people per place (people).`
  throw new AppError('bad_request', message, { errors: [{ path: 'body.input.capacities', message: '没有人均用地标准。No norm of land per person' }] })
}

/** @throws AppError bad_request for capacities that mean nothing with the rest of the question */
export function checkCapacities({ method, capacities, demand, unservedOnly }: Pick<SitingInput, 'method' | 'capacities' | 'demand' | 'unservedOnly'>): void {
  if (!capacities) return
  const wrong = (zh: string, en: string) => new AppError('bad_request', `${zh}${en}`, { errors: [{ path: 'body.input.capacities', message: `${zh}${en}` }] })
  if (method !== 'mclp') throw wrong('只有最大覆盖可以计容量。', 'Only maximal covering takes capacities.')
  if (demand !== 'population') throw wrong('容量以人计：请把“为谁”改为居民。', 'Capacities are of people: ask for the population.')
  if (unservedOnly) throw wrong('计容量时要算上所有人，现有设施才有负荷：请取消“只看现状没有服务到的住处”。', 'With capacities everybody counts, those served now included: leave out "unserved only".')
}

export interface ReadCapacities {
  capacities: { candidates: Float64Array; standing: Float64Array } | null
  /** Places that stand and count, and of whose capacity nothing is known: they serve nobody here. */
  unknown: number
}

/** @param areas of the candidates, one for a lattice */
export async function readCapacities(db: Db, city: Pick<CityRow, 'cityId'>, { capacities: asked, facility }: SitingInput, areas: readonly number[], { facilities, radii }: CountedFacilities): Promise<ReadCapacities> {
  if (!asked) return { capacities: null, unknown: 0 }
  const rule = await getCapacityRule(db, facility, asked)
  const m2PerPerson = asked.by === 'area' ? asked.m2PerPerson : rule?.standard
  const isStated = asked.by === 'people' && asked.perStatedUnit !== null && kindOf(facility) === 'facilities'
  const stated = isStated ? await listCapacities(db, city.cityId, facility) : new Map<number, number | null>()
  const peopleOf = (areaM2: number | null): number | null => {
    if (asked.by === 'people') return asked.perSite
    return areaM2 === null || m2PerPerson === undefined || m2PerPerson === null ? null : areaM2 / m2PerPerson
  }
  const known = facilities.map(({ rowId, areaM2 }) => {
    const units = stated.get(rowId)
    return asked.by === 'people' && asked.perStatedUnit !== null && units !== null && units !== undefined ? units * asked.perStatedUnit : peopleOf(areaM2)
  })
  return {
    capacities: { candidates: Float64Array.from(areas, (area) => peopleOf(area) ?? 0), standing: Float64Array.from(known, (people) => people ?? 0) },
    unknown: known.filter((people, index) => people === null && !Number.isNaN(radii[0]![index]!)).length,
  }
}
