/**
 * Who sits at the console: signing in and out, one's own sessions, the second factor, and the demo city's personas.
 *
 * Terminology
 * - open console: no person has an account of his own yet; who sits at it needs no sign-in. Closed: everything needs a session or a token.
 * - session: a sign-in on one browser; ends when it is idle, at its latest after twelve hours, or when it is revoked.
 * - persona 演示人员: an account of the demo city, signed in with one click; exists nowhere else.
 * - second factor 动态口令: a six-digit code of a time-based one-time password (TOTP, RFC 6238).
 */
import { z } from 'zod'
import { CityKey } from './cities.ts'
import { endpoint } from './endpoint.ts'
import { PrincipalView, Role } from './permissions.ts'

const At = z.iso.datetime({ offset: true })
const NoParts = z.object({})

export const Login = z.string().trim().toLowerCase().min(2).max(80)
const Password = z.string().min(1).max(200)
/** Digits as people type them; spaces between groups are theirs. */
const Code = z.string().transform((text) => text.replaceAll(/\s/g, '')).pipe(z.string().regex(/^\d{6}$/, 'a code has six digits'))

export const SESSION_COOKIE = 'xiucheng_session'
/** A page sends it (`1`) with what it asks by itself while nobody sits before it: such a request does not keep an idle session alive. */
export const BACKGROUND_HEADER = 'x-background'
/** Shortest password taken. */
export const PASSWORD_LENGTH = 10

export const SessionView = z.object({
  id: z.uuid(),
  account: z.object({ id: z.uuid(), login: z.string(), name: z.string() }),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  createdAt: At,
  lastSeenAt: At,
  /** When it ends however busy it is. */
  expiresAt: At,
  /** The session this request was made with. */
  isCurrent: z.boolean(),
})
export type SessionView = z.infer<typeof SessionView>

/** What the console has to know before anything else. */
export const SessionState = z.object({
  mode: z.enum(['open', 'closed']),
  principal: PrincipalView,
  expiresAt: At.nullable(),
  /** Whether the account has a confirmed second factor. */
  hasSecondFactor: z.boolean(),
  /** How one can sign in here. */
  ways: z.object({
    password: z.boolean(),
    personas: z.boolean(),
    /** Name of the outside identity provider; null when none is set up. */
    identityProvider: z.string().nullable(),
  }),
})
export type SessionState = z.infer<typeof SessionState>

export const getSession = endpoint({ name: 'getSession', access: 'public', summary: 'Who the caller is, and how one can sign in', method: 'GET', path: '/session', reply: SessionState })

export const signIn = endpoint({
  name: 'signIn',
  access: 'public',
  summary: 'Sign in with login and password, with the code of the second factor where the account has one',
  method: 'POST',
  path: '/session',
  body: z.object({ login: Login, password: Password, code: Code.optional() }),
  reply: SessionState,
})

export const signOut = endpoint({ name: 'signOut', access: 'public', summary: 'End the session', method: 'DELETE', path: '/session', body: NoParts, reply: SessionState })

export const changePassword = endpoint({
  name: 'changePassword',
  access: 'session',
  summary: 'Change one’s own password; ends one’s other sessions',
  method: 'POST',
  path: '/session/password',
  body: z.object({ currentPassword: Password, newPassword: z.string().min(PASSWORD_LENGTH).max(200) }),
  reply: SessionState,
})

export const setUpSecondFactor = endpoint({
  name: 'setUpSecondFactor',
  access: 'session',
  summary: 'A new secret for the authenticator; counts once it is confirmed with a code',
  method: 'POST',
  path: '/session/second-factor',
  body: NoParts,
  reply: z.object({ secret: z.string(), address: z.string() }),
})

export const confirmSecondFactor = endpoint({
  name: 'confirmSecondFactor',
  access: 'session',
  summary: 'Confirm a new second factor with its first code',
  method: 'POST',
  path: '/session/second-factor/confirm',
  body: z.object({ code: Code }),
  reply: SessionState,
})

export const verifySecondFactor = endpoint({
  name: 'verifySecondFactor',
  access: 'session',
  summary: 'Give the code of the second factor after signing in',
  method: 'POST',
  path: '/session/second-factor/verify',
  body: z.object({ code: Code }),
  reply: SessionState,
})

export const signInDisplay = endpoint({
  name: 'signInDisplay',
  access: 'public',
  summary: 'Open a screen’s session with its token; it lasts as long as the token',
  method: 'POST',
  path: '/session/display',
  body: z.object({ token: z.string().min(20).max(200) }),
  reply: SessionState,
})

export const Persona = z.object({
  id: z.uuid(),
  login: z.string(),
  name: z.string(),
  cityKey: CityKey,
  posts: z.array(z.object({ role: Role, organisationZh: z.string().nullable(), organisationEn: z.string().nullable(), areaCode: z.string().nullable(), areaName: z.string().nullable() })),
})
export type Persona = z.infer<typeof Persona>

export const listPersonas = endpoint({ name: 'listPersonas', access: 'public', summary: 'People of the demo city, to be signed in as with one click; none outside the demo', method: 'GET', path: '/personas', reply: z.object({ personas: z.array(Persona) }) })

export const signInAsPersona = endpoint({
  name: 'signInAsPersona',
  access: 'public',
  summary: 'Sign in as one of the demo city’s people',
  method: 'POST',
  path: '/session/persona',
  body: z.object({ persona: z.uuid() }),
  reply: SessionState,
})

export const listMySessions = endpoint({ name: 'listMySessions', access: 'signed_in', summary: 'One’s own open sessions', method: 'GET', path: '/session/all', reply: z.object({ sessions: z.array(SessionView) }) })

export const listSessions = endpoint({
  name: 'listSessions',
  access: 'sessions.revoke',
  summary: 'Open sessions of everybody, or of one account',
  method: 'GET',
  path: '/sessions',
  query: z.object({ account: z.uuid().optional(), limit: z.coerce.number().int().min(1).max(500).default(200) }),
  reply: z.object({ sessions: z.array(SessionView) }),
})

export const revokeSession = endpoint({
  name: 'revokeSession',
  access: 'signed_in',
  summary: 'End a session: one’s own, or anybody’s for whoever may revoke',
  method: 'DELETE',
  path: '/sessions/:session',
  params: z.object({ session: z.uuid() }),
  body: NoParts,
  reply: z.object({ ended: z.boolean() }),
})
