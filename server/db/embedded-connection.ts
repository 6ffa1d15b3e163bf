import { EventEmitter } from 'node:events'
import net from 'node:net'
import pg from 'pg'
import type { Db } from './db.ts'
import { createDb, RESULT_TYPES } from './pg-adapter.ts'

export interface EmbeddedConnectionOptions {
  socketPath: () => string
  statementTimeoutMs?: number
  report?: (error: Error) => void
  checkReady?: () => void
  /** A statement outlived its limit. The engine cannot be asked to stop one: whoever owns it must kill it. */
  expired?: (text: string) => void
  close?: () => Promise<void>
}

/** How long callers queue for the one connection before they are told that the database is busy. */
const QUEUE_TIMEOUT_MS = 120_000

/** A `pg` pool of one connection to an embedded engine's private socket, with doorbells inside this process. */
export function connectEmbedded(options: EmbeddedConnectionOptions): Db {
  const report = options.report ?? (() => {})
  const doorbells = new EventEmitter()
  doorbells.setMaxListeners(0)
  const pool = new pg.Pool({
    max: 1,
    // The connection is the engine's own: nothing is gained by closing it when idle.
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: QUEUE_TIMEOUT_MS,
    user: 'postgres',
    database: 'postgres',
    types: RESULT_TYPES,
    stream: () => new PathSocket(options.socketPath),
  } as pg.PoolConfig)
  pool.on('error', report)
  pool.on('connect', (client) => client.on('error', report))
  return createDb({
    name: 'embedded',
    pool,
    statementTimeoutMs: options.statementTimeoutMs ?? 30_000,
    serverKeepsTime: false,
    hasSessions: false,
    pipelines: false,
    checkReady: options.checkReady ?? (() => {}),
    expired: () => options.expired?.('time limit'),
    // One statement too many is cheaper than killing the engine for everybody; its time limit bounds it.
    cancel: async () => false,
    report,
    async listen(channel, heard) {
      doorbells.on(channel, heard)
      return async () => {
        doorbells.off(channel, heard)
      }
    },
    async notify(channel, payload = '') {
      doorbells.emit(channel, payload)
    },
    async close() {
      doorbells.removeAllListeners()
      await pool.end()
      await options.close?.()
    },
  })
}

/** `pg` dials host and port; this socket dials the engine's path instead, wherever it is by then. */
class PathSocket extends net.Socket {
  readonly #path: () => string

  constructor(socketPath: () => string) {
    super()
    this.#path = socketPath
  }

  override connect(...parameters: unknown[]): this {
    const listener = parameters.at(-1)
    return super.connect({ path: this.#path() }, typeof listener === 'function' ? (listener as () => void) : undefined)
  }
}
