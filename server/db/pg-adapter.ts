import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import pg from 'pg'
import { asDatabaseError, DatabaseError } from './database-error.ts'
import type { Db, Queryable, QueryOptions } from './db.ts'
import type { Sql } from './sql.ts'

// What both engines must answer alike: int8 and numeric as numbers, dates as text.
export const RESULT_TYPES: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === 20 || oid === 1700) return (value: string) => Number(value)
    if (oid === 1082) return (value: string) => value
    return pg.types.getTypeParser(oid, format as 'text')
  }) as pg.CustomTypesConfig['getTypeParser'],
}

/** Where the engines differ behind the same wire protocol. */
export interface Engine {
  readonly name: Db['engine']
  readonly pool: pg.Pool
  readonly statementTimeoutMs: number
  /** Set where the server itself stops a statement at its time limit; the text is sent at the start of a transaction. */
  readonly serverKeepsTime: boolean
  /** Whether a connection has a session of its own, so that statements prepared on it are its own too. */
  readonly hasSessions: boolean
  /** Whether a statement of a transaction can be sent before the one ahead of it was answered. */
  readonly pipelines: boolean
  /** Throws when the engine cannot take a statement now. */
  checkReady(): void
  /** The statement outlived its limit: make sure that it ends. */
  expired(client: pg.PoolClient): void
  /** The caller no longer wants the running statement; `true` when the engine stopped it and the connection must not be used again. */
  cancel(client: pg.PoolClient): Promise<boolean>
  report(error: Error): void
  listen: Db['listen']
  notify: Db['notify']
  close(): Promise<void>
}

/** A server that keeps time itself gets this much longer before its connection is cut from our side. */
const GRACE_MS = 5_000

interface Connection {
  client: pg.PoolClient
  /** Statements of one connection run one after another; the last one's end. */
  last: Promise<unknown>
  broken: boolean
}

const names = new Map<string, string>()

/** The name of a prepared statement: the same for the same text on every connection. */
function nameOf(text: string): string {
  let name = names.get(text)
  if (name === undefined) names.set(text, (name = createHash('sha256').update(text).digest('hex').slice(0, 32)))
  return name
}

/** Statements that are sent until the present work comes to rest leave in one piece. */
function gatherWrites({ connection: { stream } }: pg.PoolClient): void {
  stream.cork()
  process.nextTick(() => stream.uncork())
}

/** The one `pg` adapter behind both engines: time limits, cancelling, transactions. */
export function createDb(engine: Engine): Db {
  const openTransaction = new AsyncLocalStorage<{ active: boolean }>()
  /** Everything between its call and its answer, the turn in the pool's queue included. */
  const pending = new Set<Promise<unknown>>()
  let closing: Promise<void> | undefined

  function limitOf(options: QueryOptions | undefined): number {
    return options?.timeoutMs ?? engine.statementTimeoutMs
  }

  /**
   * Sends one statement and keeps its clock; answers at the limit or at the abort even where the engine goes on.
   * @param isPipelined sent right behind the one ahead of it, where the engine can: only within a transaction, where the failure of one fails all that follow.
   */
  async function send(connection: Connection, text: string, values: readonly unknown[] | undefined, options: QueryOptions | undefined, isPipelined = false): Promise<pg.QueryResult> {
    const previous = connection.last
    let ended = () => {}
    const own = new Promise<void>((resolve) => (ended = resolve))
    connection.last = previous.then(() => own)
    const { client } = connection
    if (isPipelined && engine.pipelines) gatherWrites(client)
    else await previous
    const signal = options?.signal
    if (signal?.aborted) {
      ended()
      throw signal.reason
    }
    const running = !values ? client.query(text) : options?.prepared && engine.hasSessions ? client.query({ name: nameOf(text), text, values: [...values] }) : client.query(text, [...values])
    // The connection is free only when the statement has ended and no cancel request can hit the next one.
    let free: Promise<unknown> = running.catch(() => undefined)
    let timer: NodeJS.Timeout | undefined
    let hasEnded = false
    let onAbort: (() => void) | undefined
    const stopped = new Promise<never>((_, reject) => {
      const startClock = () => {
        if (hasEnded) return
        timer = setTimeout(() => {
          connection.broken = true
          reject(new DatabaseError('57014', `the statement took longer than its limit of ${limitOf(options)} ms`))
          engine.expired(client)
        }, limitOf(options) + (engine.serverKeepsTime ? GRACE_MS : 0))
      }
      // Waiting behind others is not its own time.
      void previous.then(startClock)
      onAbort = () => {
        const stopping = engine.cancel(client).then(
          (unusable) => void (connection.broken ||= unusable),
          (error: unknown) => {
            connection.broken = true
            engine.report(error as Error)
          },
        )
        free = Promise.all([free, stopping])
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', onAbort, { once: true })
    })
    try {
      return await Promise.race([running, stopped])
    } catch (error) {
      const known = asDatabaseError(error)
      if (known instanceof DatabaseError && known.code === '08006') connection.broken = true
      throw known
    } finally {
      hasEnded = true
      clearTimeout(timer)
      if (onAbort) signal?.removeEventListener('abort', onAbort)
      void free.then(ended)
    }
  }

  async function rowsOf<Row>(connection: Connection, statement: Sql, options: QueryOptions | undefined, isPipelined = false): Promise<Row[]> {
    return (await send(connection, statement.text, statement.values, options, isPipelined)).rows as Row[]
  }

  async function connect(signal: AbortSignal | undefined): Promise<pg.PoolClient> {
    engine.checkReady()
    const waiting = engine.pool.connect().catch((error: unknown) => {
      throw asDatabaseError(error)
    })
    if (!signal) return waiting
    let onAbort: (() => void) | undefined
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason)
      signal.addEventListener('abort', onAbort, { once: true })
    })
    try {
      return await Promise.race([waiting, aborted])
    } catch (error) {
      // Its turn may still come: give the connection straight back then.
      if (signal.aborted) waiting.then((client) => client.release()).catch(() => undefined)
      throw error
    } finally {
      if (onAbort) signal.removeEventListener('abort', onAbort)
    }
  }

  async function withConnection<T>(options: QueryOptions | undefined, work: (connection: Connection) => Promise<T>): Promise<T> {
    if (closing) throw new DatabaseError('08006', 'the database is being closed')
    const answer = serveOne(options, work)
    pending.add(answer)
    try {
      return await answer
    } finally {
      pending.delete(answer)
    }
  }

  async function serveOne<T>(options: QueryOptions | undefined, work: (connection: Connection) => Promise<T>): Promise<T> {
    options?.signal?.throwIfAborted()
    if (openTransaction.getStore()?.active) throw new TypeError('db.query inside db.transaction: use the tx that the transaction was given (the embedded engine has one connection, and this would wait for itself)')
    const client = await connect(options?.signal)
    const connection: Connection = { client, last: Promise.resolve(), broken: false }
    let ended = false
    const release = () => {
      if (ended) return
      ended = true
      client.release(connection.broken)
    }
    try {
      return await work(connection)
    } finally {
      if (connection.broken) release()
      else if (options?.signal?.aborted) void connection.last.then(release)
      else release()
    }
  }

  async function inTransaction<T>(connection: Connection, work: (tx: Queryable) => Promise<T>, options: QueryOptions | undefined): Promise<T> {
    const state = { active: true }
    const own = options?.timeoutMs !== undefined && engine.serverKeepsTime
    const tx: Queryable = {
      query: async <Row>(statement: Sql, inner?: QueryOptions) => {
        if (!state.active) throw new TypeError('this transaction has ended; a statement was sent through it afterwards')
        return rowsOf<Row>(connection, statement, { ...options, ...inner }, true)
      },
    }
    try {
      await send(connection, own ? `begin; set local statement_timeout = ${Math.ceil(limitOf(options))}` : 'begin', undefined, options)
      const answer = await openTransaction.run(state, () => work(tx))
      state.active = false
      // A server answers the commit of a failed transaction with a rollback and no error.
      const { command } = await send(connection, 'commit', undefined, { timeoutMs: limitOf(options) })
      if (command !== 'COMMIT') throw new DatabaseError('25P02', 'a statement of the transaction had failed, and nothing of it was kept')
      return answer
    } catch (error) {
      state.active = false
      if (!connection.broken) {
        await send(connection, 'rollback', undefined, undefined).catch((failure: Error) => {
          // A connection that could not roll back must never serve anybody again.
          connection.broken = true
          engine.report(failure)
        })
      }
      throw error
    }
  }

  return {
    engine: engine.name,
    query: <Row>(statement: Sql, options?: QueryOptions) =>
      withConnection(options, (connection) =>
        options?.timeoutMs !== undefined && engine.serverKeepsTime
          ? inTransaction(connection, (tx) => tx.query<Row>(statement), options)
          : rowsOf<Row>(connection, statement, options),
      ),
    transaction: (work, options) => withConnection(options, (connection) => inTransaction(connection, work, options)),
    listen: engine.listen,
    notify: engine.notify,
    exec: (script, options) =>
      withConnection(options, async (connection) => {
        const timeoutMs = options?.timeoutMs ?? 600_000
        if (engine.serverKeepsTime) await send(connection, `set statement_timeout = ${Math.ceil(timeoutMs)}`, undefined, options)
        try {
          await send(connection, script, undefined, { ...options, timeoutMs })
        } catch (error) {
          // The script may have left a transaction of its own open.
          connection.broken = true
          throw error
        }
        if (engine.serverKeepsTime) await send(connection, `set statement_timeout = ${engine.statementTimeoutMs}`, undefined, undefined)
      }),
    // The pool forgets whoever still queues when it is ended, and would leave them waiting for ever: they are served first.
    close: () => (closing ??= Promise.allSettled(pending).then(() => engine.close())),
  }
}
