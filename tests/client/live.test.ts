import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LiveEvent } from '../../server/contract/live.ts'
import { type EventStream, type LiveFeed, openLiveFeed, retryDelay } from '../../client/live.ts'
import type { ConnectionState } from '../../client/stores/state.ts'

class FakeStream implements EventStream {
  static all: FakeStream[] = []
  readonly listeners = new Map<string, (event: MessageEvent<string>) => void>()
  closed = false
  readonly address: string
  constructor(address: string) {
    this.address = address
    FakeStream.all.push(this)
  }
  addEventListener(type: string, heard: (event: MessageEvent<string>) => void): void {
    this.listeners.set(type, heard)
  }
  close(): void {
    this.closed = true
  }
  tell(type: string, data: unknown, lastEventId = ''): void {
    this.listeners.get(type)?.({ data: JSON.stringify(data), lastEventId } as MessageEvent<string>)
  }
  cut(): void {
    this.listeners.get('error')?.({} as MessageEvent<string>)
  }
}

const at = '2026-11-23T08:00:00.000Z'
const layersChanged = (version: number): LiveEvent => ({ type: 'layers.changed', city: 'demo', kinds: ['roads'], tileVersions: { roads: version } })

let connection: ConnectionState
let statuses: string[]
let events: LiveEvent[]
let resyncs: string[]
let feed: LiveFeed

function newest(): FakeStream {
  return FakeStream.all[FakeStream.all.length - 1]!
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(at) })
  FakeStream.all = []
  connection = { status: 'connecting', lastHeardAt: null, restoredAt: null }
  statuses = []
  events = []
  resyncs = []
  feed = openLiveFeed({
    city: 'demo',
    onEvents: (some) => events.push(...some),
    onResync: (reason) => resyncs.push(reason),
    onConnection: (change) => {
      connection = { ...connection, ...change }
      if (change.status) statuses.push(change.status)
    },
    open: (address) => new FakeStream(address),
    random: () => 1,
  })
})

afterEach(() => {
  feed.close()
  vi.useRealTimers()
})

test('is live from the first word on and knows the server’s time of it', () => {
  expect(connection.status).toBe('connecting')
  newest().tell('hello', { at, cursor: '7.1' })
  expect(connection).toEqual({ status: 'live', lastHeardAt: Date.parse(at), restoredAt: null })
})

test('says at once that the connection is cut, keeping the age of the data', () => {
  newest().tell('hello', { at, cursor: '7.1' })
  newest().cut()
  expect(connection.status).toBe('lost')
  expect(connection.lastHeardAt).toBe(Date.parse(at))
})

test('resumes behind the last event handed on, and shows the restoration for three seconds', () => {
  newest().tell('hello', { at, cursor: '7.1' })
  newest().tell('frame', { at, events: [layersChanged(2)] }, '9.4')
  newest().cut()
  vi.advanceTimersByTime(1_000)
  expect(FakeStream.all).toHaveLength(2)
  expect(new URL(newest().address, 'http://x').searchParams.get('after')).toBe('9.4')
  newest().tell('hello', { at, cursor: '12.9' })
  newest().tell('frame', { at, events: [layersChanged(3)] }, '10.1')
  expect(connection.status).toBe('live')
  expect(connection.restoredAt).not.toBeNull()
  expect(events).toEqual([layersChanged(2), layersChanged(3)])
  vi.advanceTimersByTime(3_000)
  expect(connection.restoredAt).toBeNull()
})

test('a resume that is cut before its replay asks again from where it was, not from the hello', () => {
  newest().tell('hello', { at, cursor: '7.1' })
  newest().cut()
  vi.advanceTimersByTime(1_000)
  newest().tell('hello', { at, cursor: '20.1' })
  newest().cut()
  vi.advanceTimersByTime(1_000)
  expect(new URL(newest().address, 'http://x').searchParams.get('after')).toBe('7.1')
})

test('is silent after one missed heartbeat and lost after three, then opens anew', () => {
  newest().tell('hello', { at, cursor: '7.1' })
  vi.advanceTimersByTime(7_400)
  expect(connection.status).toBe('live')
  vi.advanceTimersByTime(200)
  expect(connection.status).toBe('silent')
  vi.advanceTimersByTime(10_000)
  expect(connection.status).toBe('lost')
  vi.advanceTimersByTime(1_000)
  expect(FakeStream.all).toHaveLength(2)
  expect(FakeStream.all[0]!.closed).toBe(true)
})

test('heartbeats alone keep it live for an hour', () => {
  newest().tell('hello', { at, cursor: '7.1' })
  for (let beat = 0; beat < 720; beat += 1) {
    vi.advanceTimersByTime(5_000)
    newest().tell('heartbeat', { at: new Date().toISOString() })
  }
  expect(statuses).toEqual(['live'])
  expect(FakeStream.all).toHaveLength(1)
})

test('keeps trying for ever, never more often than each second nor more seldom than each thirty', () => {
  newest().tell('hello', { at, cursor: '7.1' })
  newest().cut()
  for (let minute = 0; minute < 60; minute += 1) {
    const before = FakeStream.all.length
    vi.advanceTimersByTime(30_000)
    expect(FakeStream.all.length).toBeGreaterThan(before)
    newest().cut()
  }
  for (let attempt = 1; attempt < 40; attempt += 1) {
    for (const chance of [0, 0.5, 1]) {
      expect(retryDelay(attempt, chance)).toBeGreaterThanOrEqual(1_000)
      expect(retryDelay(attempt, chance)).toBeLessThanOrEqual(30_000)
    }
  }
})

test('tries at once when the network comes back', () => {
  newest().tell('hello', { at, cursor: '7.1' })
  window.dispatchEvent(new Event('offline'))
  expect(connection.status).toBe('lost')
  const before = FakeStream.all.length
  window.dispatchEvent(new Event('online'))
  expect(FakeStream.all).toHaveLength(before + 1)
})

test('asks for a fresh start when what was missed cannot be replayed, and goes on from there', () => {
  newest().tell('hello', { at, cursor: '7.1' })
  newest().tell('resync', { at, cursor: '90.1', reason: 'too old' })
  expect(resyncs).toEqual(['too old'])
  newest().cut()
  vi.advanceTimersByTime(1_000)
  expect(newest().address).toContain('after=90.1')
})

test('a frame of a kind unknown to this page is made good by fetching again, not by guessing', () => {
  newest().tell('hello', { at, cursor: '7.1' })
  newest().tell('frame', { at, events: [{ type: 'zone.published', city: 'demo' }] }, '8.1')
  expect(events).toEqual([])
  expect(resyncs).toHaveLength(1)
})

test('a closed feed stays closed', () => {
  newest().tell('hello', { at, cursor: '7.1' })
  feed.close()
  vi.advanceTimersByTime(600_000)
  window.dispatchEvent(new Event('online'))
  expect(FakeStream.all).toHaveLength(1)
})
