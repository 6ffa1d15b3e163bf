/**
 * Terminology
 * - indicator sheet 指标表: one answer of several blocks about one scope: each figure with its threshold, source and the rows behind it.
 * - block: a part of the sheet that can be asked for alone.
 * - no value 无值: something is missing or a denominator is 0; never told as 0.
 */
import { z } from 'zod'
import { CityParams } from './cities.ts'
import { DatedLayer } from './coverage.ts'
import { endpoint, type Reply } from './endpoint.ts'
import { GreenIndicator, GreenPeople, GreenScope, GreenUnit } from './green-indicators.ts'
import { Position } from './geojson.ts'
import { ReachDrawing, ReachFigure } from './green-reach.ts'
import { NotEntered } from './not-entered.ts'
import { planningKind } from './planning-kind.ts'
import { SpacingDrawing, SpacingFigure } from './spacing.ts'

export const INDICATORS_ENGINE_VERSION = '2'

/** 法定指标 the indices of CJJ/T 85 and their thresholds; 公园分级 park tiers; 国际对照 international comparators; 沿路间距 spacing of facilities along roads. */
export const IndicatorBlock = z.enum(['indices', 'tiers', 'comparators', 'spacing'])
export type IndicatorBlock = z.infer<typeof IndicatorBlock>

const Blocks = z.array(IndicatorBlock).min(1).max(IndicatorBlock.options.length)

/** Scope and blocks that are not given are the built-up area (where there is one) and all of them; without a unit it is about the whole scope. */
export const IndicatorsQuestion = z.object({ scope: GreenScope.optional(), unit: GreenUnit.nullable().default(null), blocks: Blocks.default([...IndicatorBlock.options]) })
export type IndicatorsQuestion = z.output<typeof IndicatorsQuestion>

export const IndicatorsInput = z.object({ scope: GreenScope, unit: GreenUnit.extend({ name: z.string().nullable() }).nullable(), blocks: Blocks })
export type IndicatorsInput = z.output<typeof IndicatorsInput>

export const getIndicatorChoices = endpoint({
  name: 'getIndicatorChoices',
  access: 'coverage.read',
  summary: 'What an indicator sheet can be about: scopes, districts and streets, and the layers it reads with their dates',
  method: 'GET',
  path: '/cities/:city/indicator-choices',
  params: CityParams,
  reply: z.object({ scopes: z.array(GreenScope), units: z.array(GreenUnit.extend({ name: z.string().nullable() })), layers: z.array(DatedLayer) }),
})
export type IndicatorChoices = Reply<typeof getIndicatorChoices>

export const IndicatorsResult = z.object({
  landM2: z.number().nullable(),
  people: GreenPeople.nullable(),
  layers: z.array(DatedLayer),
  indices: z.array(GreenIndicator.extend({ /** Features behind the numerator. */ rows: z.number().int() })).nullable(),
  /** Green land that no index counts: without a class, or of another scheme. */
  notCounted: z.object({ count: z.number().int(), areaM2: z.number() }).nullable(),
  /** In the order of their rules; null where the block was not asked for. */
  tiers: z.array(ReachFigure).nullable(),
  comparators: z.array(ReachFigure).nullable(),
  spacing: z.array(SpacingFigure).nullable(),
  /** The walking network that walks were measured on; null where none was asked for or there is none. */
  walking: z.object({ settingsVersion: z.number().int(), gates: z.number().int(), offNetwork: z.number(), onScrap: z.number(), /** Answers from before 2026-11-28 lack it. */ notEntered: NotEntered.optional() }).nullable(),
})
export type IndicatorsResult = z.infer<typeof IndicatorsResult>

/** Features behind a figure that are kept with the answer; the most counted. */
export const KEPT_ROWS = 2000

export const IndicatorsDrawing = z.object({
  /** Features behind the figures, each once. */
  features: z.array(z.object({ id: z.string(), name: z.string().nullable(), classCode: z.string(), areaM2: z.number(), greenRatio: z.number().nullable(), position: Position })),
  /** Of each index and reach rule: numbers of its features, the most counted first, and what of each counts. */
  rows: z.record(z.string(), z.array(z.object({ feature: z.number().int(), counted: z.number() }))),
  homes: ReachDrawing.nullable(),
  spacing: SpacingDrawing,
})
export type IndicatorsDrawing = z.infer<typeof IndicatorsDrawing>

export const INDICATORS = planningKind('indicators', { question: IndicatorsQuestion, input: IndicatorsInput, interim: z.null(), result: IndicatorsResult, drawing: IndicatorsDrawing })
