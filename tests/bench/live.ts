/**
 * Live: from a commit to a console, and what the feed costs those who write.
 * DATABASE_URL names a PostgreSQL server to make a throw-away database on; unset, the embedded engine in a throw-away folder.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pino from 'pino'
import { v7 as uuidv7 } from 'uuid'
import { SYSTEM } from '../../server/access/principal.ts'
import { type CityRow, getCity } from '../../server/cities/cities.ts'
import { insertCity } from '../../server/cities/queries.ts'
import { IncidentReport } from '../../server/contract/incidents.ts'
import type { Db } from '../../server/db/db.ts'
import { openEmbedded } from '../../server/db/embedded.ts'
import { migrate } from '../../server/db/migrate.ts'
import { openPostgres } from '../../server/db/postgres.ts'
import { identifier, sql } from '../../server/db/sql.ts'
import { reportIncident, syncCaseClasses } from '../../server/incidents/incidents.ts'
import { ringLive } from '../../server/live/doorbell.ts'
import { startLiveHub } from '../../server/live/hub.ts'
import { aContext, openTestApi } from '../helpers/api.ts'
import { openReader, type Reader } from '../server/live/feed.ts'
import type { Bench, Comparison } from './bench.ts'

const WRITERS = 16
const REPORTS_EACH = 20
const READERS = 20
const COMMITS = 100
const PAUSE_MILLISECONDS = 37

async function openThrowAway(): Promise<{ db: Db; drop(): Promise<void> }> {
  const report = (error: Error) => console.error(error.message)
  const server = process.env['DATABASE_URL']
  if (!server) {
    const dataDirectory = await mkdtemp(path.join(tmpdir(), 'xiucheng-bench-'))
    const db = await openEmbedded({ dataDirectory, onError: report })
    return { db, drop: async () => { await db.close(); await rm(dataDirectory, { recursive: true }) } }
  }
  const name = `xiucheng_bench_${randomBytes(4).toString('hex')}`
  const admin = openPostgres({ connectionString: server, maxConnections: 1, onError: report })
  await admin.query(sql`create database ${identifier(name)}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const db = openPostgres({ connectionString: url.href, maxConnections: WRITERS + 2, onError: report })
  return { db, drop: async () => { await db.close(); await admin.query(sql`drop database ${identifier(name)} with (force)`); await admin.close() } }
}

async function withFeeds<T>(db: Db, city: CityRow, readers: number, work: (readers: readonly Reader[]) => Promise<T>): Promise<T> {
  const live = await startLiveHub(db, pino({ level: 'silent' }))
  const api = await openTestApi(aContext(db, { live }))
  const open = await Promise.all(Array.from({ length: readers }, () => openReader(api, city.key)))
  try {
    await Promise.all(open.map((reader) => reader.until(({ messages }) => messages.length > 0)))
    return await work(open)
  } finally {
    for (const reader of open) reader.cut()
    await live.close()
    await api.close()
  }
}

const REPORT = IncidentReport.parse({ source: 'collector', classKind: 'event', classCode: '0112', reportedBy: 'bench', position: [114, 30] })

function comparisonsOf(db: Db, city: CityRow): Comparison[] {
  const failed = (error: unknown) => console.error(error)
  const write = async () => {
    const { answer } = await reportIncident(db, city, SYSTEM, REPORT, uuidv7(), new Date())
    ringLive(db, failed)
    return answer.id
  }
  const writeAll = async () => {
    await Promise.all(Array.from({ length: WRITERS }, async () => { for (let index = 0; index < REPORTS_EACH; index++) await write() }))
    return { result: String(WRITERS * REPORTS_EACH) }
  }
  return [
    {
      name: 'commit to console, 99th percentile', size: `${COMMITS} commits`, subjectAtMostMs: 300,
      control: {
        name: 'a report, mean',
        run: async () => {
          const start = performance.now()
          for (let index = 0; index < COMMITS; index++) await write()
          return { milliseconds: (performance.now() - start) / COMMITS }
        },
      },
      subject: {
        name: 'heard after its commit',
        run: () =>
          withFeeds(db, city, 1, async ([reader]) => {
            if (!reader) throw new TypeError('no reader')
            const committed = new Map<string, number>()
            for (let index = 0; index < COMMITS; index++) {
              const id = await write()
              committed.set(id, performance.now())
              await pause(PAUSE_MILLISECONDS)
            }
            await reader.until(({ events }) => events().length >= COMMITS)
            const waits = reader.messages.flatMap((message) => {
              const { events } = JSON.parse(message.data) as { events?: { incident: { id: string } }[] }
              return (events ?? []).map((event) => message.heardAt - (committed.get(event.incident.id) ?? Infinity))
            })
            return { milliseconds: waits.sort((a, b) => a - b)[Math.ceil(waits.length * 0.99) - 1] ?? Infinity }
          }),
      },
    },
    {
      name: `${WRITERS} writers with ${READERS} open feeds / without`, size: `${WRITERS * REPORTS_EACH} reports`,
      control: { name: 'without feed', run: writeAll },
      subject: {
        name: 'with feed',
        run: () =>
          withFeeds(db, city, READERS, async (readers) => {
            const start = performance.now()
            const { result } = await writeAll()
            const milliseconds = performance.now() - start
            await Promise.all(readers.map((reader) => reader.until(({ events }) => events().length >= WRITERS * REPORTS_EACH)))
            return { result, milliseconds }
          }),
      },
    },
  ]
}

export const bench: Bench = {
  name: 'live',
  async prepare() {
    const { db, drop } = await openThrowAway()
    await migrate(db)
    await syncCaseClasses(db)
    await insertCity(db, { id: uuidv7(), key: 'bench', nameZh: '试', nameEn: 'Bench', measureSrid: 4547, measureName: 'CGCS2000 / 3-degree Gauss-Kruger CM 114E', timeZone: 'Asia/Shanghai' })
    return { comparisons: comparisonsOf(db, await getCity(db, 'bench')), close: drop }
  },
}
