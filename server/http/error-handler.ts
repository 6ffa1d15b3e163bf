import { randomUUID } from 'node:crypto'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import type { Logger } from 'pino'
import { ZodError } from 'zod'
import type { Problem } from '../contract/errors.ts'
import { AppError, fromSqlState, STATUS } from '../errors.ts'

/** Unknown addresses under the API answer a problem, never a page. */
export const notFound: RequestHandler = (request) => {
  throw new AppError('not_found', `There is nothing at ${request.method} ${request.path}.`)
}

function bodyParserError(error: unknown): AppError | undefined {
  if (typeof error !== 'object' || error === null || !('type' in error)) return undefined
  if (error.type === 'entity.too.large') return new AppError('too_large', 'The request is larger than allowed.', { cause: error })
  if (error.type === 'entity.parse.failed') return new AppError('bad_request', 'The request body is not valid JSON.', { cause: error })
  return undefined
}

/** The last handler: known errors as problem+json, unknown ones logged once and answered with an id only. */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (thrown, request, response, next) => {
    const error = bodyParserError(thrown) ?? fromSqlState(thrown)
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
