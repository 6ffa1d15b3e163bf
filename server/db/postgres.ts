import { EventEmitter } from 'node:events'
import pg from 'pg'
import { asDatabaseError } from './database-error.ts'
import type { Db } from './db.ts'
import { createDb, RESULT_TYPES } from './pg-adapter.ts'

export interface PostgresOptions {
  connectionString: string
  maxConnections?: number
  statementTimeoutMs?: number
  onError?: (error: Error) => void
}

const CONNECT_TIMEOUT_MS = 30_000
const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5_000

/** A database reached through `pg`: a PostgreSQL server. */
export function openPostgres(options: PostgresOptions): Db {
  const statementTimeoutMs = options.statementTimeoutMs ?? 30_000
  const report = options.onError ?? (() => {})
  const common: pg.ClientConfig = {
    connectionString: options.connectionString,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // Both engines answer in UTC; what a reader sees is a matter of the reader's own clock.
    // PostGIS functions are priced so high that short statements would be compiled: a fifth of a second for each (measured 520 ms against 31 ms).
    // The counts beside a filter group a city's year of cases in memory; with the server's 4 MB they would go to disk and take twice as long.
    options: '-c timezone=UTC -c jit=off -c work_mem=32MB',
    types: RESULT_TYPES,
  }
  const pool = new pg.Pool({ ...common, pipeline: true, max: options.maxConnections ?? 10, statement_timeout: statementTimeoutMs, idle_in_transaction_session_timeout: 600_000, application_name: 'xiucheng' })
  // An idle client's error without a listener would end the process (node-postgres #1611); a client in use has none of the pool's.
  pool.on('error', report)
  pool.on('connect', (client) => client.on('error', report))
  const bell = createDoorbell({ ...common, application_name: 'xiucheng-listen' }, report)

  return createDb({
    name: 'postgres',
    pool,
    statementTimeoutMs,
    serverKeepsTime: true,
    hasSessions: true,
    pipelines: true,
    checkReady: () => {},
    // The server should have stopped it long ago and is unreachable: the adapter drops the connection.
    expired: (client) => report(new Error(`backend ${backendOf(client)} did not answer within its time limit; its connection is dropped`)),
    async cancel(client) {
      // Not through the pool: it may be full of the very statements that are to be stopped.
      const other = new pg.Client({ ...common, application_name: 'xiucheng-cancel' })
      other.on('error', report)
      await other.connect()
      try {
        await other.query('select pg_cancel_backend($1)', [backendOf(client)])
      } finally {
        await other.end()
      }
      // The signal may arrive after the statement has ended, and must not hit the next one.
      return true
    },
    report,
    listen: bell.listen,
    async notify(channel, payload = '') {
      await pool.query('select pg_notify($1, $2)', [channel, payload]).catch((error: unknown) => {
        throw asDatabaseError(error)
      })
    },
    async close() {
      await bell.close()
      await pool.end()
    },
  })
}

/** The server's number of a connection; the driver knows it but does not declare it. */
function backendOf(client: pg.PoolClient): number {
  return (client as pg.PoolClient & { processID: number }).processID
}

/** LISTEN on a connection of its own, which comes back with growing pauses and then wakes every listener to read what it missed. */
function createDoorbell(config: pg.ClientConfig, report: (error: Error) => void): Pick<Db, 'listen' | 'close'> {
  const doorbells = new EventEmitter()
  doorbells.setMaxListeners(0)
  let current: Promise<pg.Client> | undefined
  let retry: NodeJS.Timeout | undefined
  let retryMs = FIRST_RETRY_MS
  let closed = false

  async function open(): Promise<pg.Client> {
    const client = new pg.Client(config)
    client.on('error', report)
    client.on('notification', (message) => doorbells.emit(message.channel, message.payload ?? ''))
    await client.connect()
    client.on('end', () => {
      current = undefined
      reconnectLater()
    })
    for (const channel of doorbells.eventNames()) await client.query(`listen ${String(channel)}`)
    retryMs = FIRST_RETRY_MS
    return client
  }

  function reconnectLater(): void {
    if (closed || retry || doorbells.eventNames().length === 0) return
    retry = setTimeout(() => {
      retry = undefined
      connected().then(
        () => {
          // What was rung meanwhile is lost: wake everybody to read what they missed.
          for (const channel of doorbells.eventNames()) doorbells.emit(channel, '')
        },
        (error: unknown) => {
          report(error as Error)
          reconnectLater()
        },
      )
    }, retryMs)
    retry.unref()
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
  }

  function connected(): Promise<pg.Client> {
    current ??= open().catch((error: unknown) => {
      current = undefined
      throw asDatabaseError(error)
    })
    return current
  }

  return {
    async listen(channel, heard) {
      if (!/^[a-z_]+$/.test(channel)) throw new TypeError(`not a channel name: ${channel}`)
      const client = await connected()
      if (doorbells.listenerCount(channel) === 0) await client.query(`listen ${channel}`)
      doorbells.on(channel, heard)
      return async () => {
        doorbells.off(channel, heard)
        if (doorbells.listenerCount(channel) > 0 || closed || !current) return
        await (await current).query(`unlisten ${channel}`)
      }
    },
    async close() {
      closed = true
      clearTimeout(retry)
      doorbells.removeAllListeners()
      const client = await current?.catch(() => undefined)
      await client?.end()
    },
  }
}
