/** What a request shows of its sender: the cookie of a session, or a token. */
import type { IncomingMessage } from 'node:http'
import { parseCookie } from 'cookie'
import type { Response } from 'express'
import type { Config } from '../config.ts'
import { SESSION_COOKIE } from '../contract/accounts.ts'

export function readSessionCookie(request: IncomingMessage): string | undefined {
  return parseCookie(request.headers.cookie ?? '')[SESSION_COOKIE] || undefined
}

/** The token of `Authorization: Bearer …`. */
export function readBearer(request: IncomingMessage): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
}

function attributes(config: Pick<Config, 'PUBLIC_BASE_URL'>) {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: config.PUBLIC_BASE_URL?.startsWith('https:') ?? false } as const
}

export function writeSessionCookie(response: Response, config: Pick<Config, 'PUBLIC_BASE_URL'>, token: string, expiresAt: Date): void {
  response.cookie(SESSION_COOKIE, token, { ...attributes(config), expires: expiresAt })
}

export function clearSessionCookie(response: Response, config: Pick<Config, 'PUBLIC_BASE_URL'>): void {
  response.clearCookie(SESSION_COOKIE, attributes(config))
}
