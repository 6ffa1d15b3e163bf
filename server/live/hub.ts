/**
 * Wakes at the doorbell, reads what was committed, and hands it to every open feed in frames: at most ten a second, each encoded once.
 *
 * Terminology
 * - feed: one open connection of a console, about one city.
 * - position: the snapshot up to which events were read; as text, the cursor of a frame.
 */
import type { Logger } from 'pino'
import { LIVE_CHANNEL, LIVE_HEARTBEAT_SECONDS, type LiveEvent } from '../contract/live.ts'
import type { Db } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { EVERYTHING, sees, type Visibility } from '../incidents/visibility.ts'
import { cursorOf, positionOf } from './cursor.ts'
import { deleteOldEvents, findSnapshot, isHistoryComplete, listEventsBetween, listEventsSince, type Snapshot, type StoredEvent } from './queries.ts'

/** Where a feed's bytes go: an HTTP response, or what stands in for one. */
export interface FeedOutlet {
  write(text: string | Buffer): void
  /** Bytes given to it that have not left yet. */
  readonly waitingBytes: number
  /** Ends after what is on its way. */
  end(): void
  /** Ends at once. */
  drop(): void
}

export interface Feed {
  /** Call when the reader has gone. */
  leave(): void
}

export interface LiveHub {
  /**
   * Opens a feed of what somebody may see of a city. With a cursor, what was committed since comes first; when that cannot be told any more, a `resync`.
   * @throws AppError unavailable when too many feeds are open or the server is stopping.
   */
  join(cityId: number, after: string | null, outlet: FeedOutlet, visibility?: Visibility): Promise<Feed>
  /** Tells every feed to come back in a moment, and ends them. */
  close(): Promise<void>
}

export interface LiveHubOptions {
  frameMilliseconds: number
  pollMilliseconds: number
  heartbeatMilliseconds: number
  maximumFeeds: number
  /** More events than this at once are not replayed or framed: the reader fetches everything again. */
  maximumEvents: number
  /** A reader with more than this waiting gets nothing more until it has caught up, and then a resync. */
  maximumWaitingBytes: number
  /** A reader that has not caught up for so long is let go. */
  patienceMilliseconds: number
  pruneMilliseconds: number
  keepHours: number
  keepRows: number
}

const DEFAULTS: LiveHubOptions = {
  frameMilliseconds: 100,
  pollMilliseconds: 250,
  heartbeatMilliseconds: LIVE_HEARTBEAT_SECONDS * 1000,
  maximumFeeds: 2_000,
  maximumEvents: 5_000,
  maximumWaitingBytes: 1_000_000,
  patienceMilliseconds: 60_000,
  pruneMilliseconds: 600_000,
  keepHours: 24,
  keepRows: 10_000,
}

interface OpenFeed {
  cityId: number
  visibility: Visibility
  outlet: FeedOutlet
  /** Frames that came while its replay was being read; null once it is in step. */
  waiting: (string | Buffer)[] | null
  /** When it began to miss frames because it was too slow; null while it keeps up. */
  behindSince: number | null
}

function message(event: string, data: string, id?: string): string {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`
}

function frameOf(events: readonly StoredEvent[], position: Snapshot): Buffer {
  return Buffer.from(message('frame', `{"at":"${new Date().toISOString()}","events":[${events.map((event) => event.payload).join(',')}]}`, cursorOf(position)))
}

function beat(event: 'hello' | 'heartbeat' | 'resync', parts: { cursor?: string; reason?: string }, id?: string): string {
  return message(event, JSON.stringify({ at: new Date().toISOString(), ...parts }), id)
}

/** Starts the live feed over a database. Nothing is read while nobody listens. */
export async function startLiveHub(db: Db, log: Logger, options: Partial<LiveHubOptions> = {}): Promise<LiveHub> {
  const settings = { ...DEFAULTS, ...options }
  const feeds = new Set<OpenFeed>()
  let position: Snapshot | undefined
  /** Counts the times the last reader left: what was being read then is nobody's any more. */
  let era = 0
  let timer: NodeJS.Timeout | undefined
  let reading: Promise<void> | undefined
  let rung = false
  let lastFrameAt = -Infinity
  let lastReadAt = performance.now()
  let failures = 0
  let closed = false

  function send(feed: OpenFeed, bytes: string | Buffer): void {
    if (feed.waiting) {
      feed.waiting.push(bytes)
      return
    }
    if (feed.outlet.waitingBytes > settings.maximumWaitingBytes) feed.behindSince ??= performance.now()
    else if (feed.behindSince === null) feed.outlet.write(bytes)
  }

  /** A reader that was too slow is told what it missed as soon as it has taken what was on its way. */
  function catchUp(): void {
    for (const feed of feeds) {
      if (feed.behindSince === null || position === undefined) continue
      if (feed.outlet.waitingBytes > 0) {
        if (performance.now() - feed.behindSince > settings.patienceMilliseconds) feed.outlet.drop()
        continue
      }
      feed.behindSince = null
      feed.outlet.write(beat('resync', { reason: 'slow', cursor: cursorOf(position) }, cursorOf(position)))
    }
  }

  function broadcast(events: readonly StoredEvent[], at: Snapshot): void {
    const byCity = groupByCity(events)
    // Whoever sees everything gets the same bytes, encoded once.
    const frames = new Map([...byCity].map(([cityId, own]) => [cityId, frameOf(own, at)]))
    for (const feed of feeds) {
      const own = feed.visibility.isWhole ? undefined : seenBy(feed.visibility, byCity.get(feed.cityId) ?? [])
      const frame = own ? (own.length > 0 ? frameOf(own, at) : undefined) : frames.get(feed.cityId)
      if (frame) send(feed, frame)
    }
  }

  async function read(): Promise<boolean> {
    if (position === undefined) return false
    const begunIn = era
    const { snapshot, events } = await listEventsSince(db, position, settings.maximumEvents + 1)
    if (begunIn !== era) return false
    position = snapshot
    lastReadAt = performance.now()
    if (events.length > settings.maximumEvents) for (const feed of feeds) send(feed, beat('resync', { reason: 'too much at once', cursor: cursorOf(snapshot) }, cursorOf(snapshot)))
    else if (events.length > 0) broadcast(events, snapshot)
    if (events.length > 0) lastFrameAt = performance.now()
    catchUp()
    return events.length > 0
  }

  async function turn(): Promise<void> {
    let isBusy = false
    try {
      rung = false
      isBusy = await read()
      if (failures > 0) log.info({ failures }, 'the live feed reads again')
      failures = 0
    } catch (error) {
      if (failures++ === 0) log.error({ err: error }, 'the live feed cannot read; it tries on')
    }
    reading = undefined
    // While there is something to tell, the next frame follows at its pace without waiting for a ring.
    schedule(isBusy || rung ? settings.frameMilliseconds : Math.min(1_000, settings.pollMilliseconds * 2 ** Math.min(failures, 5)))
  }

  function start(): void {
    timer = undefined
    if (!closed && feeds.size > 0) reading ??= turn()
  }

  function schedule(milliseconds: number): void {
    clearTimeout(timer)
    timer = closed || feeds.size === 0 ? undefined : setTimeout(start, milliseconds).unref()
  }

  function wake(): void {
    rung = true
    if (!reading) schedule(Math.max(0, lastFrameAt + settings.frameMilliseconds - performance.now()))
  }

  function heartbeat(): void {
    // Silence is the truth when the database cannot be read: a heartbeat would say that all is quiet.
    if (performance.now() - lastReadAt > 2 * settings.heartbeatMilliseconds) return
    for (const feed of feeds) send(feed, beat('heartbeat', {}))
  }

  const stopListening = await db.listen(LIVE_CHANNEL, wake)
  const heartbeats = setInterval(heartbeat, settings.heartbeatMilliseconds).unref()
  const pruning = setInterval(() => {
    deleteOldEvents(db, settings.keepHours, settings.keepRows).catch((error: unknown) => log.warn({ err: error }, 'old live events could not be removed'))
  }, settings.pruneMilliseconds).unref()

  function leave(feed: OpenFeed): void {
    feeds.delete(feed)
    if (feeds.size > 0) return
    clearTimeout(timer)
    timer = undefined
    position = undefined
    era++
  }

  /** What a feed has to be told before it is in step with the others. */
  async function greeting(feed: OpenFeed, after: string | null, until: Snapshot): Promise<(string | Buffer)[]> {
    const cursor = cursorOf(until)
    if (after === null) return [beat('hello', { cursor }, cursor)]
    const since = positionOf(after)
    if (since === undefined || !(await isHistoryComplete(db, since))) return [beat('hello', { cursor }), beat('resync', { reason: 'history', cursor }, cursor)]
    const missed = await listEventsBetween(db, feed.cityId, since, until, settings.maximumEvents + 1)
    if (missed.length > settings.maximumEvents) return [beat('hello', { cursor }), beat('resync', { reason: 'too much missed', cursor }, cursor)]
    // The greeting carries the new cursor only when nothing follows that a cut could lose.
    const own = seenBy(feed.visibility, missed)
    return own.length === 0 ? [beat('hello', { cursor }, cursor)] : [beat('hello', { cursor }), frameOf(own, until)]
  }

  return {
    async join(cityId, after, outlet, visibility = EVERYTHING) {
      if (closed) throw new AppError('unavailable', 'The server is stopping; come back in a moment.')
      if (feeds.size >= settings.maximumFeeds) throw new AppError('unavailable', `${settings.maximumFeeds} live feeds are open already; try again later.`)
      const feed: OpenFeed = { cityId, visibility, outlet, waiting: [], behindSince: null }
      feeds.add(feed)
      try {
        if (position === undefined) {
          const first = await findSnapshot(db)
          // Another feed may have begun meanwhile; the earlier position is the safe one.
          position ??= first
          lastReadAt = performance.now()
        }
        if (!reading && !timer) schedule(settings.pollMilliseconds)
        const before = feed.waiting?.length ?? 0
        const greetings = await greeting(feed, after, position)
        const later = feed.waiting?.slice(before) ?? []
        for (const bytes of [...greetings, ...later]) outlet.write(bytes)
        feed.waiting = null
        return { leave: () => leave(feed) }
      } catch (error) {
        leave(feed)
        throw error
      }
    },
    async close() {
      closed = true
      clearTimeout(timer)
      clearInterval(heartbeats)
      clearInterval(pruning)
      await stopListening()
      await reading
      for (const feed of feeds) {
        // Spread, so that all consoles do not come back in the same instant.
        feed.outlet.write(`retry: ${1000 + Math.floor(Math.random() * 4000)}\n\n`)
        feed.outlet.end()
      }
      feeds.clear()
    },
  }
}

/** What of some events a reader may see; a case that went out of his sight is told by its id only. */
function seenBy(visibility: Visibility, events: readonly StoredEvent[]): readonly StoredEvent[] {
  if (visibility.isWhole) return events
  return events.flatMap((event) => {
    const { now, before } = event.scope
    if (!now || sees(visibility, now)) return [event]
    if (!before || !sees(visibility, before)) return []
    const { city, incident } = JSON.parse(event.payload) as { city: string; incident: { id: string } }
    const hidden: LiveEvent = { type: 'incident.hidden', city, id: incident.id }
    return [{ ...event, payload: JSON.stringify(hidden) }]
  })
}

function groupByCity(events: readonly StoredEvent[]): Map<number, StoredEvent[]> {
  const groups = new Map<number, StoredEvent[]>()
  for (const event of events) {
    const group = groups.get(event.cityId)
    if (group) group.push(event)
    else groups.set(event.cityId, [event])
  }
  return groups
}
