/**
 * Terminology
 * - responsibility 权责: which unit handles a class (under a condition, in an area), by which law; see responsibilities.ts.
 * - routing rule 派遣规则: ordered; the first that fits a case names the unit it goes to. A city's rules change only by a new version.
 * - suggestion: units ranked with their reasons; the dispatcher confirms, or overrides with a reason.
 */
import { z } from 'zod'
import { CityKey, CityParams } from './cities.ts'
import { endpoint } from './endpoint.ts'
import { IncidentSource } from './incidents.ts'

export const Text = (max: number) => z.string().trim().max(max).refine((text) => !/\0|\p{Surrogate}/u.test(text), 'holds characters that cannot be stored')
export const AreaCode = z.string().regex(/^\d{2,12}$/, 'must be 2 to 12 digits: the leading part of an administrative code')
export const ClassCode = z.string().regex(/^\d{2,5}$/, 'must be a class code (4 or 5 digits) or a large class (2 digits)')
export const ClassKind = z.enum(['part', 'event'])

export const Unit = z.object({ id: z.string(), code: z.string(), nameZh: z.string(), nameEn: z.string() })
export type Unit = z.infer<typeof Unit>

/** What a rule asks of a case; what is left out, it does not ask. Times are the city's local time; a range over midnight is allowed. */
export const RoutingConditions = z
  .object({
    /** Classes of different schemes may have the same codes. */
    schemeId: Text(60).min(1).optional(),
    classKind: ClassKind.optional(),
    classCodes: z.array(ClassCode).min(1).max(200).optional(),
    /** Numbers of filing conditions of the one small class that is named. */
    conditionOrdinals: z.array(z.number().int().min(1).max(99)).min(1).max(99).optional(),
    areaCodes: z.array(AreaCode).min(1).max(200).optional(),
    gridCodes: z.array(z.string().regex(/^[0-9A-Za-z]{6,20}$/)).min(1).max(2000).optional(),
    sources: z.array(IncidentSource).min(1).optional(),
    /** 1 = Monday … 7 = Sunday. */
    weekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7).optional(),
    fromMinute: z.number().int().min(0).max(1440).optional(),
    toMinute: z.number().int().min(0).max(1440).optional(),
  })
  .refine((given) => (given.fromMinute === undefined) === (given.toMinute === undefined), 'fromMinute and toMinute go together')
  .refine(({ conditionOrdinals, classKind, classCodes }) => conditionOrdinals === undefined || (classKind !== undefined && classCodes?.length === 1 && classCodes[0]!.length > 2), 'filing conditions go with one small class and its kind')
export type RoutingConditions = z.infer<typeof RoutingConditions>

export const RoutingRuleInput = z.object({
  title: Text(100).min(1),
  conditions: RoutingConditions,
  /** Code of an organisation. */
  target: Text(40).min(1),
  /** Somebody of that organisation whom the suggestion names; null for whoever is free. */
  person: z.uuid().nullable().default(null),
  legalBasis: Text(300).nullable().default(null),
  /** One that is switched off may name a unit or person that is gone. */
  isEnabled: z.boolean().default(true),
})
export type RoutingRuleInput = z.infer<typeof RoutingRuleInput>

export const RoutingRule = z.object({
  id: z.string(),
  ordinal: z.number().int(),
  title: z.string(),
  conditions: RoutingConditions,
  target: Unit,
  person: z.object({ id: z.string(), name: z.string() }).nullable(),
  legalBasis: z.string().nullable(),
  isEnabled: z.boolean(),
  /** Whether its unit, or the person it names there, is gone: it cannot be switched on. */
  isTargetGone: z.boolean(),
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
  /** Whom the rule or the grid names come first, then those with the least in hand. */
  people: z.array(z.object({ id: z.string(), name: z.string(), openCases: z.number().int(), namedBy: z.enum(['rule', 'grid_owner']).nullable() })),
})
export type Suggestion = z.infer<typeof Suggestion>

export const getRoutingRules = endpoint({
  name: 'getRoutingRules', access: 'dispatch.read', summary: 'The routing rules in force, or an earlier version', method: 'GET', path: '/cities/:city/routing-rules', params: CityParams,
  query: z.object({ version: z.coerce.number().int().min(1).optional() }), reply: RoutingRuleSet.extend({ versions: z.array(z.object({ version: z.number().int(), note: z.string(), createdBy: z.string(), activatedAt: z.iso.datetime({ offset: true }) })) }),
})
export const putRoutingRules = endpoint({
  name: 'putRoutingRules', access: 'dispatch.rules', summary: 'Put a new version of the routing rules into force', method: 'POST', path: '/cities/:city/routing-rules', status: 201, params: CityParams,
  body: z.object({ /** The version the edit began from; another in force by now is answered 409 `stale`. */ baseVersion: z.number().int().min(0), note: Text(300).default(''), rules: z.array(RoutingRuleInput).max(500) }), reply: RoutingRuleSet,
})

const Decision = z.object({ unit: Unit.nullable(), rule: z.string().nullable(), ordinal: z.number().int().nullable() })
export const ReplayRow = z.object({
  id: z.string(), reportNumber: z.string(), caseNumber: z.string().nullable(), className: z.string(), classKind: ClassKind, classCode: z.string(), areaName: z.string().nullable(), reportedAt: z.iso.datetime({ offset: true }),
  actual: z.string().nullable(),
  before: Decision,
  after: Decision,
  whyZh: z.string(), whyEn: z.string(),
})
export type ReplayRow = z.infer<typeof ReplayRow>
const ReplayQuestion = z.object({ rules: z.array(RoutingRuleInput).max(500), from: z.iso.datetime({ offset: true }).optional(), to: z.iso.datetime({ offset: true }).optional() })
const RuleCount = z.object({ ordinal: z.number().int(), title: z.string(), isEnabled: z.boolean(), count: z.number().int() })
export const replayRoutingRules = endpoint({
  name: 'replayRoutingRules', access: 'dispatch.read', summary: 'Play a past period through edited rules: what would have gone elsewhere, and why', method: 'POST', path: '/cities/:city/routing-rules/replay', params: CityParams,
  body: ReplayQuestion,
  reply: z.object({
    from: z.iso.datetime({ offset: true }), to: z.iso.datetime({ offset: true }),
    /** Version of the rules in force it was compared with; null when there are none. */
    comparedVersion: z.number().int().nullable(),
    cases: z.number().int(), changed: z.number().int(), unroutedBefore: z.number().int(), unroutedAfter: z.number().int(),
    /** True when the period held more cases than are played. */
    isCut: z.boolean(),
    flows: z.array(z.object({ from: Unit.nullable(), to: Unit.nullable(), count: z.number().int() })),
    /** Cases that each edited rule decided, and each rule in force. */
    byRule: z.array(RuleCount),
    byRuleBefore: z.array(RuleCount),
    /** Cases that would go elsewhere, oldest first; at most 2,000, the file has all. */
    rows: z.array(ReplayRow),
    /** Cases no edited rule fits; at most 500. */
    unmatched: z.array(ReplayRow),
  }),
})
export const REPLAY_EXPORT_FORMATS = ['csv', 'xlsx'] as const
export const exportReplay = endpoint({
  name: 'exportReplay', access: 'incidents.export', summary: 'The replay as a file: every case that would go elsewhere or nowhere, with the rules written in', method: 'POST', path: '/cities/:city/routing-rules/replay/file', params: CityParams,
  body: ReplayQuestion.extend({ format: z.enum(REPLAY_EXPORT_FORMATS) }), reply: z.unknown(),
})

export const suggestDispatch = endpoint({
  name: 'suggestDispatch', access: 'dispatch.read', summary: 'Units a case could go to, ranked, each with its reasons', method: 'GET', path: '/cities/:city/incidents/:id/dispatch-suggestions',
  params: z.object({ city: CityKey, id: z.uuid() }),
  reply: z.object({ suggestions: z.array(Suggestion), /** Every rule in order with why it did not fit, up to the one that did. */ trace: z.array(z.object({ ordinal: z.number().int(), title: z.string(), fits: z.boolean(), zh: z.string(), en: z.string() })), ruleSetVersion: z.number().int().nullable() }),
})
const OverridePart = z.object({
  from: z.iso.datetime({ offset: true }).optional(), to: z.iso.datetime({ offset: true }).optional(),
  /** Rows of the numerator or of the denominator. */
  part: z.enum(['overridden', 'dispatched']).default('overridden'),
})
export const getOverrideRate = endpoint({
  name: 'getOverrideRate', access: 'dispatch.read', summary: 'How often dispatchers chose otherwise than suggested, with the rows', method: 'GET', path: '/cities/:city/dispatch-overrides', params: CityParams,
  query: OverridePart.extend({
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  reply: z.object({
    from: z.iso.datetime({ offset: true }), to: z.iso.datetime({ offset: true }),
    dispatched: z.number().int(), overridden: z.number().int(), /** Null when nothing was dispatched with a suggestion. */ rate: z.number().nullable(),
    rows: z.array(z.object({
      incidentId: z.string(), reportNumber: z.string(), className: z.string(), suggested: Unit, chosen: Unit, isOverride: z.boolean(), reason: z.string().nullable(), by: z.string().nullable(), at: z.iso.datetime({ offset: true }),
    })),
  }),
})
export const OVERRIDE_EXPORT_FORMATS = ['csv', 'xlsx'] as const
export const exportOverrides = endpoint({
  name: 'exportOverrides', access: 'incidents.export', summary: 'The dispatches of either part of the override rate as a file, with figure and period written in', method: 'GET', path: '/cities/:city/dispatch-overrides/file', params: CityParams,
  query: OverridePart.extend({ format: z.enum(OVERRIDE_EXPORT_FORMATS) }), reply: z.unknown(),
})
