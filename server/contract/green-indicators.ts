/**
 * Terminology
 * - green index 绿地指标: a figure over green land of CJJ/T 85-2017 classes, people and land; its numerator opens to the features it counts.
 * - scope: the land that both sides of a fraction are about: the built-up area, or the whole city.
 * - at least: what is certain where something of the numerator is not known; the figure itself then has no value.
 */
import { z } from 'zod'
import { CityParams } from './cities.ts'
import { endpoint } from './endpoint.ts'

/** Class scheme of the green land that is counted; other schemes use the same codes for other things. */
export const GREEN_SCHEME = 'CJJT85-2017'

/** Kinds of green land that formulas add up, by the beginning of their class codes. */
export const GREEN_TERMS = {
  park: { classes: ['G1'], symbol: 'G1' },
  comprehensive_park: { classes: ['G11'], symbol: 'G11' },
  community_park: { classes: ['G12'], symbol: 'G12' },
  protective: { classes: ['G2'], symbol: 'G2' },
  square: { classes: ['G3'], symbol: 'G3' },
  /** The green part of squares: area times green ratio. */
  square_green: { classes: ['G3'], symbol: 'G3′' },
  attached: { classes: ['XG', 'RG', 'AG', 'BG', 'MG', 'WG', 'SG', 'UG'], symbol: 'XG' },
  regional: { classes: ['EG'], symbol: 'EG' },
} as const
export type GreenTerm = keyof typeof GREEN_TERMS

/** What a figure is made of. */
export type GreenBasis =
  | { kind: 'area'; terms: readonly GreenTerm[]; over: 'land' | 'people'; wholeCity?: true }
  | { kind: 'count'; terms: readonly GreenTerm[] }
  | { kind: 'least_county'; terms: readonly GreenTerm[] }
  | { kind: 'coverage'; rule: string }
  /** Nothing of a city's data tells it. */
  | { kind: 'not_held'; zh: string; en: string }

export interface GreenIndicatorDefinition {
  zh: string
  en: string
  formulaZh: string
  formulaEn: string
  unit: 'share' | 'm2_per_person' | 'per_10000_people' | 'km_per_10000_people'
  basis: GreenBasis
  source: string
}

const CJJ = 'CJJ/T 85-2017'

/** Every green index, in the order of the sheet. */
export const GREEN_INDICATORS = {
  park_area_per_person: { zh: '人均公园绿地面积', en: 'Park area per person', formulaZh: 'G1 面积 ÷ 人口', formulaEn: 'area of G1 / people', unit: 'm2_per_person', basis: { kind: 'area', terms: ['park'], over: 'people' }, source: CJJ },
  least_county_park_area_per_person: { zh: '各城区人均公园绿地面积最低值', en: 'Least park area per person of any district', formulaZh: '各区（G1 面积 ÷ 人口）的最小值', formulaEn: 'least of all districts of area of G1 / people', unit: 'm2_per_person', basis: { kind: 'least_county', terms: ['park'] }, source: '国家园林城市评选标准 2022' },
  comprehensive_park_area_per_person: { zh: '人均综合公园面积', en: 'Comprehensive parks per person', formulaZh: 'G11 面积 ÷ 人口', formulaEn: 'area of G11 / people', unit: 'm2_per_person', basis: { kind: 'area', terms: ['comprehensive_park'], over: 'people' }, source: 'GB 55014-2021 2.1.4' },
  community_park_area_per_person: { zh: '人均社区公园面积', en: 'Community parks per person', formulaZh: 'G12 面积 ÷ 人口', formulaEn: 'area of G12 / people', unit: 'm2_per_person', basis: { kind: 'area', terms: ['community_park'], over: 'people' }, source: 'GB 55014-2021 2.1.4' },
  service_radius_coverage: { zh: '公园绿化活动场地服务半径覆盖率', en: 'Service-radius coverage of park activity sites', formulaZh: '服务半径内居住用地面积 ÷ 居住用地面积', formulaEn: 'residential land within the service radii / residential land', unit: 'share', basis: { kind: 'coverage', rule: 'GARDEN_CITY_2022' }, source: 'GARDEN_CITY_2022' },
  green_land_ratio: { zh: '绿地率', en: 'Ratio of green land', formulaZh: '(G1 + G2 + G3′ + XG) 面积 ÷ 用地面积，G3′ 为广场的绿地部分', formulaEn: 'area of (G1 + G2 + G3′ + XG) / land, G3′ the green part of squares', unit: 'share', basis: { kind: 'area', terms: ['park', 'protective', 'square_green', 'attached'], over: 'land' }, source: CJJ },
  urban_rural_green_ratio: { zh: '城乡绿地率', en: 'Ratio of green land, urban and rural', formulaZh: '(G1 + G2 + G3′ + XG + EG) 面积 ÷ 市域面积', formulaEn: 'area of (G1 + G2 + G3′ + XG + EG) / land of the whole city', unit: 'share', basis: { kind: 'area', terms: ['park', 'protective', 'square_green', 'attached', 'regional'], over: 'land', wholeCity: true }, source: CJJ },
  green_area_per_person: { zh: '人均绿地面积', en: 'Green land per person', formulaZh: '(G1 + G2 + G3′ + XG) 面积 ÷ 人口', formulaEn: 'area of (G1 + G2 + G3′ + XG) / people', unit: 'm2_per_person', basis: { kind: 'area', terms: ['park', 'protective', 'square_green', 'attached'], over: 'people' }, source: CJJ },
  green_and_square_area_per_person: { zh: '人均绿地与广场用地面积', en: 'Green land and squares per person', formulaZh: '(G1 + G2 + G3) 面积 ÷ 人口', formulaEn: 'area of (G1 + G2 + G3) / people', unit: 'm2_per_person', basis: { kind: 'area', terms: ['park', 'protective', 'square'], over: 'people' }, source: 'GB 50137-2011' },
  comprehensive_parks_per_10000: { zh: '万人拥有综合公园指数', en: 'Comprehensive parks per 10,000 people', formulaZh: 'G11 个数 ÷ (人口 ÷ 10 000)', formulaEn: 'number of G11 / (people / 10,000)', unit: 'per_10000_people', basis: { kind: 'count', terms: ['comprehensive_park'] }, source: '国家园林城市系列标准' },
  green_cover_ratio: { zh: '绿化覆盖率', en: 'Ratio of green cover', formulaZh: '乔木、灌木和多年生草本垂直投影面积 ÷ 用地面积', formulaEn: 'vertical projection of trees, shrubs and perennials / land', unit: 'share', basis: { kind: 'not_held', zh: '需要遥感的植被投影图层，绿地面积之和不能代替。', en: 'needs a layer of plant cover from remote sensing; the sum of green land is no substitute.' }, source: CJJ },
  tree_and_shrub_share: { zh: '乔灌木占比', en: 'Share of trees and shrubs', formulaZh: '乔灌木覆盖面积 ÷ 绿化覆盖面积', formulaEn: 'cover of trees and shrubs / green cover', unit: 'share', basis: { kind: 'not_held', zh: '需要遥感的植被投影图层。', en: 'needs a layer of plant cover from remote sensing.' }, source: '国家园林城市评选标准 2022' },
  shaded_road_share: { zh: '林荫路覆盖率', en: 'Share of shaded roads', formulaZh: '遮荫率达到 90 % 的次干路与支路人行道长度 ÷ 其总长度', formulaEn: 'footways of secondary and branch roads with 90 % shade / all of them, by length', unit: 'share', basis: { kind: 'not_held', zh: '道路数据没有遮荫率。', en: 'roads carry no share of shade.' }, source: '国家园林城市评选标准 2022' },
  greenway_length_per_10000: { zh: '万人拥有绿道长度', en: 'Greenway length per 10,000 people', formulaZh: '绿道长度（km）÷ (人口 ÷ 10 000)', formulaEn: 'length of greenways (km) / (people / 10,000)', unit: 'km_per_10000_people', basis: { kind: 'not_held', zh: '道路数据不区分绿道。', en: 'roads do not tell greenways.' }, source: '国家园林城市评选标准 2022' },
} as const satisfies Record<string, GreenIndicatorDefinition>
export type GreenIndicatorKey = keyof typeof GREEN_INDICATORS
export const GREEN_INDICATOR_KEYS = Object.keys(GREEN_INDICATORS) as [GreenIndicatorKey, ...GreenIndicatorKey[]]
export const GreenIndicatorKey = z.enum(GREEN_INDICATOR_KEYS)

export const GreenScope = z.enum(['built_up', 'city'])
export type GreenScope = z.infer<typeof GreenScope>

/** A district or street that the scope is narrowed to. */
export const GreenUnit = z.object({ level: z.enum(['county', 'street']), code: z.string().min(1).max(40) })
export type GreenUnit = z.infer<typeof GreenUnit>

/** Whose people are counted, and of how many buildings or cells nobody says. */
export const GreenPeople = z.object({ source: z.enum(['buildings', 'population_cells', 'administrative_areas']), people: z.number(), withoutPeople: z.number().int() })
export type GreenPeople = z.infer<typeof GreenPeople>

export const GreenIndicatorRule = z.object({
  id: z.string(),
  indicator: GreenIndicatorKey,
  code: z.string(),
  version: z.number().int(),
  comparison: z.enum(['above', 'at_least']),
  threshold: z.number(),
  titleZh: z.string(),
  titleEn: z.string(),
  standard: z.string(),
  clause: z.string(),
  source: z.string(),
  confidence: z.enum(['high', 'medium', 'low']),
  verified: z.boolean(),
  note: z.string().nullable(),
  effectiveFrom: z.iso.date().nullable(),
})
export type GreenIndicatorRule = z.infer<typeof GreenIndicatorRule>

export const GreenIndicator = z.object({
  key: GreenIndicatorKey,
  nameZh: z.string(),
  nameEn: z.string(),
  formulaZh: z.string(),
  formulaEn: z.string(),
  unit: z.enum(['share', 'm2_per_person', 'per_10000_people', 'km_per_10000_people']),
  scope: GreenScope,
  /** Null where the denominator is 0 or something is not known; `reason` says what. */
  value: z.number().nullable(),
  /** What the value is at least, where only a part of the numerator is not known. */
  atLeast: z.number().nullable(),
  reasonZh: z.string().nullable(),
  reasonEn: z.string().nullable(),
  numerator: z.number().nullable(),
  numeratorUnit: z.enum(['m2', 'parks']).nullable(),
  denominator: z.number().nullable(),
  denominatorUnit: z.enum(['m2', 'people']).nullable(),
  /** District that the figure is about, where it is about one. */
  area: z.object({ code: z.string(), name: z.string().nullable() }).nullable(),
  /** Coverage run that the figure is taken from. */
  coverageRun: z.string().nullable(),
  /** `met` is null where the figure does not tell; `difference` is what the numerator has more (or, negative, less) than the threshold asks for, in its unit. */
  thresholds: z.array(GreenIndicatorRule.extend({ met: z.boolean().nullable(), difference: z.number().nullable() })),
  source: z.string(),
})
export type GreenIndicator = z.infer<typeof GreenIndicator>

export const getGreenIndicators = endpoint({
  name: 'getGreenIndicators',
  access: 'coverage.read',
  summary: 'Green indices with formula, numerator, denominator, thresholds and their standards',
  method: 'GET',
  path: '/cities/:city/green-indicators',
  params: CityParams,
  /** Without a scope the built-up area, or the whole city where there is none. */
  query: z.object({ scope: GreenScope.optional() }),
  reply: z.object({
    scope: GreenScope,
    landM2: z.number().nullable(),
    people: GreenPeople.nullable(),
    measureSrid: z.number().int(),
    measureName: z.string(),
    indicators: z.array(GreenIndicator),
    /** Green land that no index counts: without a class, or of another scheme. */
    notCounted: z.object({ count: z.number().int(), areaM2: z.number() }),
  }),
})

export const GreenIndicatorRow = z.object({
  id: z.string(),
  name: z.string().nullable(),
  classCode: z.string(),
  /** Within the scope, what an earlier feature holds taken out. */
  areaM2: z.number(),
  /** Share of 1. */
  greenRatio: z.number().nullable(),
  /** What of it counts, in the unit of the numerator. */
  counted: z.number(),
})
export type GreenIndicatorRow = z.infer<typeof GreenIndicatorRow>

export const listGreenIndicatorRows = endpoint({
  name: 'listGreenIndicatorRows',
  access: 'coverage.read',
  summary: 'The features behind the numerator of a green index, the most counted first',
  method: 'GET',
  path: '/cities/:city/green-indicators/:indicator/rows',
  params: CityParams.extend({ indicator: GreenIndicatorKey }),
  query: z.object({ scope: GreenScope.optional(), afterRank: z.coerce.number().int().min(0).default(0), limit: z.coerce.number().int().min(1).max(1000).default(100) }),
  reply: z.object({ scope: GreenScope, total: z.number().int(), numerator: z.number(), rows: z.array(GreenIndicatorRow.extend({ rank: z.number().int() })) }),
})
