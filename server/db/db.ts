import type { Sql } from './sql.ts'

/** Anything a statement can be sent to: the database, or a transaction on it. */
export interface Queryable {
  /**
   * Runs one statement and answers its rows.
   * @throws DatabaseError with the SQLSTATE in `code`; `57014` when the time limit was passed.
   */
  query<Row = Record<string, unknown>>(statement: Sql, options?: QueryOptions): Promise<Row[]>
}

export interface QueryOptions {
  /** Milliseconds before the statement is stopped; the default is the configured statement limit. */
  timeoutMs?: number
  /** Stops the statement when aborted. */
  signal?: AbortSignal
  /**
   * Planned once a connection, for statements that are sent again and again: the plan of a case with all its names costs five times its answer.
   * Not for filters, whose best plan depends on the values.
   */
  prepared?: boolean
}

/** For a statement of the daily work whose text is always the same. */
export const PREPARED: QueryOptions = { prepared: true }

/** Everything the rest of the server knows of a database, whichever engine it is. */
export interface Db extends Queryable {
  readonly engine: 'postgres' | 'embedded'
  /** Runs `work` in one transaction; inside, use `tx` only: the embedded engine has a single connection. */
  transaction<T>(work: (tx: Queryable) => Promise<T>, options?: QueryOptions): Promise<T>
  /** Hears a doorbell. Payloads are hints; what was missed is read from tables. Answers the function that stops listening. */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>
  /** Rings a doorbell after a commit. */
  notify(channel: string, payload?: string): Promise<void>
  /** Runs a script of many statements without values: migrations. */
  exec(script: string, options?: QueryOptions): Promise<void>
  close(): Promise<void>
}
