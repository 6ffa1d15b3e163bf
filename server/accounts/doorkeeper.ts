import type { IncomingMessage } from 'node:http'
import type { Logger } from 'pino'
import type { Doorkeeper } from '../access/doorkeeper.ts'
import { LOCAL_OPERATOR, type Principal, SYSTEM, VISITOR } from '../access/principal.ts'
import type { Config } from '../config.ts'
import { BACKGROUND_HEADER } from '../contract/accounts.ts'
import { API_PREFIX } from '../contract/endpoint.ts'
import { LIVE_PATH } from '../contract/live.ts'
import { PRIVILEGED_ROLES } from '../contract/permissions.ts'
import type { Db } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { readBearer, readSessionCookie } from '../http/session-cookie.ts'
import { hashToken, makeToken } from './secrets.ts'
import { endSession, findPersonaByLogin, hasRealAccounts, type KnownRow, listKnown, updateLastSeen, updateTokenUse } from './session-queries.ts'

/** A session that nobody uses ends after so long; what a page asks by itself is no use, and screens are never idle. */
export const IDLE_MILLISECONDS = 30 * 60_000
/** A revocation counts within this time, in other processes too. */
const KNOWN_FOR_MILLISECONDS = 4_000
/** How often the use of a session is noted. */
const NOTED_EVERY_MILLISECONDS = 60_000
const LARGEST = 10_000
const DEMO_CITY = 'demo'

const PRIVILEGED: ReadonlySet<string> = new Set(PRIVILEGED_ROLES)

interface Known {
  row: KnownRow | undefined
  readAt: number
}

/** A screen, or one of the demo's people who stands for one. */
function isScreen(row: KnownRow): boolean {
  return row.kind === 'display' || (row.posts.length > 0 && row.posts.every((post) => post.role === 'display'))
}

/** Whether a page asks by itself rather than because somebody did something: the live feed always does. */
function isBackground(request: IncomingMessage): boolean {
  const address = 'originalUrl' in request && typeof request.originalUrl === 'string' ? request.originalUrl : (request.url ?? '')
  return request.headers[BACKGROUND_HEADER] !== undefined || address.split('?')[0] === `${API_PREFIX}${LIVE_PATH}`
}

/** The principal that a row stands for. */
export function principalOfRow(row: KnownRow, address: string | null): Principal {
  const isDisplay = isScreen(row)
  const isPerson = row.kind === 'person' && !row.isPersona
  return {
    kind: isDisplay ? 'display' : row.kind === 'service' ? 'service' : 'person',
    id: row.publicId,
    login: row.login,
    name: row.name,
    posts: row.posts,
    needsSecondFactor: isPerson && !row.hasGivenSecondFactor && (row.hasSecondFactor || row.posts.some((post) => PRIVILEGED.has(post.role))),
    mustChangePassword: isPerson && row.mustChangePassword,
    accountId: row.accountId,
    intakeSources: row.intakeSources,
    sessionId: row.sessionId,
    address,
  }
}

/** Address a request came from, behind as many trusted proxies as are configured. */
export function addressOf(request: IncomingMessage): string | null {
  const address = 'ip' in request && typeof request.ip === 'string' ? request.ip : request.socket.remoteAddress
  return address?.replace(/^::ffff:/, '') ?? null
}

/** The doorkeeper of a server: one cheap statement per session every few seconds, none in between. */
export function createDoorkeeper(db: Db, config: Config, log: Logger, clock: () => Date): Doorkeeper {
  const withPersonas = config.DEMO !== 'none'
  const simulatorKey = makeToken()
  let known = new Map<string, Known>()
  let asking = new Map<string, Promise<Known>>()
  let personas = new Map<string, Known>()
  let closed: { is: boolean; readAt: number } | undefined

  function forget(): void {
    // New maps, so that an answer asked for before the change is not kept after it.
    known = new Map()
    asking = new Map()
    personas = new Map()
    if (closed && !closed.is) closed = undefined
  }

  async function isClosed(): Promise<boolean> {
    // Once closed, always closed. An embedded database is changed by this process alone, which then says `forget`.
    if (closed && (closed.is || db.engine === 'embedded' || performance.now() - closed.readAt < KNOWN_FOR_MILLISECONDS)) return closed.is
    const is = await hasRealAccounts(db)
    closed = { is, readAt: performance.now() }
    return is
  }

  async function ask(hash: string): Promise<Known> {
    const into = known
    const rows = await listKnown(db, [hash], clock(), withPersonas)
    const entry = { row: rows[0], readAt: performance.now() }
    into.delete(hash)
    into.set(hash, entry)
    if (into.size > LARGEST) into.delete(into.keys().next().value ?? hash)
    return entry
  }

  function lookUp(hash: string): Promise<Known> {
    const found = known.get(hash)
    if (found && performance.now() - found.readAt < KNOWN_FOR_MILLISECONDS) return Promise.resolve(found)
    const waiting = asking
    const running = waiting.get(hash)
    if (running) return running
    const started = ask(hash).finally(() => waiting.delete(hash))
    waiting.set(hash, started)
    return started
  }

  /** The row of a session that is still good; ends one that was idle for too long, and notes its use now and then. */
  async function current(row: KnownRow, hash: string, isUse: boolean): Promise<KnownRow | undefined> {
    const now = clock()
    if (row.expiresAt && row.expiresAt <= now) return undefined
    const { sessionId, lastSeenAt } = row
    const restedMilliseconds = lastSeenAt ? now.getTime() - lastSeenAt.getTime() : Infinity
    if (sessionId !== null && !row.isTokenSession && !isScreen(row) && restedMilliseconds > IDLE_MILLISECONDS) {
      await endSession(db, sessionId, 'idle', now)
      forget()
      return undefined
    }
    if ((isUse || isScreen(row)) && restedMilliseconds > NOTED_EVERY_MILLISECONDS) {
      row.lastSeenAt = now
      await (sessionId === null ? updateTokenUse(db, hash, now) : updateLastSeen(db, sessionId, now))
    }
    return row
  }

  async function rowOf(token: string, isUse: boolean): Promise<KnownRow | undefined> {
    const hash = hashToken(token)
    const { row } = await lookUp(hash)
    return row && current(row, hash, isUse)
  }

  async function simulated(request: IncomingMessage): Promise<Principal> {
    const login = request.headers['x-persona']
    if (typeof login !== 'string') return { ...SYSTEM, name: '模拟器', posts: SYSTEM.posts.map((post) => ({ ...post, cityKey: DEMO_CITY })) }
    let entry = personas.get(login)
    if (!entry || performance.now() - entry.readAt > NOTED_EVERY_MILLISECONDS) {
      entry = { row: await findPersonaByLogin(db, login, DEMO_CITY), readAt: performance.now() }
      personas.set(login, entry)
    }
    if (!entry.row) throw new AppError('unauthenticated', `There is no persona "${login.slice(0, 80)}".`)
    return principalOfRow(entry.row, null)
  }

  /** Whoever shows nothing: the operator of an open console, or a visitor. */
  async function withoutSign(request: IncomingMessage): Promise<Principal> {
    const address = addressOf(request)
    if (await isClosed()) return { ...VISITOR, address }
    return { ...LOCAL_OPERATOR, address }
  }

  async function identify(request: IncomingMessage, isUse = true): Promise<Principal> {
    const bearer = readBearer(request)
    if (bearer !== undefined) {
      if (bearer.length === simulatorKey.length && hashToken(bearer) === hashToken(simulatorKey)) return simulated(request)
      const row = await rowOf(bearer, isUse)
      // A cookie's value is no token: what a browser keeps must not become a key for programs.
      if (!row || row.sessionId !== null) throw new AppError('unauthenticated', '访问令牌无效或已撤销。The access token is not valid, or was revoked.')
      return principalOfRow(row, addressOf(request))
    }
    const cookie = readSessionCookie(request)
    const row = cookie === undefined ? undefined : await rowOf(cookie, isUse)
    return row && row.sessionId !== null ? principalOfRow(row, addressOf(request)) : withoutSign(request)
  }

  return {
    simulatorKey,
    identify: (request) => identify(request, !isBackground(request)),
    async identifyAgain(requests) {
      const hashes = [...new Set(requests.flatMap((request) => readBearer(request) ?? readSessionCookie(request) ?? []).map(hashToken))]
      const rows = hashes.length === 0 ? [] : await listKnown(db, hashes, clock(), withPersonas)
      const readAt = performance.now()
      for (const hash of hashes) known.set(hash, { row: rows.find((row) => row.foundBy === hash), readAt })
      return Promise.all(
        requests.map((request) =>
          identify(request, false).catch((error: unknown) => {
            if (!(error instanceof AppError)) log.warn({ err: error }, 'an open request could not be looked at again')
            return null
          }),
        ),
      )
    },
    async whoHolds(token, address) {
      const row = await rowOf(token, false)
      return row ? principalOfRow(row, address) : null
    },
    isClosed,
    forget,
  }
}
