/** A city's limits of the stages and rules of the clock, under versions. How a clock goes by them is in `stage-clocks-decide.ts`. */
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CityRow } from '../cities/cities.ts'
import { CLOCK_STAGES } from '../contract/clocks.ts'
import type { ClockRulesDefinition, ClockRulesView } from '../contract/clock-rules.ts'
import type { Db, Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { insertLimitRules, listLimitRules, takeLastLimitRuleVersion } from './limit-rule-queries.ts'

const LISTED_VERSIONS = 50

/** Every version that concerns a city, the one in force first. */
export async function listClockRules(db: Queryable, city: Pick<CityRow, 'cityId'>): Promise<ClockRulesView[]> {
  const order = new Map<string, number>(CLOCK_STAGES.map((stage, index) => [stage, index]))
  return (await listLimitRules(db, city.cityId, LISTED_VERSIONS)).map(({ cityId, version, createdBy, createdAt, definition }, index) => ({
    owner: cityId === null ? 'default' : 'city', version, isInForce: index === 0, createdBy, createdAt,
    definition: { ...definition, limits: definition.limits.toSorted((a, b) => (order.get(a.stage) ?? 0) - (order.get(b.stage) ?? 0)) },
  }))
}

/**
 * Writes a new version of a city's own rules. Clocks that begin later go by it, deadlines given before stay.
 * @throws AppError `stale` when somebody wrote a version meanwhile.
 */
export function putClockRules(db: Db, city: Pick<CityRow, 'cityId'>, wish: { version: number; definition: ClockRulesDefinition }, principal: Principal, at: Date): Promise<ClockRulesView> {
  return db.transaction(async (tx) => {
    const held = await takeLastLimitRuleVersion(tx, city.cityId)
    if (held !== wish.version) throw new AppError('stale', `环节时限已是第 ${held} 版，您看到的是第 ${wish.version} 版，请刷新后再改。The limits of the stages are at version ${held}, you saw ${wish.version}; look again before you change them.`)
    const version = held + 1
    await insertLimitRules(tx, { cityId: city.cityId, version, createdBy: principal.name, at: at.toISOString(), definition: wish.definition })
    await recordAudit(tx, principal, city.cityId, { domain: 'reference', action: 'putClockRules', objectKind: 'clock_rules', objectId: String(version), details: { ...wish.definition } }, at)
    const written = (await listClockRules(tx, city))[0]
    if (written?.version !== version) throw new TypeError('rules of the clock were not there after their own insert')
    return written
  })
}
