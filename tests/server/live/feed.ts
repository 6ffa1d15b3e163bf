/** A reader of the live feed for tests: parses server-sent events and waits for what a test expects. */
import type { LiveEvent } from '../../../server/contract/live.ts'
import { LiveBeat, LiveFrame } from '../../../server/contract/live.ts'
import type { TestApi } from '../../helpers/api.ts'

export interface Message {
  event: string
  id: string | undefined
  data: string
  /** performance.now() of its arrival. */
  heardAt: number
}

export interface Reader {
  readonly messages: Message[]
  /** Every event of every frame so far, in order. */
  readonly events: () => LiveEvent[]
  /** The cursor a browser would send on its next try. */
  readonly cursor: () => string | undefined
  readonly retry: () => number | undefined
  readonly response: Response
  until(wanted: (reader: Reader) => boolean): Promise<void>
  /** Resolves when the server ended the stream. */
  ended: Promise<void>
  cut(): void
}

/** Opens a feed as a browser does. */
export async function openReader(api: TestApi, city: string, options: { after?: string; lastEventId?: string; headers?: Record<string, string> } = {}): Promise<Reader> {
  const controller = new AbortController()
  const query = new URLSearchParams({ city, ...(options.after === undefined ? {} : { after: options.after }) })
  const response = await api.fetch(`/api/v1/live?${query.toString()}`, { signal: controller.signal, headers: { accept: 'text/event-stream', ...options.headers, ...(options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId }) } })
  const messages: Message[] = []
  const waiters = new Set<() => void>()
  let retry: number | undefined

  function take(block: string): void {
    const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
    if (fields.has('retry')) retry = Number(fields.get('retry'))
    const data = fields.get('data')
    if (data !== undefined) messages.push({ event: fields.get('event') ?? 'message', id: fields.get('id'), data, heardAt: performance.now() })
    for (const waiter of waiters) waiter()
  }

  const ended = (async () => {
    let rest = ''
    const decoder = new TextDecoder()
    try {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
        rest = blocks.pop() ?? ''
        blocks.forEach(take)
      }
    } catch (error) {
      if (!controller.signal.aborted && !(error instanceof TypeError)) throw error
    }
  })()

  const reader: Reader = {
    messages,
    response,
    ended,
    events: () => messages.filter(({ event }) => event === 'frame').flatMap(({ data }) => LiveFrame.parse(JSON.parse(data)).events),
    cursor: () => messages.findLast(({ id }) => id !== undefined)?.id,
    retry: () => retry,
    until: (wanted) =>
      new Promise((resolve) => {
        const check = () => {
          if (!wanted(reader)) return
          waiters.delete(check)
          resolve()
        }
        waiters.add(check)
        check()
      }),
    cut: () => controller.abort(),
  }
  return reader
}

/** The words of a greeting, heartbeat or resync. */
export function beatOf(message: Message | undefined): { at: string; cursor?: string | undefined; reason?: string | undefined } {
  return LiveBeat.parse(JSON.parse(message?.data ?? 'null'))
}
