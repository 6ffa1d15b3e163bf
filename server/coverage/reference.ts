import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { AppContext } from '../context.ts'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { getCity } from '../cities/cities.ts'
import { type createServiceRule as createServiceRuleEndpoint, ServiceRule } from '../contract/coverage.ts'
import type { Handled } from '../contract/endpoint.ts'
import type { Db } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { findNewestRule, insertRule, listCommonRuleHashes, listNewestRules } from './rule-queries.ts'

const FILE = path.join(import.meta.dirname, '../../data/standards/service-rules.json')

const RuleFile = z.array(
  ServiceRule.omit({ id: true, isOwn: true }).extend({
    source: z.string().min(1),
    confidence: z.enum(['high', 'medium', 'low']),
    effectiveFrom: z.iso.date().nullable(),
  }),
)
export type RuleInFile = z.infer<typeof RuleFile>[number]

/** The rules of data/standards, checked. */
export async function readServiceRules(file = FILE): Promise<RuleInFile[]> {
  return RuleFile.parse(JSON.parse(await readFile(file, 'utf8')))
}

function hashOf(rule: RuleInFile): string {
  return createHash('sha256').update(JSON.stringify(rule, Object.keys(rule).concat('minAreaM2', 'maxAreaM2', 'zone', 'radiusMeters').sort())).digest('hex')
}

/**
 * Loads the rules of data/standards into the database; a second call changes nothing.
 * @throws AppError conflict when a version that is already in the database reads differently: a correction is a new version.
 */
export async function syncServiceRules(db: Db, rules?: readonly RuleInFile[]): Promise<{ added: number }> {
  const given = rules ?? (await readServiceRules())
  return db.transaction(async (tx) => {
    const known = new Map((await listCommonRuleHashes(tx)).map((row) => [`${row.code} ${row.version}`, row.contentHash]))
    let added = 0
    for (const rule of given) {
      const hash = hashOf(rule)
      const before = known.get(`${rule.code} ${rule.version}`)
      if (before === hash) continue
      if (before !== undefined) throw new AppError('conflict', `Service rule ${rule.code} version ${rule.version} differs from the one in the database. Runs refer to it: give the correction a new version instead of editing.`)
      await insertRule(tx, null, { ...rule, id: uuidv7(), contentHash: hash })
      added += 1
    }
    return { added }
  })
}

export async function listServiceRules(db: Db, cityKey: string): Promise<ServiceRule[]> {
  const city = await getCity(db, cityKey)
  return listNewestRules(db, city.cityId)
}

/** The rule a code means in a city: its own before the common one. @throws AppError bad_request naming the codes there are. */
export async function getServiceRule(db: Db, cityId: number, code: string): Promise<ServiceRule> {
  const rule = (await findNewestRule(db, { cityId, code })) ?? (await findNewestRule(db, { cityId: null, code }))
  if (rule) return rule
  const codes = (await listNewestRules(db, cityId)).map((known) => known.code)
  throw new AppError('bad_request', `没有服务半径规则“${code}”：请从 ${codes.join('、')} 中选择。There is no service rule "${code}". Choose one of: ${codes.join(', ')}.`, { errors: [{ path: 'body.rule', message: '没有这条规则。Unknown rule' }] })
}

/** Adds a rule of a city's own; the same code again is its next version, earlier versions stay. */
export async function createServiceRule({ db, clock }: Pick<AppContext, 'db' | 'clock'>, principal: Principal, cityKey: string, body: Handled<typeof createServiceRuleEndpoint>['body']): Promise<ServiceRule> {
  const city = await getCity(db, cityKey)
  for (const [index, band] of body.bands.entries()) {
    if (band.maxAreaM2 !== null && band.maxAreaM2 <= band.minAreaM2) {
      throw new AppError('bad_request', '分级的面积上限必须大于下限。The upper area bound of a band must be greater than its lower bound.', { errors: [{ path: `body.bands.${index}.maxAreaM2`, message: '必须大于下限。Must be greater than minAreaM2' }] })
    }
  }
  return db.transaction(async (tx) => {
    const before = await findNewestRule(tx, { cityId: city.cityId, code: body.code })
    const rule = { ...body, id: uuidv7(), version: (before?.version ?? 0) + 1, verified: false, note: null }
    await insertRule(tx, city.cityId, { ...rule, source: null, confidence: null, contentHash: null, effectiveFrom: null })
    await recordAudit(tx, principal, city.cityId, { domain: 'coverage', action: 'createServiceRule', objectKind: 'service_rule', objectId: rule.id, details: { code: rule.code, version: rule.version } }, clock())
    return { ...rule, isOwn: true }
  })
}
