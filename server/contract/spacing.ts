/**
 * Terminology
 * - spacing 间距: how far apart facilities stand along a road, by linear referencing.
 * - gap 间距超限路段: a stretch of road without a facility that is longer than its limit; the ends of a road are gaps too.
 */
import { z } from 'zod'
import { Position } from './geojson.ts'

export const SpacingRule = z.object({
  id: z.string(),
  code: z.string(),
  version: z.number().int(),
  titleZh: z.string(),
  titleEn: z.string(),
  /** Classes of `facilities` that count, and of `parts`. */
  facilityClasses: z.array(z.string()),
  partClasses: z.array(z.string()),
  roadClasses: z.array(z.string()).min(1),
  /** Classes of roads that are taken to have a median: each side stands for itself. */
  medianClasses: z.array(z.string()),
  limitMeters: z.number().positive(),
  withinMeters: z.number().positive().max(200),
  /** 沿街: only stretches of road along buildings of these classes, so near, and no shorter than this; whole roads where it is left out. */
  frontage: z.object({ buildingClasses: z.array(z.string()).min(1), withinMeters: z.number().positive().max(200), leastMeters: z.number().min(0) }).nullable().optional(),
  standard: z.string(),
  clause: z.string(),
  source: z.string(),
  confidence: z.enum(['high', 'medium', 'low']),
  verified: z.boolean(),
  note: z.string().nullable(),
  effectiveFrom: z.iso.date().nullable(),
})
export type SpacingRule = z.infer<typeof SpacingRule>

const End = z.object({ id: z.string(), name: z.string().nullable() }).nullable()

export const SpacingGap = z.object({
  roadName: z.string(),
  /** Compass sides are not told: left and right of the way the road is measured. */
  side: z.enum(['both', 'left', 'right']),
  lengthMeters: z.number(),
  beyondMeters: z.number(),
  /** Measures along the road, or along the stretch where the rule is about some buildings only. */
  fromMeters: z.number(),
  toMeters: z.number(),
  /** Facility at either end; null at the end of the road. */
  from: End,
  to: End,
  center: Position,
})
export type SpacingGap = z.infer<typeof SpacingGap>

/** Gaps of a rule that are kept with the answer; the longest. */
export const KEPT_GAPS = 300

export const SpacingFigure = z.object({
  rule: SpacingRule,
  /** Named roads of its classes that meet the scope, and their whole length; of a rule about some buildings the roads with a stretch along them, and the length of the stretches. */
  roads: z.number().int(),
  lengthMeters: z.number(),
  /** Length of roads of its classes without a name, of which nothing is told. */
  unnamedMeters: z.number(),
  /** Facilities that count, and those of them beside such a road. */
  facilities: z.number().int(),
  beside: z.number().int(),
  /** Null where there is no value, with the reason. */
  gaps: z.number().int().nullable(),
  gapMeters: z.number().nullable(),
  longestMeters: z.number().nullable(),
  reasonZh: z.string().nullable(),
  reasonEn: z.string().nullable(),
  /** The longest first. */
  listed: z.array(SpacingGap).max(KEPT_GAPS),
})
export type SpacingFigure = z.infer<typeof SpacingFigure>

/** Stretches of the listed gaps of a rule, in their order: longitude and latitude in turn. */
export const SpacingDrawing = z.array(z.object({ code: z.string(), lines: z.array(z.array(z.number())) }))
export type SpacingDrawing = z.infer<typeof SpacingDrawing>
