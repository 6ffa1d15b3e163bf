import type { IncomingHttpHeaders } from 'node:http'
import type { RequestHandler } from 'express'
import { type Config, isLoopback } from '../config.ts'
import { AppError } from '../errors.ts'
import { readBearer, readSessionCookie } from './session-cookie.ts'

const HARMLESS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Host and port of an address or of a Host header; undefined where it is neither. */
function urlOf(text: string | undefined): URL | undefined {
  if (!text) return undefined
  const url = text.includes('://') ? text : `http://${text}`
  return URL.canParse(url) ? new URL(url) : undefined
}

/** Whether a browser says that the request comes from a page of another site; programs that are no browsers say nothing. */
function isFromAnotherSite(headers: IncomingHttpHeaders, publicHost: string | undefined): boolean {
  const site = headers['sec-fetch-site']
  if (typeof site === 'string') return site !== 'same-origin' && site !== 'none'
  if (headers.origin === undefined) return false
  const forwarded = headers['x-forwarded-host']
  const own = [headers.host, typeof forwarded === 'string' ? forwarded : undefined].map((text) => urlOf(text)?.host)
  const origin = urlOf(headers.origin)?.host
  return origin === undefined || ![...own, publicHost].includes(origin)
}

/**
 * Keeps the pages of other sites from using the console through the browser of somebody who may. A change is taken from our own
 * pages and from programs only: a request that carries a session has to say that it comes from here, one with a token speaks for
 * itself. And while there are no accounts (whoever reaches the address may then do everything) and nothing guards the console, it
 * answers only under a name of this machine, so that a foreign name that is made to point here opens nothing.
 */
export function ownPagesOnly(config: Pick<Config, 'GUARDED_BY_PROXY' | 'PUBLIC_BASE_URL'>, hasAccounts: () => Promise<boolean> = async () => false): RequestHandler {
  const publicUrl = urlOf(config.PUBLIC_BASE_URL)
  return async (request, _response, next) => {
    const called = urlOf(request.headers.host)?.hostname
    if (!config.GUARDED_BY_PROXY && called !== undefined && !isLoopback(called) && called !== publicUrl?.hostname && !(await hasAccounts())) {
      throw new AppError('forbidden', `The console does not answer to the name ${called}: it has no accounts yet. Use http://127.0.0.1, make an administrator (npm run --silent cli -- account create-admin), set PUBLIC_BASE_URL to the address it is reached by, or put a proxy before it and set GUARDED_BY_PROXY=true.`)
    }
    if (!HARMLESS.has(request.method) && readBearer(request) === undefined) {
      const saysNothing = request.headers['sec-fetch-site'] === undefined && request.headers.origin === undefined
      if (isFromAnotherSite(request.headers, publicUrl?.host)) {
        throw new AppError('forbidden', 'A page of another site may change nothing here. Behind a proxy, set PUBLIC_BASE_URL to the address the console is reached by.')
      }
      if (saysNothing && readSessionCookie(request) !== undefined) throw new AppError('forbidden', 'A change in the name of a session has to say where it comes from (Origin or Sec-Fetch-Site); programs use a token.')
    }
    next()
  }
}
