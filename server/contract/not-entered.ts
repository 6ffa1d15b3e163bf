/**
 * Terminology
 * - not entered 走不进去: a facility that counts but that nobody can walk into, because none of its gates stands on the network proper.
 */
import { z } from 'zod'

/** 离步道太远 no path within the tolerance; 只挨着断头路网 beside a disconnected part alone; 只挨着桥或隧道 beside a bridge or tunnel alone. */
export const NotEnteredReason = z.enum(['no_path', 'scrap', 'bridge'])
export type NotEnteredReason = z.infer<typeof NotEnteredReason>

/** How many there are for each reason. */
export const NotEnteredCounts = z.partialRecord(NotEnteredReason, z.number().int())
export type NotEnteredCounts = z.infer<typeof NotEnteredCounts>

/** Facilities that cannot be walked into: how many and why, and the first of them by name. */
export const NotEntered = z.object({
  count: z.number().int(),
  reasons: NotEnteredCounts,
  facilities: z.array(z.object({ id: z.string(), name: z.string().nullable(), reason: NotEnteredReason })),
  /** How far from a path a gate, and a facility stored as a point, may lie. */
  gateToleranceMeters: z.number(),
  pointToleranceMeters: z.number(),
})
export type NotEntered = z.infer<typeof NotEntered>
