import { ConfigError } from '../config.ts'
import { DatabaseError, DatabaseRefusal } from '../db/database-error.ts'
import { MigrationError } from '../db/migrate.ts'

/** A failure of the start with a sentence for the person in front of the terminal. */
export class StartupError extends Error {}

/** The sentence of a failure that is foreseen, or undefined for one that is a fault of ours. */
export function sentenceOf(error: unknown): string | undefined {
  if (error instanceof ConfigError || error instanceof StartupError || error instanceof DatabaseRefusal || error instanceof MigrationError) return error.message
  if (error instanceof DatabaseError) return `The database cannot be used: ${error.message}.`
  if (error instanceof Error && 'code' in error && error.code === '57014') return 'The database did not finish a step of the start in time: it is busy. Start again when it is quieter; what is done stays done. STATEMENT_TIMEOUT_MS gives each step more time.'
  return undefined
}

/** Why a port could not be opened, in a sentence. */
export function listenFailure(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') return new StartupError(`Port ${port} on ${host} is taken by another program. Stop that program, or choose another port: PORT=${port === 65_535 ? port - 1 : port + 1} npm start`)
  if (error.code === 'EACCES') return new StartupError(`This user may not open port ${port}. Choose one above 1023: PORT=8080 npm start`)
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') return new StartupError(`HOST=${host} is not an address of this machine. Use HOST=127.0.0.1`)
  return error
}
