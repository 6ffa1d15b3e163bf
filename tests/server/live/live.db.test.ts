import { connect } from 'node:net'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../../server/db/sql.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { cursorOf, positionOf } from '../../../server/live/cursor.ts'
import { type LiveHub, type LiveHubOptions, startLiveHub } from '../../../server/live/hub.ts'
import { publish } from '../../../server/live/publish.ts'
import { deleteOldEvents, findSnapshot } from '../../../server/live/queries.ts'
import type { LiveEvent } from '../../../server/contract/live.ts'
import { decodeIncidentPoints } from '../../../server/contract/incident-points.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { advance, postTransition, report } from '../incidents/reporting.ts'
import { beatOf, openReader } from './feed.ts'

const db = openTestDb()
const log = pino({ level: 'silent' })
let hub: LiveHub
let api: TestApi

beforeAll(async () => {
  await syncCaseClasses(db)
  hub = await startLiveHub(db, log)
  api = await openTestApi(aContext(db, { live: hub }))
})
afterAll(async () => {
  await hub.close()
  await api.close()
  await db.close()
})

const note = (city: TestCity, words: string): LiveEvent => ({ type: 'coverage.changed', city: city.key, runId: words, status: 'running', stage: 'prepare', percent: 0 })
const tell = (city: TestCity, words: string) => db.transaction((tx) => publish(tx, city.cityId, note(city, words)))
const words = (events: readonly LiveEvent[]) => events.map((event) => (event.type === 'coverage.changed' ? event.runId : event.type))

async function withHub<T>(options: Partial<LiveHubOptions>, work: (hub: LiveHub, api: TestApi) => Promise<T>): Promise<T> {
  const own = await startLiveHub(db, log, options)
  const ownApi = await openTestApi(aContext(db, { live: own }))
  try {
    return await work(own, ownApi)
  } finally {
    await own.close()
    await ownApi.close()
  }
}

describe('the live feed', () => {
  test('greets with the time and a cursor, says how it wants to be carried, and is never compressed', async () => {
    const city = await aCity(db)
    const reader = await openReader(api, city.key)
    await reader.until(({ messages }) => messages.length > 0)
    expect(reader.messages[0]?.event).toBe('hello')
    expect(beatOf(reader.messages[0]).cursor).toBe(reader.messages[0]?.id)
    expect(Object.fromEntries(reader.response.headers)).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no', 'cache-control': 'no-store, no-transform' })
    expect(reader.response.headers.has('content-encoding')).toBe(false)
    reader.cut()
  })

  test('tells a report and a step within a second of the commit, to the readers of that city only', async () => {
    const [city, other] = [await aCity(db), await aCity(db)]
    const [reader, elsewhere] = [await openReader(api, city.key), await openReader(api, other.key)]
    await reader.until(({ messages }) => messages.length > 0)
    await elsewhere.until(({ messages }) => messages.length > 0)
    const incident = await report(api, city, { position: [114, 30] })
    const reportedAt = performance.now()
    await reader.until(({ events }) => events().length === 1)
    expect((reader.messages.at(-1)?.heardAt ?? Infinity) - reportedAt).toBeLessThan(1000)
    const stepped = await advance(api, city, incident, 'accept')
    await reader.until(({ events }) => events().length === 2)
    expect(reader.events()).toMatchObject([
      { type: 'incident.reported', city: city.key, incident: { id: incident.id, position: [114, 30], version: 1 } },
      { type: 'incident.transitioned', action: 'accept', incident: { id: incident.id, state: 'pending_filing', version: stepped.version } },
    ])
    expect(elsewhere.events()).toEqual([])
    reader.cut()
    elsewhere.cut()
  })

  test('a change that is rolled back is never told', async () => {
    const city = await aCity(db)
    const reader = await openReader(api, city.key)
    await reader.until(({ messages }) => messages.length > 0)
    await expect(
      db.transaction(async (tx) => {
        await publish(tx, city.cityId, note(city, 'never'))
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    await tell(city, 'kept')
    await reader.until(({ events }) => events().length > 0)
    expect(words(reader.events())).toEqual(['kept'])
    reader.cut()
  })

  test('a reader cut off again and again, at any moment, hears every event exactly once', async () => {
    const city = await aCity(db)
    const heard: string[] = []
    let cursor: string | undefined
    let told = 0
    for (let round = 0; round < 12; round++) {
      // Alternately by the address, as the console does, and by the header, as a browser does by itself.
      const reader = await openReader(api, city.key, cursor === undefined ? {} : round % 2 ? { after: cursor } : { after: '1.1.', lastEventId: cursor })
      if (round === 0) await reader.until(({ messages }) => messages.length > 0)
      const telling = Array.from({ length: 5 }, () => tell(city, String(told++)))
      // Cut in the middle of telling on most rounds.
      if (round % 3 === 0) await Promise.all(telling)
      await reader.until(({ events }) => events().length > 0)
      reader.cut()
      await reader.ended
      await Promise.all(telling)
      heard.push(...words(reader.events()))
      cursor = reader.cursor() ?? cursor
    }
    const last = await openReader(api, city.key, { after: cursor ?? '' })
    await tell(city, 'end')
    await last.until(({ events }) => words(events()).includes('end'))
    last.cut()
    heard.push(...words(last.events()))
    expect(heard).toHaveLength(new Set(heard).size)
    expect(heard.filter((one) => one !== 'end').map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: told }, (_, index) => index))
  })

  test('the points of a map and the feed join without a gap: what is not in the one comes in the other', async () => {
    const city = await aCity(db)
    const early = await report(api, city, { position: [114, 30] })
    const points = decodeIncidentPoints(await (await api.fetch(`/api/v1/cities/${city.key}/incident-points`)).arrayBuffer())
    const late = await report(api, city, { position: [114, 30] })
    const reader = await openReader(api, city.key, { after: points.cursor })
    await reader.until(({ events }) => events().length > 0)
    expect(points.ids).toEqual([early.id])
    expect(reader.events()).toMatchObject([{ incident: { id: late.id } }])
    reader.cut()
  })

  test.runIf(db.engine === 'postgres')('whoever commits late is not skipped, and holds nobody else back', async () => {
    const city = await aCity(db)
    const reader = await openReader(api, city.key)
    await reader.until(({ messages }) => messages.length > 0)
    let finish = () => {}
    const held = new Promise<void>((resolve) => (finish = resolve))
    let begun = () => {}
    const hasBegun = new Promise<void>((resolve) => (begun = resolve))
    const slow = db.transaction(async (tx) => {
      await publish(tx, city.cityId, note(city, 'slow'))
      begun()
      await held
    })
    await hasBegun
    await tell(city, 'quick')
    await reader.until(({ events }) => words(events()).includes('quick'))
    expect(words(reader.events())).toEqual(['quick'])
    const between = reader.cursor() ?? ''
    reader.cut()
    const second = await openReader(api, city.key, { after: between })
    await second.until(({ messages }) => messages.length > 0)
    finish()
    await slow
    await second.until(({ events }) => events().length > 0)
    expect(words(second.events())).toEqual(['slow'])
    second.cut()
  })

  test('a reader whose history was removed, who comes from another database, or whose cursor is no cursor is told to fetch anew', async () => {
    const city = await aCity(db)
    const before = cursorOf(await findSnapshot(db))
    await tell(city, 'old')
    await db.query(sql`update live_events set at = now() - interval '25 hours' where city_id = ${city.cityId}`)
    const kept = await db.query<{ at: string }>(sql`select at from live_events where at > now() - interval '24 hours'`)
    expect(await deleteOldEvents(db, 24, 0)).toBeGreaterThan(0)
    expect(await db.query(sql`select 1 from live_events where at > now() - interval '24 hours'`)).toHaveLength(kept.length)
    for (const after of [before, '999999999999999.999999999999999.', 'nonsense', '5.3.', '']) {
      const reader = await openReader(api, city.key, { after })
      await reader.until(({ messages }) => messages.some(({ event }) => event === 'resync'))
      expect(beatOf(reader.messages.at(-1))).toMatchObject({ reason: 'history', cursor: reader.cursor() })
      await tell(city, 'new')
      await reader.until(({ events }) => events().length > 0)
      expect(words(reader.events())).toEqual(['new'])
      reader.cut()
      await reader.ended
    }
  })

  test('old events are kept while they are among the newest rows', async () => {
    const city = await aCity(db)
    await tell(city, 'old but last')
    await db.query(sql`update live_events set at = now() - interval '3 days' where city_id = ${city.cityId}`)
    await deleteOldEvents(db, 24, 10)
    expect(await db.query(sql`select 1 from live_events where city_id = ${city.cityId}`)).toHaveLength(1)
  })

  test('more at once than can be told is a resync, with the cursor behind it', async () => {
    await withHub({ maximumEvents: 3 }, async (_hub, own) => {
      const city = await aCity(db)
      const reader = await openReader(own, city.key)
      await reader.until(({ messages }) => messages.length > 0)
      const start = reader.cursor() ?? ''
      await db.transaction(async (tx) => {
        for (let index = 0; index < 4; index++) await publish(tx, city.cityId, note(city, String(index)))
      })
      await reader.until(({ messages }) => messages.some(({ event }) => event === 'resync'))
      expect(beatOf(reader.messages.at(-1)).reason).toBe('too much at once')
      reader.cut()
      const back = await openReader(own, city.key, { after: start })
      await back.until(({ messages }) => messages.some(({ event }) => event === 'resync'))
      expect(beatOf(back.messages.at(-1)).reason).toBe('too much missed')
      back.cut()
    })
  })

  test('heartbeats carry the server’s time while nothing happens', async () => {
    await withHub({ heartbeatMilliseconds: 30 }, async (_hub, own) => {
      const reader = await openReader(own, (await aCity(db)).key)
      await reader.until(({ messages }) => messages.filter(({ event }) => event === 'heartbeat').length >= 3)
      for (const message of reader.messages) expect(Math.abs(Date.parse(beatOf(message).at) - Date.now())).toBeLessThan(60_000)
      reader.cut()
    })
  })

  test('when the database cannot be read the heartbeats stop, so that nobody believes all is quiet', async () => {
    let isBroken = false
    let failed = 0
    let failedAt = 0
    const query: typeof db.query = (...args) => {
      if (!isBroken) return db.query(...args)
      if (failed++ === 0) failedAt = performance.now()
      return Promise.reject(new Error('gone'))
    }
    const own = await startLiveHub({ ...db, query }, log, { heartbeatMilliseconds: 40, pollMilliseconds: 10 })
    const city = await aCity(db)
    const written: string[] = []
    let lastBeatAt = 0
    const write = (bytes: string | Buffer) => {
      written.push(String(bytes))
      if (written.at(-1)?.startsWith('event: heartbeat')) lastBeatAt = performance.now()
    }
    await own.join(city.cityId, null, { write, waitingBytes: 0, end: () => {}, drop: () => {} })
    await expect.poll(() => lastBeatAt).toBeGreaterThan(0)
    // A reading that is under way may still succeed.
    isBroken = true
    // Six tries, each twice as long after the one before: most of a second, twenty heartbeats long.
    await expect.poll(() => failed, { timeout: 20_000 }).toBeGreaterThan(6)
    expect(lastBeatAt - failedAt).toBeLessThan(400)
    expect(performance.now() - lastBeatAt).toBeGreaterThan(200)
    isBroken = false
    await tell(city, 'back')
    await expect.poll(() => written.some((text) => text.includes('"back"')), { timeout: 5000 }).toBe(true)
    await expect.poll(() => written.at(-1)).toContain('heartbeat')
    await own.close()
  })

  test('a reader that does not read costs one buffer, not the server’s memory, and is told to fetch anew when it reads again', async () => {
    const own = await startLiveHub(db, log, { maximumWaitingBytes: 1_000, pollMilliseconds: 10, frameMilliseconds: 10, patienceMilliseconds: 200 })
    const city = await aCity(db)
    const written: string[] = []
    let waitingBytes = 0
    let dropped = 0
    await own.join(city.cityId, null, { write: (bytes) => void written.push(String(bytes)), get waitingBytes() { return waitingBytes }, end: () => {}, drop: () => void dropped++ })
    waitingBytes = 2_000
    await tell(city, 'lost')
    await expect.poll(() => dropped).toBeGreaterThan(0)
    expect(written.join('')).not.toContain('lost')
    waitingBytes = 0
    await expect.poll(() => written.at(-1)).toContain('"reason":"slow"')
    await tell(city, 'again')
    await expect.poll(() => written.at(-1)).toContain('"again"')
    await own.close()
  })

  test('at most so many feeds are open; the next is refused with a sentence (unavailable)', async () => {
    await withHub({ maximumFeeds: 1 }, async (_hub, own) => {
      const city = await aCity(db)
      const reader = await openReader(own, city.key)
      await reader.until(({ messages }) => messages.length > 0)
      const refused = await own.fetch(`/api/v1/live?city=${city.key}`)
      expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toMatchObject([503, '5', { code: 'unavailable' }])
      reader.cut()
      await reader.ended
      await expect.poll(async () => {
        const next = await openReader(own, city.key)
        const { status } = next.response
        next.cut()
        return status
      }).toBe(200)
    })
  })

  test('closing tells every reader to come back in a moment and ends the feeds', async () => {
    await withHub({}, async (own, ownApi) => {
      const reader = await openReader(ownApi, (await aCity(db)).key)
      await reader.until(({ messages }) => messages.length > 0)
      await own.close()
      await reader.ended
      expect(reader.retry()).toBeGreaterThanOrEqual(1000)
      expect((await ownApi.fetch(`/api/v1/live?city=${(await aCity(db)).key}`)).status).toBe(503)
    })
  })

  test('a city that does not exist, or none, is refused before a feed begins', async () => {
    expect((await api.fetch('/api/v1/live?city=atlantis')).status).toBe(404)
    expect((await api.fetch('/api/v1/live')).status).toBe(400)
  })

  test('a reader that goes away in the same breath leaves no feed behind', async () => {
    await withHub({ maximumFeeds: 3 }, async (_hub, own) => {
      const city = await aCity(db)
      const { hostname, port } = new URL(own.base)
      for (let index = 0; index < 12; index++) {
        await new Promise<void>((resolve) => {
          const socket = connect(Number(port), hostname, () => socket.write(`GET /api/v1/live?city=${city.key} HTTP/1.1\r\nHost: x\r\n\r\n`, () => socket.destroy()))
          socket.on('close', () => resolve())
        })
      }
      await expect.poll(async () => {
        const reader = await openReader(own, city.key)
        reader.cut()
        return reader.response.status
      }).toBe(200)
    })
  })

  test('every step of an incident is one event: outbox and flow agree one to one', async () => {
    const city = await aCity(db)
    const incident = await report(api, city)
    await advance(api, city, incident, 'accept', 'file', 'dispatch')
    await postTransition(api, city, incident.id, { action: 'close', version: 4 })
    await postTransition(api, city, incident.id, { action: 'sign', version: 2 })
    const flow = await db.query(sql`select f.sequence as version, f.action, f.to_state as state from incident_flow f join incidents i on i.id = f.incident_id where i.city_id = ${city.cityId} order by 1`)
    const events = await db.query(sql`select (payload -> 'incident' ->> 'version')::int as version, coalesce(payload ->> 'action', 'submit') as action, payload -> 'incident' ->> 'state' as state
      from live_events where city_id = ${city.cityId} order by 1`)
    expect(flow).toHaveLength(4)
    expect(events).toEqual(flow)
  })
})

describe('cursors', () => {
  test.each(['700.700.', '700.705.701', '700.705.701-703'])('%s is read back as it was written', (cursor) => {
    expect(cursorOf(positionOf(cursor) ?? '')).toBe(cursor)
  })
  test.each(['', '1', '1.2', 'a.b.c', '0.5.', '5.3.', '5.9.9', '5.9.4', '5.9.7-6', "1.2.'; drop table x", '99999999999999999999.1.'])('%s is none', (cursor) => {
    expect(positionOf(cursor)).toBeUndefined()
  })
})
