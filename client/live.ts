/**
 * The live feed: the only EventSource of the client. Keeps one connection to the server for ever, tells at once when it is
 * cut, and resumes after the last event it handed on, so that nothing is lost and nothing comes twice.
 */
import { API_PREFIX } from '../server/contract/endpoint.ts'
import { LIVE_HEARTBEAT_SECONDS, LIVE_PATH, LiveBeat, type LiveEvent, LiveFrame } from '../server/contract/live.ts'
import type { ConnectionState } from './stores/state.ts'

/** The part of EventSource that is used here, so that tests can stand in for it. */
export interface EventStream {
  addEventListener(type: string, heard: (event: MessageEvent<string>) => void): void
  close(): void
}

export interface LiveFeedOptions {
  /** Key of the city whose events are wanted. */
  city: string
  /** Cursor of the data already at hand: events after it are replayed first. */
  after?: string | null
  /** Events of one frame, in commit order. */
  onEvents: (events: LiveEvent[], at: string) => void
  /** What was missed cannot be replayed: fetch everything again. */
  onResync: (reason: string) => void
  onConnection: (change: Partial<ConnectionState>) => void
  open?: (address: string) => EventStream
  /** 0 to 1; spreads the reconnects of many consoles. */
  random?: () => number
}

export interface LiveFeed {
  /** Gives up the present wait and tries now. */
  reconnectNow(): void
  close(): void
}

export const FIRST_RETRY_MILLISECONDS = 1_000
export const LONGEST_RETRY_MILLISECONDS = 30_000
export const RESTORED_MILLISECONDS = 3_000
/** Half a beat of grace, so that a beat on its way is not called missed. */
const GRACE = 0.5
const BEAT_MILLISECONDS = LIVE_HEARTBEAT_SECONDS * 1000
const SILENT_AFTER = BEAT_MILLISECONDS * (1 + GRACE)
const LOST_AFTER = BEAT_MILLISECONDS * (3 + GRACE)

/** Wait before the given try (1 = first), doubled each time up to 30 s, of which the upper half is left to chance. */
export function retryDelay(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST_RETRY_MILLISECONDS, FIRST_RETRY_MILLISECONDS * 2 ** (attempt - 1))
  return Math.max(FIRST_RETRY_MILLISECONDS, ceiling / 2 + (ceiling / 2) * random)
}

/** Address of the feed; `after` resumes behind that cursor. */
export function liveAddress(city: string, after: string | null): string {
  const query = new URLSearchParams({ city })
  if (after !== null) query.set('after', after)
  return `${API_PREFIX}${LIVE_PATH}?${query.toString()}`
}

/**
 * Opens the feed of a city and keeps it open until `close`.
 * Status: `connecting` before the first word, `live`, `silent` after one missed heartbeat, `lost` when the connection is cut or three are missed.
 */
export function openLiveFeed(options: LiveFeedOptions): LiveFeed {
  const open = options.open ?? ((address: string): EventStream => new EventSource(address))
  const random = options.random ?? Math.random
  let stream: EventStream | null = null
  let cursor = options.after ?? null
  let status: ConnectionState['status'] = 'connecting'
  let attempt = 0
  let heardAt = 0
  let closed = false
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  let watchTimer: ReturnType<typeof setTimeout> | undefined
  let restoredTimer: ReturnType<typeof setTimeout> | undefined

  function become(next: ConnectionState['status']): void {
    if (next === status) return
    const wasLost = status === 'lost'
    status = next
    clearTimeout(restoredTimer)
    if (wasLost && next === 'live') {
      options.onConnection({ status: next, restoredAt: Date.now() })
      restoredTimer = setTimeout(() => options.onConnection({ restoredAt: null }), RESTORED_MILLISECONDS)
      return
    }
    options.onConnection({ status: next, restoredAt: null })
  }

  /** Runs at the next moment at which silence would mean something. */
  function watch(): void {
    clearTimeout(watchTimer)
    const silence = Date.now() - heardAt
    if (silence >= LOST_AFTER) return dropped()
    if (silence >= SILENT_AFTER && status === 'live') become('silent')
    watchTimer = setTimeout(watch, (silence >= SILENT_AFTER ? LOST_AFTER : SILENT_AFTER) - silence)
  }

  function heard(at: string): void {
    heardAt = Date.now()
    attempt = 0
    options.onConnection({ lastHeardAt: Date.parse(at) })
    become('live')
    watch()
  }

  /** The connection is gone: say so at once and try again later. */
  function dropped(): void {
    stream?.close()
    stream = null
    clearTimeout(watchTimer)
    clearTimeout(retryTimer)
    if (closed) return
    if (status !== 'connecting') become('lost')
    attempt += 1
    // A first connection that fails is a loss too, once it has been tried in vain.
    if (attempt > 1) become('lost')
    retryTimer = setTimeout(connect, retryDelay(attempt, random()))
  }

  function resync(reason: string): void {
    options.onResync(reason)
  }

  function parse(event: MessageEvent<string>): unknown {
    try {
      return JSON.parse(event.data)
    } catch {
      return undefined
    }
  }

  function onBeat(kind: 'hello' | 'heartbeat' | 'resync', event: MessageEvent<string>): void {
    const beat = LiveBeat.safeParse(parse(event))
    if (!beat.success) return resync(`unreadable ${kind}`)
    if (kind === 'resync') {
      cursor = beat.data.cursor ?? (event.lastEventId || null)
      resync(beat.data.reason ?? 'gap')
    } else if (kind === 'hello' && cursor === null) cursor = beat.data.cursor ?? null
    heard(beat.data.at)
  }

  function onFrame(event: MessageEvent<string>): void {
    const frame = LiveFrame.safeParse(parse(event))
    if (event.lastEventId !== '') cursor = event.lastEventId
    // A server newer than this page may tell of things unknown here: what they changed is fetched instead.
    if (!frame.success) return resync('unreadable frame')
    options.onEvents(frame.data.events, frame.data.at)
    heard(frame.data.at)
  }

  function connect(): void {
    clearTimeout(retryTimer)
    stream?.close()
    const own = open(liveAddress(options.city, cursor))
    stream = own
    heardAt = Date.now()
    const mine = (handle: (event: MessageEvent<string>) => void) => (event: MessageEvent<string>) => {
      if (stream === own) handle(event)
    }
    own.addEventListener('hello', mine((event) => onBeat('hello', event)))
    own.addEventListener('heartbeat', mine((event) => onBeat('heartbeat', event)))
    own.addEventListener('resync', mine((event) => onBeat('resync', event)))
    own.addEventListener('frame', mine(onFrame))
    own.addEventListener('error', mine(dropped))
    watch()
  }

  function reconnectNow(): void {
    if (closed || (stream !== null && status === 'live')) return
    attempt = 0
    connect()
  }

  function onOffline(): void {
    dropped()
  }

  function onVisible(): void {
    if (document.visibilityState === 'visible') reconnectNow()
  }

  window.addEventListener('online', reconnectNow)
  window.addEventListener('offline', onOffline)
  document.addEventListener('visibilitychange', onVisible)
  connect()

  return {
    reconnectNow,
    close() {
      closed = true
      clearTimeout(retryTimer)
      clearTimeout(watchTimer)
      clearTimeout(restoredTimer)
      window.removeEventListener('online', reconnectNow)
      window.removeEventListener('offline', onOffline)
      document.removeEventListener('visibilitychange', onVisible)
      stream?.close()
      stream = null
    },
  }
}
