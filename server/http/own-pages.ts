import type { IncomingHttpHeaders } from 'node:http'
import type { RequestHandler } from 'express'
import { type Config, isLoopback } from '../config.ts'
import { AppError } from '../errors.ts'

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
 * Keeps the pages of other sites from using the console through the browser of somebody who may: there are no accounts yet, so
 * whoever reaches the address may do everything. A change is taken from our own pages and from programs only; and while nothing
 * guards the console, only under a name of this machine, so that a foreign name that is made to point here opens nothing.
 */
export function ownPagesOnly(config: Pick<Config, 'GUARDED_BY_PROXY' | 'PUBLIC_BASE_URL'>): RequestHandler {
  const publicUrl = urlOf(config.PUBLIC_BASE_URL)
  return (request, _response, next) => {
    const called = urlOf(request.headers.host)?.hostname
    if (!config.GUARDED_BY_PROXY && called !== undefined && !isLoopback(called) && called !== publicUrl?.hostname) {
      throw new AppError('forbidden', `The console does not answer to the name ${called}. Use http://127.0.0.1, set PUBLIC_BASE_URL to the address it is reached by, or put a proxy before it and set GUARDED_BY_PROXY=true.`)
    }
    if (!HARMLESS.has(request.method) && isFromAnotherSite(request.headers, publicUrl?.host)) {
      throw new AppError('forbidden', 'A page of another site may change nothing here. Behind a proxy, set PUBLIC_BASE_URL to the address the console is reached by.')
    }
    next()
  }
}
