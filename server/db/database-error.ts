/** A failure the adapter itself speaks of, with the SQLSTATE a server would have given: `57014` time limit, `57P03` starting, `53300` busy, `08006` connection lost. */
export class DatabaseError extends Error {
  readonly code: string

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'DatabaseError'
    this.code = code
  }
}

/** What is wrong with a data folder or a database that must not be opened, as a sentence for the person who started the program. */
export class DatabaseRefusal extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'DatabaseRefusal'
  }
}

const CONNECTION_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH', 'EAI_AGAIN', 'ERR_STREAM_WRITE_AFTER_END', 'ERR_STREAM_DESTROYED'])

/** Gives errors of the connection, which carry no SQLSTATE, the one a caller can act on; answers others unchanged. */
export function asDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error) || 'severity' in error || error instanceof DatabaseError) return error
  const code = 'code' in error ? String(error.code) : ''
  if (/timeout exceeded when trying to connect/i.test(error.message)) return new DatabaseError('53300', 'every connection to the database is busy', error)
  if (CONNECTION_CODES.has(code) || /connection terminated|connection error|not queryable|connection ended/i.test(error.message)) {
    return new DatabaseError('08006', 'the connection to the database was lost', error)
  }
  return error
}
