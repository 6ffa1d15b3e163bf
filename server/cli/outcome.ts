import { sentenceOf } from '../startup/failures.ts'
import { AppError, fromSqlState } from '../errors.ts'
import { CommandFailed, UsageError } from './command.ts'

export interface Failure {
  kind: 'usage' | 'failure'
  code: string
  message: string
  /** What the command found out before it failed. */
  details?: Readonly<Record<string, unknown>>
}

/** What to tell about an error; `unforeseen` says that it is a fault of ours and belongs in the log. */
export function describeFailure(thrown: unknown): { failure: Failure; unforeseen: boolean } {
  if (thrown instanceof UsageError) return { failure: { kind: 'usage', code: 'usage', message: thrown.message }, unforeseen: false }
  const error = fromSqlState(thrown)
  if (error instanceof AppError) {
    // Fields of a request mean nothing to somebody who typed options; rows of a file do.
    const fields = error.errors?.filter(({ path }) => !/^(body|query|params)\b/.test(path)).map(({ path, message }) => `\n  ${path}: ${message}`).join('') ?? ''
    return { failure: { kind: 'failure', code: error.code, message: error.message + fields, ...(error instanceof CommandFailed ? { details: error.details } : {}) }, unforeseen: false }
  }
  const sentence = sentenceOf(error)
  if (sentence) return { failure: { kind: 'failure', code: 'unavailable', message: sentence }, unforeseen: false }
  if (error instanceof Error && error.name === 'AbortError') return { failure: { kind: 'failure', code: 'cancelled', message: 'Cancelled; nothing of it stays.' }, unforeseen: false }
  return { failure: { kind: 'failure', code: 'internal', message: `Something went wrong on our side: ${error instanceof Error ? error.message : String(error)}` }, unforeseen: true }
}
