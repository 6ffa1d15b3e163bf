import type { Request, Response, Router } from 'express'
import type { z } from 'zod'
import { checkAccess, declareAccess, principalOf, refuseScreenWrites } from './guard.ts'
import type { Principal } from '../access/principal.ts'
import type { AppContext } from '../context.ts'
import { API_PREFIX, type Endpoint, type Handled, type Reply } from '../contract/endpoint.ts'
import { badRequest } from './issues.ts'

export interface ServeOptions {
  /** Parse replies too (on outside production): every test and every developer's click checks the contract. */
  checkReplies: boolean
  identify: AppContext['identify']
}

/** How endpoints are served under a context. */
export function serveOptions(context: Pick<AppContext, 'config' | 'identify'>): ServeOptions {
  return { checkReplies: !context.config.isProduction, identify: context.identify }
}

function parse<T extends z.ZodType>(schema: T | undefined, value: unknown, where: string): z.output<T> | undefined {
  if (!schema) return undefined
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw badRequest(schema, value, where)
}

/** The city an address is about, where its schema names one. */
function cityOf(parsed: unknown): string | undefined {
  return typeof parsed === 'object' && parsed !== null && 'city' in parsed && typeof parsed.city === 'string' ? parsed.city : undefined
}

/** Mounts an endpoint: asks who calls and whether they may, parses what comes in, awaits the handler, checks what goes out. */
export function serve<E extends Endpoint>(
  router: Router,
  endpoint: E,
  options: ServeOptions,
  handler: (input: Handled<E> & { principal: Principal }, request: Request, response: Response) => Promise<Reply<E>> | Reply<E>,
): void {
  const method = endpoint.method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete'
  const handle = async (request: Request, response: Response) => {
    const principal = await principalOf(options, request)
    // Strangers are told to sign in before they are told what is wrong with their words.
    if (principal.kind === 'visitor') checkAccess(principal, endpoint.access, undefined)
    refuseScreenWrites(principal, endpoint.access, endpoint.method)
    const params = parse(endpoint.params, request.params, 'params')
    checkAccess(principal, endpoint.access, cityOf(params) ?? cityOf(request.query))
    const input = {
      principal,
      params,
      query: parse(endpoint.query, request.query, 'query'),
      body: parse(endpoint.body, request.body ?? {}, 'body'),
    } as Handled<E> & { principal: Principal }
    const answer = await handler(input, request, response)
    if (response.headersSent) return
    const checked = options.checkReplies ? endpoint.reply.parse(answer) : answer
    response.status(endpoint.status ?? 200).json(checked)
  }
  router[method](`${API_PREFIX}${endpoint.path}`, declareAccess(handle, endpoint.access))
}
