/**
 * Terminology
 * - management gap 管理盲区: a unit that nobody answers for (责任盲区), that reports too little (漏报盲区), that nobody looked at (关注盲区), or whose data are wanting (数据盲区).
 * - unit: what is judged: a cell of the unit grid, a community, a street; for data also a layer or a single feature.
 * - weight: by what units of one kind are ranked, the gravest first: people, missing cases, days, metres or months, by kind.
 */
import { z } from 'zod'
import { CityParams } from './cities.ts'
import { endpoint } from './endpoint.ts'
import { FeatureKind } from './layers.ts'
import { RUN_FILE_FORMATS } from './run-files.ts'

interface GapKindDefinition {
  zh: string
  en: string
  /** False for what is told of a unit without being a gap. */
  isGap: boolean
}

/** Every kind of every layer, the gravest first. */
export const GAP_LAYERS = {
  responsibility: {
    no_owner: { zh: '无责任单位', en: 'Nobody owns it', isGap: true },
    owner_gone: { zh: '责任单位已撤销', en: 'Its owner is gone', isGap: true },
    no_cells: { zh: '未划网格', en: 'Without cells', isGap: true },
    uncovered: { zh: '网格未铺满', en: 'Partly without cells', isGap: true },
    no_person: { zh: '无责任人', en: 'No person named', isGap: true },
    no_collector: { zh: '无采集员', en: 'No collector', isGap: true },
  },
  reporting: {
    under_reported: { zh: '上报偏少', en: 'Under-reported', isGap: true },
    too_few: { zh: '期望过小，不判断', en: 'Too few expected to tell', isGap: false },
    unknown: { zh: '无法计算期望', en: 'No expectation', isGap: false },
    as_expected: { zh: '与期望相符', en: 'As expected', isGap: false },
    above_expected: { zh: '高于期望', en: 'Above expectation', isGap: false },
  },
  attention: {
    never_checked: { zh: '有案件，从未核查', en: 'Cases, never checked', isGap: true },
    stale: { zh: '久未核查', en: 'Not checked lately', isGap: true },
    no_case: { zh: '从无案件', en: 'Never had a case', isGap: true },
  },
  data: {
    missing: { zh: '有人无数据', en: 'People but no data', isGap: true },
    wrong_unit: { zh: '位置与编码不符', en: 'Not where its code says', isGap: true },
    outside_city: { zh: '在城市范围外', en: 'Outside the city', isGap: true },
    unplaced: { zh: '网格无街道或社区', en: 'Cell without street or community', isGap: true },
    old: { zh: '图层久未更新', en: 'Layer not renewed', isGap: true },
  },
} as const satisfies Record<string, Record<string, GapKindDefinition>>

export type GapLayer = keyof typeof GAP_LAYERS
type KindsOf<Layer extends GapLayer> = keyof (typeof GAP_LAYERS)[Layer]
export type GapKind = { [Layer in GapLayer]: KindsOf<Layer> }[GapLayer]
export const GAP_LAYER_KEYS = Object.keys(GAP_LAYERS) as [GapLayer, ...GapLayer[]]
export const GapLayer = z.enum(GAP_LAYER_KEYS)
const KIND_KEYS = GAP_LAYER_KEYS.flatMap((layer) => Object.keys(GAP_LAYERS[layer])) as [GapKind, ...GapKind[]]
export const GapKind = z.enum(KIND_KEYS)

/** The kinds of a layer, the gravest first. */
export function gapKindsOf(layer: GapLayer): GapKind[] {
  return Object.keys(GAP_LAYERS[layer]) as GapKind[]
}

/** What a kind is called and whether it is a gap. */
export function gapKind(kind: GapKind): GapKindDefinition {
  for (const layer of GAP_LAYER_KEYS) {
    const kinds: Partial<Record<GapKind, GapKindDefinition>> = GAP_LAYERS[layer]
    const found = kinds[kind]
    if (found) return found
  }
  throw new TypeError(`no layer has the kind ${kind}`)
}

/** What counts as a check 核查: somebody went and looked at the result of a case, and said whether it will do. */
export const CHECK_ACTIONS = { zh: '核查通过、核查不通过，或核查中退回返工', en: 'check passed, check failed, or sent back for rework from a check' }

export const GapUnitLevel = z.enum(['cell', 'community', 'street'])
export type GapUnitLevel = z.infer<typeof GapUnitLevel>

/** The figures that a unit's sentence is made from; which there are goes by its kind. */
export const GapFigures = z.object({
  people: z.number().nullable().optional(),
  /** Organisation that is gone, or that names no person. */
  owner: z.string().optional(),
  /** Share of its land in none of its cells. */
  uncoveredShare: z.number().optional(),
  /** Of an area without an owner: its cells that have none either. */
  openCells: z.number().int().optional(),
  /** Cases reported in the period. */
  cases: z.number().int().optional(),
  periodDays: z.number().int().optional(),
  expected: z.number().optional(),
  lower: z.number().int().optional(),
  upper: z.number().int().optional(),
  leastExpected: z.number().optional(),
  /** Day of the last check, by the city's clock. */
  checkedOn: z.iso.date().optional(),
  /** Whole days since the last check. */
  daysAgo: z.number().int().optional(),
  days: z.number().int().optional(),
  missing: z.array(FeatureKind).optional(),
  /** What sort of feature it is. */
  feature: z.enum(['parts', 'incidents', 'facilities', 'unit_grids']).optional(),
  statedCode: z.string().optional(),
  /** Null where no unit holds it. */
  foundCode: z.string().nullable().optional(),
  /** Null where the stated unit does not exist. */
  meters: z.number().nullable().optional(),
  without: z.enum(['street', 'community', 'both']).optional(),
  dated: z.iso.date().optional(),
  datedBy: z.enum(['data_date', 'updated_at']).optional(),
  /** Whole months since. */
  monthsAgo: z.number().int().optional(),
  months: z.number().int().optional(),
})
export type GapFigures = z.infer<typeof GapFigures>

export const GapUnit = z.object({
  /** `feature` has an id of its kind; `layer` the key of a catalogue layer as code. */
  level: z.enum(['cell', 'community', 'street', 'feature', 'layer']),
  id: z.string(),
  code: z.string(),
  name: z.string().nullable(),
  /** Layer of the map that draws it; null where there is nothing to draw or a point has to do. */
  drawnBy: z.enum(['unit_grids', 'administrative_areas']).nullable(),
  streetName: z.string().nullable(),
  communityName: z.string().nullable(),
  kind: GapKind,
  weight: z.number().nullable(),
  center: z.tuple([z.number(), z.number()]).nullable(),
  figures: GapFigures,
})
export type GapUnit = z.infer<typeof GapUnit>

export const GapRow = GapUnit.extend({ rank: z.number().int(), sentenceZh: z.string(), sentenceEn: z.string() })
export type GapRow = z.infer<typeof GapRow>

export const GapRule = z.object({ name: z.string(), version: z.number().int(), value: z.number(), source: z.string(), verified: z.boolean(), isOwn: z.boolean() })
export type GapRule = z.infer<typeof GapRule>

const Text = z.object({ zh: z.string(), en: z.string() })

export const GapLayerSummary = z.object({
  layer: GapLayer,
  /** Rows that the list has. */
  count: z.number().int(),
  /** Null where the layer judges units of several sorts; its kinds then have their own. */
  total: z.number().int().nullable(),
  /** Null where the denominator is 0 or there is none. */
  share: z.number().nullable(),
  kinds: z.array(z.object({ kind: GapKind, count: z.number().int(), total: z.number().int(), share: z.number().nullable() })),
  /** What there is no telling of, and why. */
  untold: z.array(Text),
})
export type GapLayerSummary = z.infer<typeof GapLayerSummary>

export const GAP_COVARIATES = ['people', 'road_km', 'facilities', 'parts'] as const
export type GapCovariate = (typeof GAP_COVARIATES)[number]

/** How expected cases were counted. */
export const CountModel = z.object({
  family: z.enum(['poisson', 'negative_binomial']),
  /** Communities in the fit. */
  communities: z.number().int(),
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  coefficients: z.array(z.object({ covariate: z.enum(GAP_COVARIATES).nullable(), estimate: z.number(), standardError: z.number() })),
  /** Covariates left out, and why. */
  leftOut: z.array(z.object({ covariate: z.enum(GAP_COVARIATES), why: z.enum(['too_few_communities', 'says_nothing_new']) })),
  theta: z.number().nullable(),
  thetaStandardError: z.number().nullable(),
  deviance: z.number(),
  nullDeviance: z.number(),
  degreesOfFreedom: z.number().int(),
  /** Pearson's χ² over the degrees of freedom: near 1 where the spread fits. */
  dispersion: z.number(),
  logLikelihood: z.number(),
  akaike: z.number(),
  /** 1 − log-likelihood over that of a constant alone (McFadden 1974). */
  pseudoR2: z.number(),
  /** Share of the deviance of a constant alone that the model explains (Cameron & Windmeijer 1996). */
  devianceExplained: z.number(),
  isConverged: z.boolean(),
  /** Share of either tail beyond the interval. */
  tailShare: z.number(),
})
export type CountModel = z.infer<typeof CountModel>

export const GapQuery = z.object({
  /** What responsibility is judged by; cells without it. */
  level: GapUnitLevel.default('cell'),
  /** Days of cases that expected and actual counts are about; the rule's without it. */
  periodDays: z.coerce.number().int().min(7).max(3660).optional(),
  /** Days without a check from which a cell is told; the rule's without it. */
  days: z.coerce.number().int().min(1).max(3660).optional(),
  /** Months without renewal from which a layer is old; the rule's without it. */
  months: z.coerce.number().int().min(1).max(600).optional(),
})
export type GapQuery = z.infer<typeof GapQuery>

export const GapListQuery = GapQuery.extend({
  kind: GapKind.optional(),
  /** Also units that are no gap, where the layer judges them (reporting). */
  everyUnit: z.stringbool().default(false),
})
export type GapListQuery = z.infer<typeof GapListQuery>

const Asked = z.object({
  level: GapUnitLevel,
  periodDays: z.number().int(),
  days: z.number().int(),
  months: z.number().int(),
  rules: z.array(GapRule),
  /** What counts as a check. */
  checks: Text,
})
const LayerParams = CityParams.extend({ layer: GapLayer })

export const getManagementGaps = endpoint({
  name: 'getManagementGaps', access: 'coverage.read', summary: 'Management gaps of responsibility, reporting, attention and data: how many, of how many', method: 'GET', path: '/cities/:city/management-gaps',
  params: CityParams, query: GapQuery,
  reply: z.object({ asOf: z.iso.datetime({ offset: true }), asked: Asked, layers: z.array(GapLayerSummary) }),
})

export const listManagementGaps = endpoint({
  name: 'listManagementGaps', access: 'coverage.read', summary: 'The units of a layer of management gaps, the gravest first, each with its sentence', method: 'GET', path: '/cities/:city/management-gaps/:layer',
  params: LayerParams, query: GapListQuery.extend({ afterRank: z.coerce.number().int().min(0).default(0), limit: z.coerce.number().int().min(1).max(1000).default(100) }),
  reply: z.object({
    asOf: z.iso.datetime({ offset: true }), asked: Asked, summary: GapLayerSummary, model: CountModel.nullable(),
    /** Rows under the filter. */
    total: z.number().int(),
    rows: z.array(GapRow),
    /** Where the next page begins; null on the last. */
    afterRank: z.number().int().nullable(),
  }),
})

/** More units than this do not go on the map at once; the gravest do. */
export const GAP_MAP_UNITS = 20_000

export const getManagementGapMap = endpoint({
  name: 'getManagementGapMap', access: 'coverage.read', summary: 'The units of a layer for the map: which feature of which tiles, or which point, and what its sentence is made from', method: 'GET', path: '/cities/:city/management-gaps/:layer/map',
  params: LayerParams, query: GapListQuery,
  reply: z.object({ asOf: z.iso.datetime({ offset: true }), isCut: z.boolean(), units: z.array(GapUnit.extend({ rank: z.number().int() })) }),
})

export const GAP_EXPORT_FORMATS = RUN_FILE_FORMATS
export const GAP_EXPORT_PATH = '/cities/:city/management-gaps/:layer/export'
