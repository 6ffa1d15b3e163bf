/**
 * Terminology
 * - responsibility 权责: which unit handles a class (under a condition, in an area), by which law.
 * - routing rule 派遣规则: ordered; the first that fits a case names the unit it goes to. A city's rules change only by a new version.
 * - suggestion: units ranked with their reasons; the dispatcher confirms, or overrides with a reason.
 */
import { z } from 'zod'
import { CityKey, CityParams } from './cities.ts'
import { endpoint } from './endpoint.ts'
import { IncidentSource } from './incidents.ts'

const Text = (max: number) => z.string().trim().max(max).refine((text) => !/\0|\p{Surrogate}/u.test(text), 'holds characters that cannot be stored')
const AreaCode = z.string().regex(/^\d{2,12}$/, 'must be 2 to 12 digits: the leading part of an administrative code')
const ClassCode = z.string().regex(/^\d{2,5}$/, 'must be a class code (4 or 5 digits) or a large class (2 digits)')
const ClassKind = z.enum(['part', 'event'])

export const Unit = z.object({ id: z.string(), code: z.string(), nameZh: z.string(), nameEn: z.string() })
export type Unit = z.infer<typeof Unit>

export const Responsibility = z.object({
  id: z.string(),
  schemeId: z.string(),
  classKind: ClassKind,
  classCode: z.string(),
  className: z.string().nullable(),
  conditionOrdinal: z.number().int().nullable(),
  areaCode: z.string().nullable(),
  areaName: z.string().nullable(),
  unit: Unit,
  competent: Unit.nullable(),
  priority: z.number().int(),
  legalBasis: z.string().nullable(),
  clause: z.string().nullable(),
  requirement: z.string().nullable(),
  source: z.string(),
  verified: z.boolean(),
})
export type Responsibility = z.infer<typeof Responsibility>

export const ResponsibilityInput = z.object({
  schemeId: Text(40).default('GBT30428.2-2013'),
  classKind: ClassKind,
  classCode: ClassCode,
  conditionOrdinal: z.number().int().min(1).max(99).nullable().default(null),
  areaCode: AreaCode.nullable().default(null),
  /** Code of an organisation of the city. */
  unit: Text(40).min(1),
  competent: Text(40).nullable().default(null),
  priority: z.number().int().min(1).max(9).default(1),
  legalBasis: Text(300).nullable().default(null),
  clause: Text(1000).nullable().default(null),
  requirement: Text(1000).nullable().default(null),
  source: Text(300).min(1),
})
export type ResponsibilityInput = z.infer<typeof ResponsibilityInput>

/** What a rule asks of a case; what is left out, it does not ask. Times are the city's local time; a range over midnight is allowed. */
export const RoutingConditions = z
  .object({
    classKind: ClassKind.optional(),
    classCodes: z.array(ClassCode).min(1).max(200).optional(),
    areaCodes: z.array(AreaCode).min(1).max(200).optional(),
    gridCodes: z.array(z.string().regex(/^[0-9A-Za-z]{6,20}$/)).min(1).max(2000).optional(),
    sources: z.array(IncidentSource).min(1).optional(),
    /** 1 = Monday … 7 = Sunday. */
    weekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7).optional(),
    fromMinute: z.number().int().min(0).max(1440).optional(),
    toMinute: z.number().int().min(0).max(1440).optional(),
  })
  .refine((given) => (given.fromMinute === undefined) === (given.toMinute === undefined), 'fromMinute and toMinute go together')
export type RoutingConditions = z.infer<typeof RoutingConditions>

export const RoutingRuleInput = z.object({ title: Text(100).min(1), conditions: RoutingConditions, /** Code of an organisation. */ target: Text(40).min(1), isEnabled: z.boolean().default(true) })
export type RoutingRuleInput = z.infer<typeof RoutingRuleInput>

export const RoutingRule = z.object({
  id: z.string(),
  ordinal: z.number().int(),
  title: z.string(),
  conditions: RoutingConditions,
  target: Unit,
  isEnabled: z.boolean(),
  /** Why a rule switched itself off. */
  disabledReason: z.string().nullable(),
})
export type RoutingRule = z.infer<typeof RoutingRule>

export const RoutingRuleSet = z.object({ version: z.number().int(), note: z.string(), createdBy: z.string(), activatedAt: z.iso.datetime({ offset: true }).nullable(), rules: z.array(RoutingRule) })
export type RoutingRuleSet = z.infer<typeof RoutingRuleSet>

export const Reason = z.object({
  key: z.enum(['rule', 'matrix', 'grid_owner', 'load', 'distance', 'on_time']),
  zh: z.string(),
  en: z.string(),
  /** Points it adds to the ranking; 0 for what is only told. */
  points: z.number(),
})
export type Reason = z.infer<typeof Reason>

export const Suggestion = z.object({
  rank: z.number().int(),
  unit: Unit,
  points: z.number(),
  reasons: z.array(Reason),
  openCases: z.number().int(),
  /** Share of the cases it handled in the last 90 days that were in time; null when it handled none. */
  onTimeRate: z.number().nullable(),
  nearestOpenMeters: z.number().nullable(),
  people: z.array(z.object({ id: z.string(), name: z.string(), openCases: z.number().int() })),
})
export type Suggestion = z.infer<typeof Suggestion>

export const listResponsibilities = endpoint({
  name: 'listResponsibilities', access: 'dispatch.read', summary: 'The responsibility matrix, by class', method: 'GET', path: '/cities/:city/responsibilities', params: CityParams,
  query: z.object({ classKind: ClassKind.optional(), classCode: ClassCode.optional(), unit: Text(40).optional(), limit: z.coerce.number().int().min(1).max(2000).default(500) }),
  reply: z.object({ rows: z.array(Responsibility), total: z.number().int() }),
})
export const addResponsibilities = endpoint({
  name: 'addResponsibilities', access: 'dispatch.rules', summary: 'Add rows to the responsibility matrix; all or none', method: 'POST', path: '/cities/:city/responsibilities', status: 201, params: CityParams,
  body: z.object({ rows: z.array(ResponsibilityInput).min(1).max(2000) }), reply: z.object({ added: z.number().int() }),
})
export const endResponsibility = endpoint({
  name: 'endResponsibility', access: 'dispatch.rules', summary: 'End a row of the matrix; cases routed by it keep it', method: 'POST', path: '/cities/:city/responsibilities/:id/end',
  params: z.object({ city: CityKey, id: z.uuid() }), reply: z.object({ ended: z.boolean() }),
})
export const getRoutingRules = endpoint({
  name: 'getRoutingRules', access: 'dispatch.read', summary: 'The routing rules in force, or an earlier version', method: 'GET', path: '/cities/:city/routing-rules', params: CityParams,
  query: z.object({ version: z.coerce.number().int().min(1).optional() }), reply: RoutingRuleSet.extend({ versions: z.array(z.object({ version: z.number().int(), note: z.string(), createdBy: z.string(), activatedAt: z.iso.datetime({ offset: true }) })) }),
})
export const putRoutingRules = endpoint({
  name: 'putRoutingRules', access: 'dispatch.rules', summary: 'Put a new version of the routing rules into force', method: 'POST', path: '/cities/:city/routing-rules', status: 201, params: CityParams,
  body: z.object({ /** The version the edit began from; another in force by now is answered 409 `stale`. */ baseVersion: z.number().int().min(0), note: Text(300).default(''), rules: z.array(RoutingRuleInput).max(500) }), reply: RoutingRuleSet,
})

export const ReplayRow = z.object({
  id: z.string(), reportNumber: z.string(), caseNumber: z.string().nullable(), className: z.string(), classCode: z.string(), areaName: z.string().nullable(), reportedAt: z.iso.datetime({ offset: true }),
  actual: z.string().nullable(),
  before: z.object({ unit: Unit.nullable(), rule: z.string().nullable() }),
  after: z.object({ unit: Unit.nullable(), rule: z.string().nullable() }),
  whyZh: z.string(), whyEn: z.string(),
})
export const replayRoutingRules = endpoint({
  name: 'replayRoutingRules', access: 'dispatch.read', summary: 'Play a past period through edited rules: what would have gone elsewhere, and why', method: 'POST', path: '/cities/:city/routing-rules/replay', params: CityParams,
  body: z.object({ rules: z.array(RoutingRuleInput).max(500), from: z.iso.datetime({ offset: true }).optional(), to: z.iso.datetime({ offset: true }).optional() }),
  reply: z.object({
    from: z.iso.datetime({ offset: true }), to: z.iso.datetime({ offset: true }),
    cases: z.number().int(), changed: z.number().int(), unroutedBefore: z.number().int(), unroutedAfter: z.number().int(),
    /** True when the period held more cases than are played. */
    isCut: z.boolean(),
    flows: z.array(z.object({ from: Unit.nullable(), to: Unit.nullable(), count: z.number().int() })),
    byRule: z.array(z.object({ ordinal: z.number().int(), title: z.string(), count: z.number().int() })),
    rows: z.array(ReplayRow),
  }),
})

export const suggestDispatch = endpoint({
  name: 'suggestDispatch', access: 'dispatch.read', summary: 'Units a case could go to, ranked, each with its reasons', method: 'GET', path: '/cities/:city/incidents/:id/dispatch-suggestions',
  params: z.object({ city: CityKey, id: z.uuid() }),
  reply: z.object({ suggestions: z.array(Suggestion), /** Every rule in order with why it did not fit, up to the one that did. */ trace: z.array(z.object({ ordinal: z.number().int(), title: z.string(), fits: z.boolean(), zh: z.string(), en: z.string() })), ruleSetVersion: z.number().int().nullable() }),
})
export const getOverrideRate = endpoint({
  name: 'getOverrideRate', access: 'dispatch.read', summary: 'How often dispatchers chose otherwise than suggested, with the rows', method: 'GET', path: '/cities/:city/dispatch-overrides', params: CityParams,
  query: z.object({ from: z.iso.datetime({ offset: true }).optional(), to: z.iso.datetime({ offset: true }).optional(), limit: z.coerce.number().int().min(1).max(500).default(100) }),
  reply: z.object({
    dispatched: z.number().int(), overridden: z.number().int(), /** Null when nothing was dispatched with a suggestion. */ rate: z.number().nullable(),
    rows: z.array(z.object({ incidentId: z.string(), reportNumber: z.string(), suggested: z.string().nullable(), chosen: z.string(), reason: z.string().nullable(), by: z.string().nullable(), at: z.iso.datetime({ offset: true }) })),
  }),
})
