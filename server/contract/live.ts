/**
 * Terminology
 * - live event: something that changed, told to every open console after its commit.
 * - cursor: which transactions had ended when a frame was read, the SSE `id:`; a reconnect with it (`?after=` or Last-Event-ID)
 *   replays exactly what was committed since. Opaque to a reader.
 */
import { z } from 'zod'
import { IncidentSummary } from './incidents.ts'

export const LIVE_PATH = '/live'
export const LIVE_CHANNEL = 'xiucheng_live'
/** Seconds between heartbeats; three missed ones mean the feed is lost. */
export const LIVE_HEARTBEAT_SECONDS = 5

export const LiveEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('incident.reported'), city: z.string(), incident: IncidentSummary }),
  z.object({ type: z.literal('incident.transitioned'), city: z.string(), incident: IncidentSummary, action: z.string() }),
  /** A case that the reader could see and cannot any more. */
  z.object({ type: z.literal('incident.hidden'), city: z.string(), id: z.string() }),
  z.object({ type: z.literal('layers.changed'), city: z.string(), kinds: z.array(z.string()), tileVersions: z.record(z.string(), z.number().int()) }),
  z.object({ type: z.literal('coverage.changed'), city: z.string(), runId: z.string(), status: z.string(), stage: z.string(), percent: z.number() }),
  z.object({ type: z.literal('planning.changed'), city: z.string(), runId: z.string(), status: z.string(), stage: z.string(), percent: z.number() }),
  z.object({ type: z.literal('import.changed'), city: z.string(), importId: z.string(), status: z.string(), stage: z.string(), percent: z.number() }),
])
export type LiveEvent = z.infer<typeof LiveEvent>

/** One SSE message (`event: frame`): events in commit order. Other messages: `hello` {at, cursor}, `heartbeat` {at}, `resync` {reason}. */
export const LiveFrame = z.object({ at: z.iso.datetime({ offset: true }), events: z.array(LiveEvent) })
export type LiveFrame = z.infer<typeof LiveFrame>
export const LiveBeat = z.object({ at: z.iso.datetime({ offset: true }), cursor: z.string().optional(), reason: z.string().optional() })
