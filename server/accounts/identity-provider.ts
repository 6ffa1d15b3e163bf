/** Signing in through an outside identity provider: OpenID Connect, authorization code with PKCE, state and nonce. */
import * as client from 'openid-client'
import { z } from 'zod'
import { VISITOR } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import { type Config, isLoopback } from '../config.ts'
import type { AppContext } from '../context.ts'
import { Login } from '../contract/accounts.ts'
import { AppError } from '../errors.ts'
import { findIdentity, linkIdentity } from './account-queries.ts'
import { type OpenedSession, openSession, type Visit } from './sessions.ts'

export const IDENTITY_PROVIDER_PATH = '/session/identity-provider'
const ASK_WITHIN_SECONDS = 10
/** How long somebody may take at the provider. */
export const TRIP_MILLISECONDS = 10 * 60_000

/** What the sign-in page calls the outside identity provider; null where none is set up. */
export function identityProviderName(config: Pick<Config, 'OIDC_ISSUER' | 'OIDC_NAME'>): string | null {
  return config.OIDC_ISSUER === undefined ? null : (config.OIDC_NAME ?? new URL(config.OIDC_ISSUER).hostname)
}

/** What a browser keeps while its owner is at the provider: only the answer to this very question is taken. */
export const Trip = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), next: z.string() })
export type Trip = z.infer<typeof Trip>

/** A path of our own to go back to; anything else leads to the start. */
export function safePath(next: unknown): string {
  return typeof next === 'string' && next.length <= 2000 && /^\/(?![/\\])[^\s\\]*$/.test(next) ? next : '/'
}

export interface IdentityProvider {
  /** Where to send the browser, and what it has to bring back. @throws AppError unavailable when the provider does not answer. */
  begin(next: string): Promise<{ address: URL; trip: Trip }>
  /**
   * Takes the provider's answer and signs its person in: the account linked to him, or at the first time the one with his login.
   * @throws AppError unauthenticated for an answer that is not to this question; forbidden for somebody without an account here.
   */
  finish(query: URLSearchParams, trip: Trip, visit: Visit): Promise<OpenedSession>
}

/** The provider that the environment names; undefined where there is none. */
export function createIdentityProvider(context: AppContext): IdentityProvider | undefined {
  const { config, db, clock, log } = context
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, PUBLIC_BASE_URL: baseUrl } = config
  if (issuer === undefined || clientId === undefined || baseUrl === undefined) return undefined
  const callback = `${baseUrl.replace(/\/+$/, '')}/api/v1${IDENTITY_PROVIDER_PATH}/callback`
  let found: Promise<client.Configuration> | undefined

  function discover(): Promise<client.Configuration> {
    const url = new URL(issuer ?? '')
    // Without encryption only a provider on this machine is spoken to.
    const execute = url.protocol === 'http:' && isLoopback(url.hostname) ? [client.allowInsecureRequests] : []
    found ??= client.discovery(url, clientId ?? '', config.OIDC_CLIENT_SECRET, config.OIDC_CLIENT_SECRET === undefined ? client.None() : undefined, { execute, timeout: ASK_WITHIN_SECONDS }).catch((cause: unknown) => {
      found = undefined
      log.warn({ err: cause }, 'the identity provider does not answer')
      throw new AppError('unavailable', '统一身份认证暂时不可用，请稍后再试。The identity provider does not answer; try again later.', { cause })
    })
    return found
  }

  async function refuse(visit: Visit, subject: string, error: AppError): Promise<never> {
    await db.transaction((tx) => recordAudit(tx, { ...VISITOR, address: visit.address }, null, { domain: 'accounts', action: 'signInByProvider', outcome: 'refused', details: { issuer, subject }, lane: subject }, clock()))
    throw error
  }

  return {
    async begin(next) {
      const configuration = await discover()
      const trip: Trip = { state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier(), next }
      const address = client.buildAuthorizationUrl(configuration, {
        redirect_uri: callback,
        scope: 'openid profile',
        code_challenge: await client.calculatePKCECodeChallenge(trip.verifier),
        code_challenge_method: 'S256',
        state: trip.state,
        nonce: trip.nonce,
      })
      return { address, trip }
    },
    async finish(query, trip, visit) {
      const configuration = await discover()
      let claims: ReturnType<Awaited<ReturnType<typeof client.authorizationCodeGrant>>['claims']>
      try {
        const tokens = await client.authorizationCodeGrant(configuration, new URL(`${callback}?${query.toString()}`), { pkceCodeVerifier: trip.verifier, expectedState: trip.state, expectedNonce: trip.nonce, idTokenExpected: true })
        claims = tokens.claims()
      } catch (cause) {
        log.warn({ err: cause }, 'the answer of the identity provider is refused')
        throw new AppError('unauthenticated', '统一身份认证未成功，请重新登录。The identity provider’s answer cannot be taken; sign in again.', { cause })
      }
      if (!claims) throw new AppError('unauthenticated', 'The identity provider did not say who it is.')
      const identity = { issuer: claims.iss, subject: claims.sub }
      const login = Login.safeParse(claims['preferred_username']).data ?? null
      const opened = await db.transaction(async (tx) => {
        const account = await findIdentity(tx, identity, login)
        if (!account) return null
        if (!account.isLinked) await linkIdentity(tx, account.accountId, identity)
        return openSession(tx, context, visit, { accountId: account.accountId, secondFactorAt: null, action: 'signInByProvider' })
      })
      if (!opened) return refuse(visit, identity.subject, new AppError('forbidden', '统一身份认证成功，但本系统没有您的账户，请联系系统管理员。You are known to the identity provider, but have no account here; ask the system administrator.'))
      context.doorkeeper.forget()
      return opened
    },
  }
}
