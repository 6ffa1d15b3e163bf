import type { IncomingMessage } from 'node:http'
import type { Express, NextFunction, Request, Response } from 'express'
import { type Principal, requireCity, requireGrants, requireSignedIn } from '../access/principal.ts'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import type { Access } from '../contract/permissions.ts'

const known = new WeakMap<IncomingMessage, Promise<Principal>>()

/** Who makes a request; asked once per request. */
export function principalOf(context: Pick<AppContext, 'identify'>, request: IncomingMessage): Promise<Principal> {
  let principal = known.get(request)
  if (!principal) known.set(request, (principal = context.identify(request)))
  return principal
}

/** Lets a caller through to an address, or refuses. @throws AppError `unauthenticated`, `forbidden`, `second_factor_needed`, `not_found`. */
export function checkAccess(principal: Principal, access: Access, cityKey: string | undefined): void {
  if (access === 'public') return
  if (access === 'session') {
    if (principal.kind === 'visitor') throw new AppError('unauthenticated', '请先登录。Sign in first.')
    return
  }
  requireSignedIn(principal)
  if (cityKey !== undefined) requireCity(principal, cityKey)
  if (access !== 'signed_in') requireGrants(principal, access, cityKey)
}

/** A screen's token only looks, whatever its posts say. @throws AppError forbidden */
export function refuseScreenWrites(principal: Principal, access: Access, method: string): void {
  if (principal.kind === 'display' && method !== 'GET' && method !== 'HEAD' && access !== 'public') throw new AppError('forbidden', '大屏只能查看。A screen can only look.')
}

type Handler = (request: Request, response: Response, next: NextFunction) => unknown

const declared = new WeakMap<object, Access>()

/** Says what a handler asks of its callers; `refuseUnguarded` looks for it. */
export function declareAccess<H extends object>(handler: H, access: Access): H {
  declared.set(handler, access)
  return handler
}

/** Middleware for addresses that are not mounted with `serve`: tiles, uploads, files. A `:city` in the address is heeded. */
export function guard(context: Pick<AppContext, 'identify'>, access: Access) {
  const middleware = async <Params extends Record<string, string>>(request: Request<Params>, _response: Response, next: NextFunction): Promise<void> => {
    const principal = await principalOf(context, request)
    refuseScreenWrites(principal, access, request.method)
    checkAccess(principal, access, request.params['city'])
    next()
  }
  return declareAccess(middleware, access)
}

export interface MountedRoute {
  method: string
  path: string
  /** Undefined where nobody said. */
  access: Access | undefined
}

/** Every route of an application with what it asks of its callers. */
export function listRoutes(app: Express): MountedRoute[] {
  const layers = app.router.stack as readonly { route?: { path: string; stack: { method: string; handle: Handler }[] } }[]
  return layers.flatMap(({ route }) =>
    route ? [...new Set(route.stack.map((one) => one.method))].map((method) => ({ method: method.toUpperCase(), path: route.path, access: route.stack.map((one) => declared.get(one.handle)).find((access) => access !== undefined) })) : [],
  )
}

/** A route that does not say what it asks of its callers stops the start. */
export function refuseUnguarded(app: Express): void {
  const open = listRoutes(app).filter((route) => route.access === undefined)
  if (open.length > 0) throw new Error(`these routes do not say who may call them: ${open.map(({ method, path }) => `${method} ${path}`).join(', ')}`)
}
