/**
 * Terminology
 * - reach rule: a versioned row of a park tier or an international comparator: which green counts, how far it reaches, how much of it is due to one person.
 * - tier 公园分级: parks of one size class, with their radius.
 * - comparator 国际对照: a rule of another country or body, shown beside the national ones; never scored.
 */
import { z } from 'zod'
import { Ruler } from './coverage.ts'
import { GreenUnit } from './green-indicators.ts'

export const ReachBlock = z.enum(['tiers', 'comparators'])
export type ReachBlock = z.infer<typeof ReachBlock>

/** 全体居民、65 岁及以上、0–14 岁. */
export const ReachDemand = z.enum(['population', 'elders', 'children'])
export type ReachDemand = z.infer<typeof ReachDemand>

export const ReachRule = z.object({
  id: z.string(),
  code: z.string(),
  version: z.number().int(),
  block: ReachBlock,
  /** What it is one row of: a standard, or a body's set of rules. */
  family: z.string(),
  titleZh: z.string(),
  titleEn: z.string(),
  /** Beginnings of class codes; a park whose class is given only as a beginning of one of them counts by its size. */
  classes: z.array(z.string()),
  /** Sizes that count (from, inclusive; to, exclusive) and how far each reaches; none for a rule about amounts alone. */
  bands: z.array(z.object({ minAreaM2: z.number().min(0), maxAreaM2: z.number().positive().nullable(), radiusMeters: z.number().positive() })),
  rulers: z.array(Ruler),
  /** Who has to be within reach; all residents where it is left out. */
  demand: ReachDemand.optional(),
  /** A park counts where a circle of this diameter lies within it. */
  minWidthMeters: z.number().positive().nullable().optional(),
  /** Share of the people that has to be within reach; null where the rule asks for none. */
  leastShare: z.number().min(0).max(1).nullable(),
  /** Due to one person, and the sizes of the green that is summed for it. */
  perPerson: z.object({ squareMeters: z.number().positive(), minAreaM2: z.number().min(0), maxAreaM2: z.number().positive().nullable() }).nullable(),
  /** Of what data nothing of a city tells, where the rule cannot be answered. */
  notHeldZh: z.string().nullable(),
  notHeldEn: z.string().nullable(),
  status: z.enum(['current', 'superseded']),
  standard: z.string(),
  clause: z.string(),
  source: z.string(),
  confidence: z.enum(['high', 'medium', 'low']),
  verified: z.boolean(),
  note: z.string().nullable(),
  effectiveFrom: z.iso.date().nullable(),
})
export type ReachRule = z.infer<typeof ReachRule>

const Reason = { reasonZh: z.string().nullable(), reasonEn: z.string().nullable() }

/** People within reach by one ruler; `ratio` and `missing` are null where there is no value, with the reason. */
export const ReachMeasure = z.object({ ruler: Ruler, covered: z.number().nullable(), total: z.number().nullable(), ratio: z.number().nullable(), missing: z.number().nullable(), met: z.boolean().nullable(), ...Reason })
export type ReachMeasure = z.infer<typeof ReachMeasure>

export const ReachFigure = z.object({
  rule: ReachRule,
  /** Parks that count and lie within the scope, and their area there. */
  parks: z.number().int(),
  parksM2: z.number(),
  /** Parks that count for reach, wherever in the city. */
  reachingParks: z.number().int(),
  /** Parks within the scope that the rule would count were they wide enough; missing in sheets of earlier days, and where no width is asked for. */
  tooNarrow: z.object({ count: z.number().int(), examples: z.array(z.object({ id: z.string(), name: z.string().nullable(), widthMeters: z.number() })) }).optional(),
  measures: z.array(ReachMeasure),
  perPerson: z.object({ value: z.number().nullable(), areaM2: z.number(), people: z.number().nullable(), met: z.boolean().nullable(), /** Square metres beyond what is due; negative: lacking. */ difference: z.number().nullable(), ...Reason }).nullable(),
  /** Why the rule has no answer at all. */
  ...Reason,
  /** Districts and streets: people, those within reach by each measure in turn, m² per person. */
  units: z.array(z.object({ level: GreenUnit.shape.level, code: z.string(), name: z.string().nullable(), people: z.number(), covered: z.array(z.number().nullable()), perPerson: z.number().nullable() })),
})
export type ReachFigure = z.infer<typeof ReachFigure>

/** Homes of the scope and whom no park of a rule reaches. */
export const ReachDrawing = z.object({
  /** Longitude and latitude in turn. */
  positions: z.array(z.number()),
  people: z.array(z.number()),
  /** True where the lightest homes were left out. */
  isCut: z.boolean(),
  /** By rule and ruler, a bit for each home, lowest first, in base64: 1 where no park reaches it. */
  unserved: z.array(z.object({ code: z.string(), ruler: Ruler, bits: z.string() })),
})
export type ReachDrawing = z.infer<typeof ReachDrawing>
