import type { Request, Response, Router } from 'express'
import type { z } from 'zod'
import { API_PREFIX, type Endpoint, type Handled, type Reply } from '../contract/endpoint.ts'
import { AppError } from '../errors.ts'

export interface ServeOptions {
  /** Parse replies too (on outside production): every test and every developer's click checks the contract. */
  checkReplies: boolean
}

function parse<T extends z.ZodType>(schema: T | undefined, value: unknown, where: string): z.output<T> | undefined {
  if (!schema) return undefined
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new AppError('bad_request', `The request's ${where} cannot be used; see errors.`, {
    errors: result.error.issues.map((issue) => ({ path: [where, ...issue.path].join('.'), message: issue.message })),
  })
}

/** Mounts an endpoint: parses what comes in, awaits the handler, checks what goes out. */
export function serve<E extends Endpoint>(
  router: Router,
  endpoint: E,
  options: ServeOptions,
  handler: (input: Handled<E>, request: Request, response: Response) => Promise<Reply<E>> | Reply<E>,
): void {
  const method = endpoint.method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete'
  router[method](`${API_PREFIX}${endpoint.path}`, async (request, response) => {
    const input = {
      params: parse(endpoint.params, request.params, 'params'),
      query: parse(endpoint.query, request.query, 'query'),
      body: parse(endpoint.body, request.body ?? {}, 'body'),
    } as Handled<E>
    const answer = await handler(input, request, response)
    if (response.headersSent) return
    const checked = options.checkReplies ? endpoint.reply.parse(answer) : answer
    response.status(endpoint.status ?? 200).json(checked)
  })
}
