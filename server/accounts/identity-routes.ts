import { parseCookie } from 'cookie'
import type { CookieOptions, Request, Response, Router } from 'express'
import type { AppContext } from '../context.ts'
import { API_PREFIX } from '../contract/endpoint.ts'
import { AppError } from '../errors.ts'
import { guard, principalOf } from '../http/guard.ts'
import { writeSessionCookie } from '../http/session-cookie.ts'
import { addressOf } from './doorkeeper.ts'
import { createIdentityProvider, type IdentityProvider, IDENTITY_PROVIDER_PATH, safePath, Trip, TRIP_MILLISECONDS } from './identity-provider.ts'

const TRIP_COOKIE = 'xiucheng_identity_trip'

function readTrip(request: Request): Trip | undefined {
  const text = parseCookie(request.headers.cookie ?? '')[TRIP_COOKIE]
  if (text === undefined) return undefined
  try {
    return Trip.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString())).data
  } catch {
    // Not ours, or cut short: as good as none.
    return undefined
  }
}

/** Mounts the way to the outside identity provider and back; both are addresses that a browser goes to. */
export function identityRoutes(router: Router, context: AppContext): void {
  const provider = createIdentityProvider(context)
  const cookie: CookieOptions = { httpOnly: true, sameSite: 'lax', secure: context.config.PUBLIC_BASE_URL?.startsWith('https:') ?? false, path: `${API_PREFIX}${IDENTITY_PROVIDER_PATH}` }
  const required = (): IdentityProvider => {
    if (!provider) throw new AppError('not_found', 'No identity provider is set up here.')
    return provider
  }
  /** People stand at this address, not programs: a refusal leads back to the page where they sign in, and is told there. */
  const toSignIn = (response: Response, next: string, error: unknown) => {
    if (!(error instanceof AppError)) throw error
    response.redirect(303, `/sign-in?${new URLSearchParams({ next, refused: error.code }).toString()}`)
  }

  router.get(`${API_PREFIX}${IDENTITY_PROVIDER_PATH}`, guard(context, 'public'), async (request, response) => {
    const next = safePath(request.query['next'])
    response.setHeader('Cache-Control', 'no-store')
    const way = required()
    try {
      const { address, trip } = await way.begin(next)
      response.cookie(TRIP_COOKIE, Buffer.from(JSON.stringify(trip)).toString('base64url'), { ...cookie, maxAge: TRIP_MILLISECONDS })
      response.redirect(303, address.href)
    } catch (error) {
      toSignIn(response, next, error)
    }
  })

  router.get(`${API_PREFIX}${IDENTITY_PROVIDER_PATH}/callback`, guard(context, 'public'), async (request, response) => {
    const way = required()
    const trip = readTrip(request)
    // Each trip is for one answer.
    response.clearCookie(TRIP_COOKIE, cookie)
    response.setHeader('Cache-Control', 'no-store')
    const next = safePath(trip?.next)
    try {
      if (!trip) throw new AppError('unauthenticated', 'The answer of the identity provider is to no question of this browser.')
      const principal = await principalOf(context, request)
      const opened = await way.finish(new URL(request.originalUrl, 'http://localhost').searchParams, trip, { previousSessionId: principal.sessionId, address: addressOf(request), userAgent: request.get('User-Agent') ?? null })
      writeSessionCookie(response, context.config, opened.token, opened.expiresAt)
      response.redirect(303, next)
    } catch (error) {
      toSignIn(response, next, error)
    }
  })
}
