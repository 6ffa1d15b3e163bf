import type { Request, Response, Router } from 'express'
import type { AppContext } from '../context.ts'
import * as contract from '../contract/accounts.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { clearSessionCookie, writeSessionCookie } from '../http/session-cookie.ts'
import type { Principal } from '../access/principal.ts'
import { addressOf } from './doorkeeper.ts'
import { giveCode, setUpSecondFactor } from './second-factor.ts'
import { getSessionState, listMySessions, listSessions, type OpenedSession, revokeSession, signOut, type Visit } from './sessions.ts'
import { changePassword, createSignInAttempts, listPersonas, signIn, signInAsPersona, signInDisplay } from './sign-in.ts'

function visitOf(request: Request, principal: Principal): Visit {
  return { previousSessionId: principal.sessionId, address: addressOf(request), userAgent: request.get('User-Agent') ?? null }
}

/** Mounts the addresses of sessions and personas. */
export function accountsRoutes(router: Router, context: AppContext): void {
  const options = serveOptions(context)
  const attempts = createSignInAttempts()

  const welcome = (response: Response, opened: OpenedSession) => {
    writeSessionCookie(response, context.config, opened.token, opened.expiresAt)
    response.setHeader('Cache-Control', 'no-store')
    return getSessionState(context, opened.principal)
  }

  serve(router, contract.getSession, options, ({ principal }, _request, response) => {
    response.setHeader('Cache-Control', 'no-store')
    return getSessionState(context, principal)
  })
  serve(router, contract.signIn, options, async ({ principal, body }, request, response) => welcome(response, await signIn(context, attempts, visitOf(request, principal), body)))
  serve(router, contract.signOut, options, async ({ principal }, request, response) => {
    await signOut(context, principal)
    clearSessionCookie(response, context.config)
    delete request.headers.cookie
    return getSessionState(context, await context.identify(request))
  })
  serve(router, contract.changePassword, options, async ({ principal, body }, request, response) => welcome(response, await changePassword(context, attempts, principal, visitOf(request, principal), body)))
  serve(router, contract.setUpSecondFactor, options, ({ principal }) => setUpSecondFactor(context, principal))
  serve(router, contract.confirmSecondFactor, options, async ({ principal, body }, request, response) => welcome(response, await giveCode(context, attempts, principal, visitOf(request, principal), body.code, 'confirm')))
  serve(router, contract.verifySecondFactor, options, async ({ principal, body }, request, response) => welcome(response, await giveCode(context, attempts, principal, visitOf(request, principal), body.code, 'verify')))
  serve(router, contract.signInDisplay, options, async ({ principal, body }, request, response) => welcome(response, await signInDisplay(context, attempts, visitOf(request, principal), body.token)))
  serve(router, contract.listPersonas, options, async () => ({ personas: await listPersonas(context) }))
  serve(router, contract.signInAsPersona, options, async ({ principal, body }, request, response) => welcome(response, await signInAsPersona(context, visitOf(request, principal), body.persona)))
  serve(router, contract.listMySessions, options, async ({ principal }) => ({ sessions: await listMySessions(context, principal) }))
  serve(router, contract.listSessions, options, async ({ principal, query }) => ({ sessions: await listSessions(context, principal, query.account, query.limit) }))
  serve(router, contract.revokeSession, options, async ({ principal, params }) => ({ ended: await revokeSession(context, principal, params.session) }))
}
