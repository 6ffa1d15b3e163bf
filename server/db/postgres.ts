import { EventEmitter } from 'node:events'
import pg from 'pg'
import type { Db, Queryable, QueryOptions } from './db.ts'
import type { Sql } from './sql.ts'

export interface PostgresOptions {
  connectionString: string
  maxConnections?: number
  statementTimeoutMs?: number
  onError?: (error: Error) => void
}

// What both engines must answer alike: int8 and numeric as numbers, dates as text.
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === 20 || oid === 1700) return (value: string) => Number(value)
    if (oid === 1082) return (value: string) => value
    return pg.types.getTypeParser(oid, format as 'text')
  },
}

/** A database reached through `pg`: a PostgreSQL server. */
export function openPostgres(options: PostgresOptions): Db {
  const statementTimeoutMs = options.statementTimeoutMs ?? 30_000
  const report = options.onError ?? (() => {})
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.maxConnections ?? 10,
    statement_timeout: statementTimeoutMs,
    application_name: 'xiucheng',
    types: types as pg.CustomTypesConfig,
  })
  // An idle client's error without a listener would end the process (node-postgres #1611).
  pool.on('error', report)
  pool.on('connect', (client) => client.on('error', report))

  async function run<Row>(client: pg.Pool | pg.PoolClient, statement: Sql): Promise<Row[]> {
    const result = await client.query(statement.text, [...statement.values])
    return result.rows as Row[]
  }

  async function withClient<T>(queryOptions: QueryOptions | undefined, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    queryOptions?.signal?.throwIfAborted()
    const client = await pool.connect()
    const backend = queryOptions?.signal ? (await client.query('select pg_backend_pid() as pid')).rows[0]?.pid : undefined
    const cancel = () => void pool.query('select pg_cancel_backend($1)', [backend]).catch(report)
    let broken: Error | undefined
    try {
      queryOptions?.signal?.addEventListener('abort', cancel, { once: true })
      return await work(client)
    } catch (error) {
      if (error instanceof Error && !('severity' in error)) broken = error
      throw error
    } finally {
      queryOptions?.signal?.removeEventListener('abort', cancel)
      client.release(broken)
    }
  }

  async function inTransaction<T>(client: pg.PoolClient, work: (tx: Queryable) => Promise<T>, queryOptions?: QueryOptions): Promise<T> {
    await client.query('begin')
    try {
      if (queryOptions?.timeoutMs !== undefined) await client.query(`set local statement_timeout = ${Math.ceil(queryOptions.timeoutMs)}`)
      const answer = await work({ query: (statement) => run(client, statement) })
      await client.query('commit')
      return answer
    } catch (error) {
      await client.query('rollback').catch(report)
      throw error
    }
  }

  const doorbells = new EventEmitter()
  let listener: Promise<pg.Client> | undefined
  let closed = false

  async function openListener(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: options.connectionString, application_name: 'xiucheng-listen' })
    client.on('error', report)
    client.on('notification', (message) => doorbells.emit(message.channel, message.payload ?? ''))
    client.on('end', () => {
      listener = undefined
      if (!closed && doorbells.eventNames().length > 0) setTimeout(() => void reconnect(), 1000).unref()
    })
    await client.connect()
    for (const channel of doorbells.eventNames()) await client.query(`listen ${String(channel)}`)
    return client
  }

  async function reconnect(): Promise<void> {
    if (closed) return
    try {
      listener ??= openListener()
      await listener
      // What was rung meanwhile is lost: wake everybody to read what they missed.
      for (const channel of doorbells.eventNames()) doorbells.emit(channel, '')
    } catch (error) {
      listener = undefined
      report(error as Error)
      setTimeout(() => void reconnect(), 2000).unref()
    }
  }

  return {
    engine: 'postgres',
    async query<Row>(statement: Sql, queryOptions?: QueryOptions) {
      if (!queryOptions?.timeoutMs && !queryOptions?.signal) return run<Row>(pool, statement)
      return withClient(queryOptions, (client) =>
        queryOptions.timeoutMs ? inTransaction(client, (tx) => tx.query<Row>(statement), queryOptions) : run<Row>(client, statement),
      )
    },
    transaction: (work, queryOptions) => withClient(queryOptions, (client) => inTransaction(client, work, queryOptions)),
    async listen(channel, heard) {
      if (!/^[a-z_]+$/.test(channel)) throw new TypeError(`not a channel name: ${channel}`)
      const isNew = doorbells.listenerCount(channel) === 0
      doorbells.on(channel, heard)
      listener ??= openListener()
      const client = await listener
      if (isNew) await client.query(`listen ${channel}`)
      return async () => {
        doorbells.off(channel, heard)
      }
    },
    async notify(channel, payload = '') {
      await pool.query('select pg_notify($1, $2)', [channel, payload])
    },
    async exec(script, queryOptions) {
      await withClient(undefined, async (client) => {
        await client.query(`set statement_timeout = ${Math.ceil(queryOptions?.timeoutMs ?? 600_000)}`)
        try {
          await client.query(script)
        } finally {
          await client.query(`set statement_timeout = ${statementTimeoutMs}`)
        }
      })
    },
    async close() {
      closed = true
      const client = await listener?.catch(() => undefined)
      await client?.end()
      await pool.end()
    },
  }
}
