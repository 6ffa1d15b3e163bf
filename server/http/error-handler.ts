import { randomUUID } from 'node:crypto'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import type { Logger } from 'pino'
import { ZodError } from 'zod'
import type { ErrorCode, Problem } from '../contract/errors.ts'
import { AppError, fromSqlState, STATUS } from '../errors.ts'

const SHOWN_ADDRESS = 200

/** Unknown addresses under the API answer a problem, never a page. */
export const notFound: RequestHandler = (request) => {
  // The whole address: below a mount point `path` is only the rest of it.
  const address = request.originalUrl.split('?')[0] ?? ''
  throw new AppError('not_found', `There is nothing at ${request.method} ${address.slice(0, SHOWN_ADDRESS)}.`)
}

const FROM_BODY: Record<string, [ErrorCode, string]> = {
  'entity.too.large': ['too_large', 'The request is larger than allowed.'],
  'entity.parse.failed': ['bad_request', 'The request body is not valid JSON.'],
  'encoding.unsupported': ['bad_request', 'The request body is packed in a way that is not known here; send it plain, or as gzip.'],
  'charset.unsupported': ['bad_request', 'The request body is not in UTF-8.'],
}

/** Statuses the framework gives to what it cannot read. A 404 of its own is a file of ours that is missing. */
const UNREADABLE = new Set<unknown>([400, 413, 415, 416])
/** What the framework calls its own errors of these statuses. */
const FRAMEWORK_NAMES = new Set(['BadRequestError', 'PayloadTooLargeError', 'UnsupportedMediaTypeError', 'RangeNotSatisfiableError'])

/**
 * Whether the framework speaks of the request. It gives status 400 to whatever stops it from reading a body, a fault of ours among them:
 * it loads its alphabets with the first body, and finds none when packages were replaced under a running program.
 */
function speaksOfRequest(error: Error): boolean {
  // Unpacking fails with a number of zlib's, where a failed call of the system names the call.
  return FRAMEWORK_NAMES.has(error.name) || ('errno' in error && !('syscall' in error))
}

/** What the framework says of a request that it cannot read: the caller's fault, not ours. */
function requestError(error: unknown): AppError | undefined {
  if (error instanceof URIError) return new AppError('bad_request', 'The address holds a % that is followed by no character of UTF-8.', { cause: error })
  if (!(error instanceof Error) || !('status' in error) || !UNREADABLE.has(error.status)) return undefined
  const known = FROM_BODY['type' in error ? String(error.type) : '']
  if (!known && !speaksOfRequest(error)) return undefined
  const [code, message] = known ?? ['bad_request', 'The request cannot be read: it is damaged or was cut short.']
  return new AppError(code, message, { cause: error })
}

/** The last handler: known errors as problem+json, unknown ones logged once and answered with an id only. */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (thrown, request, response, next) => {
    const error = requestError(thrown) ?? fromSqlState(thrown)
    const requestId = randomUUID()
    if (response.headersSent) {
      log.error({ err: thrown, requestId, method: request.method, path: request.path }, 'failed after the answer had begun')
      next(thrown)
      return
    }
    const known = error instanceof AppError ? error : undefined
    if (!known) log.error({ err: thrown, requestId, method: request.method, path: request.path, contract: thrown instanceof ZodError }, 'unexpected error')
    const code = known?.code ?? 'internal'
    const problem: Problem = {
      type: `about:blank#${code}`,
      title: code.replaceAll('_', ' '),
      status: STATUS[code],
      detail: known?.message ?? 'Something went wrong on our side. Quote the request id when asking for help.',
      code,
      requestId,
      ...(known?.errors ? { errors: known.errors } : {}),
    }
    if (code === 'too_many_requests' || code === 'unavailable' || code === 'timeout') response.setHeader('Retry-After', '5')
    response.status(problem.status).type('application/problem+json').json(problem)
  }
}
