import type { IncomingMessage } from 'node:http'
import type { NextFunction, Request, Response } from 'express'
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

/** Middleware for addresses with a `:city` that are not mounted with `serve`: tiles, uploads, files. */
export function guard(context: Pick<AppContext, 'identify'>, access: Access) {
  return async <Params extends { city: string }>(request: Request<Params>, _response: Response, next: NextFunction): Promise<void> => {
    checkAccess(await principalOf(context, request), access, request.params.city)
    next()
  }
}
