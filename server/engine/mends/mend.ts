/**
 * Terminology
 * - mend: one change to the city that brings people within the walk (or the radius) who are outside it now.
 * - gain: the homes that are newly served, less those that are served no longer, found by running the ruler on the mended ground.
 * - alone: the gain of a mend over the ground as it is; in turn: what it adds to the mends chosen before it.
 * - effort: what a mend takes against the others, in units of its own; an assumption, see MendEfforts.
 * Coordinates are metres in one plane.
 */
import type { MendKind } from '../../contract/mends.ts'

export interface GateEdit {
  kind: 'gate'
  facility: number
  point: readonly [number, number]
}

export interface SiteEdit<Kind extends 'facility' | 'open' = 'facility' | 'open'> {
  kind: Kind
  /** Number among the plots, or among the greens that are shut. */
  site: number
  radiusMeters: number
  /** Where one enters: x, y interleaved. */
  gates: Float64Array
  /** It is stored as a point, and they are the point itself. */
  isPoint: boolean
}

export interface WayEdit<Kind extends 'crossing' | 'path' = 'crossing' | 'path'> {
  kind: Kind
  /** Nodes as the paths number them. */
  from: number
  to: number
  line: readonly [number, number, number, number]
  lengthMeters: number
  /** The barrier that is crossed; -1 for none. */
  barrier: number
  /** Metres of the way round; Infinity where there is none. */
  wayRoundMeters: number
}

/** A change of the ground, as a ruler takes it. */
export type MendEdit = GateEdit | SiteEdit<'facility'> | SiteEdit<'open'> | WayEdit<'crossing'> | WayEdit<'path'>

export interface MendGain {
  /** Homes by their number, ascending. */
  served: number[]
  /** Homes that stand on the new way now and are served no longer; hardly ever any. */
  lost: number[]
}

/** A ruler over a city that can be mended. */
export interface MendableGround {
  /** The gain of one mend over this ground. Changes nothing. */
  gainOf(edit: MendEdit): MendGain
  /** The ground with the mend in it. This one must not be used any more. */
  mended(edit: MendEdit): MendableGround
  /** 1 for homes that are served. */
  readonly covered: Uint8Array
}

/** What one kind of mend takes: `base` for each, and `perStep` for every `step` of metres or square metres. */
export interface MendEffort {
  base: number
  perStep: number
  /** Metres of a way, square metres of a plot; 0 where only the number counts. */
  step: number
}
export type MendEfforts = Readonly<Record<MendKind, MendEffort>>

/** Effort of a mend of a size (metres of a way, square metres of a plot). */
export function effortOf(efforts: MendEfforts, kind: MendKind, size: number): number {
  const { base, perStep, step } = efforts[kind]
  return base + (step > 0 ? (perStep * size) / step : 0)
}
