/**
 * Evaluation 综合评价: counts and rates of areas, departments and posts over a period, composite scores, frozen publications.
 *
 * Terminology
 * - raw 原始: deadlines as first given; exempted 豁免后: suspensions, extensions and granted appeals taken into account.
 * - sample 样本: how many cases an object had to do; below the minimum it is listed apart and not ranked.
 * - publication 发布: figures frozen with the versions of registry and rules; a recomputation is a new version.
 */
import { z } from 'zod'
import { CityKey, CityParams } from './cities.ts'
import { endpoint } from './endpoint.ts'
import { ObjectKind } from './evaluation-objects.ts'
import { Cycle, Day } from './evaluation-periods.ts'
import { isIndicator, type IndicatorKey } from './evaluation-rates.ts'
import { EvaluationRule, NewRule } from './evaluation-rules.ts'
import { IncidentState } from './incidents.ts'

const Instant = z.iso.datetime({ offset: true })
const Indicator = z.string().refine((key): key is IndicatorKey => isIndicator(key), 'is not an indicator of the registry')
const IndicatorList = z.string().max(2000).transform((text) => text.split(',').filter(Boolean)).pipe(z.array(Indicator).min(1).max(100))

/** Which deadlines a table and its ranking go by. */
export const Basis = z.enum(['exempted', 'raw'])
export type Basis = z.infer<typeof Basis>

/** An indicator as the registry tells of it. */
export const IndicatorView = z.object({
  key: z.string(),
  kind: z.enum(['count', 'rate']),
  nameZh: z.string(),
  nameEn: z.string(),
  formulaZh: z.string(),
  formulaEn: z.string(),
  /** Conditions over the common base of cases, as they are sent to the database. */
  sql: z.string(),
  version: z.number().int(),
  unit: z.enum(['cases', 'times', 'hours', 'percent']),
  better: z.enum(['higher', 'lower']).nullable(),
  numerator: z.string().nullable(),
  denominator: z.string().nullable(),
  /** What a city can divide by. */
  denominatorChoices: z.array(z.string()),
  source: z.string(),
  objects: z.array(ObjectKind),
})
export type IndicatorView = z.infer<typeof IndicatorView>

export const listIndicators = endpoint({
  name: 'listIndicators',
  access: 'evaluation.read',
  summary: 'The registry of indicators: names, formulas, SQL, versions, denominators in force',
  method: 'GET',
  path: '/cities/:city/evaluation/indicators',
  params: CityParams,
  reply: z.object({ registryVersion: z.number().int(), rule: EvaluationRule, indicators: z.array(IndicatorView), baseSql: z.string() }),
})

/** One figure: `[numerator, denominator, value]`; a count has no denominator, and a value is null where there is nothing to divide by. */
export const Figure = z.object({
  numerator: z.number(),
  denominator: z.number().nullable(),
  /** Percent, hours or cases, as the indicator's unit says; two decimals. */
  value: z.number().nullable(),
  /** Wilson interval of a share, in percent. */
  interval: z.tuple([z.number(), z.number()]).nullable(),
})
export type Figure = z.infer<typeof Figure>

export const EvaluatedFigure = z.object({ exempted: Figure, raw: Figure })
export type EvaluatedFigure = z.infer<typeof EvaluatedFigure>

export const ScoreDetail = z.object({ indicator: z.string(), weight: z.number(), value: z.number().nullable(), points: z.number().nullable() })
export type ScoreDetail = z.infer<typeof ScoreDetail>

export const EvaluatedObject = z.object({
  /** Area code, department code or person; empty for cases that lie in no area of the kind. */
  key: z.string(),
  name: z.string(),
  population: z.number().nullable(),
  figures: z.record(z.string(), EvaluatedFigure),
  sample: z.number(),
  score: z.number().nullable(),
  /** What the score is at least and at most, by the intervals of its parts. */
  scoreInterval: z.tuple([z.number(), z.number()]).nullable(),
  deduction: z.number(),
  parts: z.array(ScoreDetail),
  grade: z.number().int().min(1).max(5).nullable(),
  rank: z.number().int().nullable(),
  /** Why it has no rank. */
  unranked: z.enum(['sample', 'no_value', 'no_object']).nullable(),
})
export type EvaluatedObject = z.infer<typeof EvaluatedObject>

export const EvaluationTable = z.object({
  object: ObjectKind,
  cycle: Cycle,
  fromDay: z.string(),
  untilDay: z.string(),
  basis: Basis,
  /** The period has not ended yet: figures go up to `asOf`. */
  isOpen: z.boolean(),
  asOf: Instant,
  registryVersion: z.number().int(),
  ruleVersion: z.number().int(),
  minimumSample: z.number().int(),
  sampleIndicator: z.string(),
  indicators: z.array(z.string()),
  total: z.record(z.string(), EvaluatedFigure),
  objects: z.array(EvaluatedObject),
})
export type EvaluationTable = z.infer<typeof EvaluationTable>

const Asked = z.object({
  object: ObjectKind,
  cycle: Cycle.default('month'),
  /** Any local day of the period. */
  day: Day,
  basis: Basis.default('exempted'),
})
export type Asked = z.infer<typeof Asked>

const TableQuery = Asked.extend({ /** Comma-separated; without it every rate that means something for the object. */ indicators: IndicatorList.optional() })

export const evaluate = endpoint({
  name: 'evaluate',
  access: 'evaluation.read',
  summary: 'Counts, rates, scores and ranks of areas, departments or posts over a period',
  method: 'GET',
  path: '/cities/:city/evaluation/table',
  params: CityParams,
  query: TableQuery,
  reply: EvaluationTable,
})

export const FigurePart = z.enum(['numerator', 'denominator'])
export type FigurePart = z.infer<typeof FigurePart>

export const IndicatorRow = z.object({
  id: z.string(),
  reportNumber: z.string(),
  caseNumber: z.string().nullable(),
  className: z.string(),
  state: IncidentState,
  address: z.string().nullable(),
  department: z.string().nullable(),
  reportedAt: Instant,
  filedAt: Instant.nullable(),
  dispatchedAt: Instant.nullable(),
  disposedAt: Instant.nullable(),
  dueAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  /** Whether its handling was late by the deadline first given, and after exemptions; null where it cannot be judged. */
  isLateRaw: z.boolean().nullable(),
  isLateExempted: z.boolean().nullable(),
  /** What it adds to the figure: 1, or times, or hours. */
  amount: z.number(),
})
export type IndicatorRow = z.infer<typeof IndicatorRow>

export const listIndicatorRows = endpoint({
  name: 'listIndicatorRows',
  access: 'evaluation.read',
  summary: 'The cases behind a figure',
  method: 'GET',
  path: '/cities/:city/evaluation/rows',
  params: CityParams,
  query: Asked.extend({
    indicator: Indicator,
    part: FigurePart.default('numerator'),
    /** Without it the whole city. */
    objectKey: z.string().max(200).optional(),
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  reply: z.object({ rows: z.array(IndicatorRow), nextCursor: z.string().nullable(), total: z.number(), count: z.number().int(), asOf: Instant }),
})

export const EVALUATION_EXPORT_FORMATS = ['csv', 'xlsx'] as const
export const exportEvaluation = endpoint({
  name: 'exportEvaluation',
  access: 'evaluation.read',
  summary: 'The table as a file, formulas and versions written in',
  method: 'GET',
  path: '/cities/:city/evaluation/export',
  params: CityParams,
  query: TableQuery.extend({ format: z.enum(EVALUATION_EXPORT_FORMATS).default('xlsx'), /** A publication instead of the live figures. */ publication: z.uuid().optional() }),
  reply: z.unknown(),
})

export const listEvaluationRules = endpoint({
  name: 'listEvaluationRules',
  access: 'evaluation.read',
  summary: 'The rules of evaluation in force and before, newest first',
  method: 'GET',
  path: '/cities/:city/evaluation/rules',
  params: CityParams,
  reply: z.object({ rules: z.array(EvaluationRule) }),
})

export const createEvaluationRule = endpoint({
  name: 'createEvaluationRule',
  access: 'evaluation.publish',
  summary: 'Put a new version of the city’s rules of evaluation in force; earlier versions stay',
  method: 'POST',
  path: '/cities/:city/evaluation/rules',
  status: 201,
  params: CityParams,
  body: NewRule,
  reply: EvaluationRule,
})

export const Publication = z.object({
  id: z.string(),
  cycle: Cycle,
  fromDay: z.string(),
  untilDay: z.string(),
  version: z.number().int(),
  registryVersion: z.number().int(),
  ruleVersion: z.number().int(),
  asOf: Instant,
  publishedAt: Instant,
  publishedBy: z.string(),
  note: z.string().nullable(),
  /** SHA-256 over every frozen figure. */
  contentHash: z.string(),
  objects: z.array(ObjectKind),
})
export type Publication = z.infer<typeof Publication>

export const publishPeriod = endpoint({
  name: 'publishPeriod',
  access: 'evaluation.publish',
  summary: 'Freeze the figures of a period that has ended; again only as a new version, with a reason',
  method: 'POST',
  path: '/cities/:city/evaluation/publications',
  status: 201,
  params: CityParams,
  body: z.object({ cycle: Cycle.default('month'), day: Day, note: z.string().trim().min(1).max(500).optional(), /** Versions the caller knows of; one more in between is a conflict. */ knownVersion: z.number().int().min(0).default(0) }),
  reply: Publication,
})

export const listPublications = endpoint({
  name: 'listPublications',
  access: 'evaluation.read',
  summary: 'Publications, newest period first, every version',
  method: 'GET',
  path: '/cities/:city/evaluation/publications',
  params: CityParams,
  query: z.object({ cycle: Cycle.optional(), limit: z.coerce.number().int().min(1).max(200).default(60) }),
  reply: z.object({ publications: z.array(Publication) }),
})

const PublicationParams = z.object({ city: CityKey, publication: z.uuid() })

export const getPublication = endpoint({
  name: 'getPublication',
  access: 'evaluation.read',
  summary: 'The frozen table of a publication',
  method: 'GET',
  path: '/cities/:city/evaluation/publications/:publication',
  params: PublicationParams,
  query: z.object({ object: ObjectKind }),
  reply: z.object({ publication: Publication, table: EvaluationTable }),
})

export const comparePublication = endpoint({
  name: 'comparePublication',
  access: 'evaluation.read',
  summary: 'Figures of a publication that read differently today',
  method: 'GET',
  path: '/cities/:city/evaluation/publications/:publication/comparison',
  params: PublicationParams,
  query: z.object({ object: ObjectKind }),
  reply: z.object({
    publication: Publication,
    asOf: Instant,
    compared: z.number().int(),
    changes: z.array(z.object({ objectKey: z.string(), objectName: z.string(), indicator: z.string(), published: Figure.nullable(), live: Figure.nullable() })),
  }),
})

/** What the reporter answered when asked afterwards 回访, and problems found that a collector missed 漏报: bases of two rates. */
export const recordReturnVisit = endpoint({
  name: 'recordReturnVisit',
  access: 'incidents.act',
  summary: 'Record how satisfied the reporter of an ended case is',
  method: 'POST',
  path: '/cities/:city/incidents/:id/return-visits',
  status: 201,
  params: z.object({ city: CityKey, id: z.uuid() }),
  body: z.object({ outcome: z.enum(['very_satisfied', 'satisfied', 'unsatisfied']), note: z.string().trim().max(500).optional() }),
  reply: z.object({ id: z.string(), visitedAt: Instant }),
})

export const recordMissedReport = endpoint({
  name: 'recordMissedReport',
  access: 'evaluation.publish',
  summary: 'Record that an inspection found a case which the collector in charge had not reported',
  method: 'POST',
  path: '/cities/:city/incidents/:id/missed-report',
  status: 201,
  params: z.object({ city: CityKey, id: z.uuid() }),
  body: z.object({ collector: z.string().trim().min(1).max(100), note: z.string().trim().max(500).optional() }),
  reply: z.object({ id: z.string(), foundAt: Instant }),
})
