/**
 * Organisations, accounts, posts and access tokens, kept by three administrators apart: the system administrator keeps organisations
 * and accounts, the security administrator grants posts, tokens and second factors, the audit administrator reads what both did.
 *
 * Terminology
 * - organisation 机构: who supervises, commands or handles; a tree.
 * - post 岗位: a role held by an account in a city, for an organisation, within an area. A change of posts ends the account's sessions.
 * - access token 访问令牌: the long-lived key of a service or a screen, for one purpose; shown once.
 */
import { z } from 'zod'
import { Login } from './accounts.ts'
import { CityKey, CityParams } from './cities.ts'
import { endpoint } from './endpoint.ts'
import { IncidentSource } from './incidents.ts'
import { PostView, Role } from './permissions.ts'

const At = z.iso.datetime({ offset: true })
const Name = z.string().trim().min(1).max(80)
const Version = z.number().int().min(1)
const AreaCode = z.string().regex(/^[0-9]{2,12}$/, 'an area code is 2 to 12 digits: the leading ones of an administrative code')

export const OrganisationKind = z.enum(['supervision_centre', 'command_centre', 'department', 'street', 'contractor'])
export const OrganisationCode = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'a code is 1 to 40 letters, digits, hyphens and underscores')

export const Organisation = z.object({
  id: z.uuid(),
  code: OrganisationCode,
  kind: OrganisationKind,
  parentId: z.uuid().nullable(),
  nameZh: z.string(),
  nameEn: z.string(),
  areaCode: z.string().nullable(),
  version: z.number().int(),
  endedAt: At.nullable(),
})
export type Organisation = z.infer<typeof Organisation>

const OrganisationParams = CityParams.extend({ organisation: z.uuid() })
const OrganisationBody = z.object({ code: OrganisationCode, kind: OrganisationKind, parentId: z.uuid().nullable().default(null), nameZh: Name, nameEn: Name, areaCode: AreaCode.nullable().default(null) })
export type OrganisationBody = z.infer<typeof OrganisationBody>

export const listOrganisations = endpoint({
  name: 'listOrganisations',
  access: 'people.read',
  summary: 'Organisations of a city, parents first',
  method: 'GET',
  path: '/cities/:city/organisations',
  params: CityParams,
  query: z.object({ ended: z.stringbool().default(false) }),
  reply: z.object({ organisations: z.array(Organisation) }),
})
export const createOrganisation = endpoint({ name: 'createOrganisation', access: 'accounts.edit', summary: 'A new organisation', method: 'POST', path: '/cities/:city/organisations', status: 201, params: CityParams, body: OrganisationBody, reply: Organisation })
export const updateOrganisation = endpoint({
  name: 'updateOrganisation',
  access: 'accounts.edit',
  summary: 'Rename or move an organisation',
  method: 'PATCH',
  path: '/cities/:city/organisations/:organisation',
  params: OrganisationParams,
  body: OrganisationBody.omit({ code: true }).partial().extend({ version: Version }),
  reply: Organisation,
})
export const endOrganisation = endpoint({
  name: 'endOrganisation',
  access: 'accounts.edit',
  summary: 'End an organisation that nobody holds a post for and nothing is below of',
  method: 'POST',
  path: '/cities/:city/organisations/:organisation/end',
  params: OrganisationParams,
  body: z.object({ version: Version }),
  reply: Organisation,
})

export const AccountKind = z.enum(['person', 'service', 'display'])

export const Account = z.object({
  id: z.uuid(),
  kind: AccountKind,
  login: z.string(),
  name: z.string(),
  /** Masked for whoever does not keep accounts. */
  phone: z.string().nullable(),
  isPersona: z.boolean(),
  hasPassword: z.boolean(),
  mustChangePassword: z.boolean(),
  hasSecondFactor: z.boolean(),
  /** After failed sign-ins, for a while. */
  lockedUntil: At.nullable(),
  /** By an administrator, until unlocked. */
  locked: z.object({ at: At, because: z.string() }).nullable(),
  lastSeenAt: At.nullable(),
  posts: z.array(PostView),
  version: z.number().int(),
  createdAt: At,
  endedAt: At.nullable(),
})
export type Account = z.infer<typeof Account>

const AccountParams = z.object({ account: z.uuid() })

export const listAccounts = endpoint({
  name: 'listAccounts',
  access: 'people.read',
  summary: 'Accounts the caller may know of, by login',
  method: 'GET',
  path: '/accounts',
  query: z.object({
    text: z.string().trim().max(80).optional(),
    kind: AccountKind.optional(),
    role: Role.optional(),
    city: CityKey.optional(),
    ended: z.stringbool().default(false),
    cursor: z.string().max(80).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  reply: z.object({ accounts: z.array(Account), nextCursor: z.string().nullable() }),
})
export const getAccount = endpoint({ name: 'getAccount', access: 'people.read', summary: 'One account', method: 'GET', path: '/accounts/:account', params: AccountParams, reply: Account })
export const createAccount = endpoint({
  name: 'createAccount',
  access: 'accounts.edit',
  summary: 'A new account; a person gets a password that is told once and has to be changed',
  method: 'POST',
  path: '/accounts',
  status: 201,
  body: z.object({ kind: AccountKind, login: Login, name: Name, phone: z.string().trim().max(40).nullable().default(null) }),
  reply: z.object({ account: Account, oneTimePassword: z.string().nullable() }),
})
export const updateAccount = endpoint({
  name: 'updateAccount',
  access: 'accounts.edit',
  summary: 'Change a name or telephone',
  method: 'PATCH',
  path: '/accounts/:account',
  params: AccountParams,
  body: z.object({ version: Version, name: Name.optional(), phone: z.string().trim().max(40).nullable().optional() }),
  reply: Account,
})
export const endAccount = endpoint({ name: 'endAccount', access: 'accounts.edit', summary: 'End an account, its sessions and tokens', method: 'POST', path: '/accounts/:account/end', params: AccountParams, body: z.object({ version: Version }), reply: Account })
export const lockAccount = endpoint({
  name: 'lockAccount',
  access: 'accounts.edit',
  summary: 'Keep an account out until it is unlocked: ends its sessions, its posts and tokens rest',
  method: 'POST',
  path: '/accounts/:account/lock',
  params: AccountParams,
  body: z.object({ version: Version, because: z.string().trim().min(2).max(200) }),
  reply: Account,
})
export const unlockAccount = endpoint({ name: 'unlockAccount', access: 'accounts.edit', summary: 'Let an account in again, also before the wait after failed sign-ins is over', method: 'POST', path: '/accounts/:account/unlock', params: AccountParams, body: z.object({ version: Version }), reply: Account })
export const resetPassword = endpoint({
  name: 'resetPassword',
  access: 'accounts.edit',
  summary: 'A new password that is told once and has to be changed; ends the sessions and the lock',
  method: 'POST',
  path: '/accounts/:account/password-reset',
  params: AccountParams,
  body: z.object({}),
  reply: z.object({ account: Account, oneTimePassword: z.string() }),
})
export const resetSecondFactor = endpoint({ name: 'resetSecondFactor', access: 'sessions.revoke', summary: 'Take a lost second factor away; ends the sessions', method: 'POST', path: '/accounts/:account/second-factor-reset', params: AccountParams, body: z.object({}), reply: Account })
export const endSessions = endpoint({ name: 'endSessions', access: 'sessions.revoke', summary: 'End every session of an account', method: 'POST', path: '/accounts/:account/sessions-end', params: AccountParams, body: z.object({}), reply: z.object({ ended: z.number().int() }) })

export const PostWish = z.object({
  role: Role,
  /** Every city for administrators and auditors; one city for everybody else. */
  city: CityKey.nullable().default(null),
  organisationId: z.uuid().nullable().default(null),
  areaCode: AreaCode.nullable().default(null),
})
export type PostWish = z.infer<typeof PostWish>

export const PostHeld = PostView.extend({
  account: z.object({ id: z.uuid(), login: z.string(), name: z.string(), kind: AccountKind, isPersona: z.boolean() }),
  /** Name of the administrative area, where one has the code. */
  areaName: z.string().nullable(),
  /** Who gave it; null for the terminal and the demo. */
  grantedBy: z.string().nullable(),
  fromAt: At,
  endedAt: At.nullable(),
})
export type PostHeld = z.infer<typeof PostHeld>

export const listPosts = endpoint({
  name: 'listPosts',
  access: 'people.read',
  summary: 'Who works where: posts the caller may know of, the latest first',
  method: 'GET',
  path: '/posts',
  query: z.object({
    text: z.string().trim().max(80).optional(),
    role: Role.optional(),
    city: CityKey.optional(),
    organisation: z.uuid().optional(),
    ended: z.stringbool().default(false),
    cursor: z.uuid().optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  reply: z.object({ posts: z.array(PostHeld), nextCursor: z.string().nullable() }),
})
export const grantPost = endpoint({ name: 'grantPost', access: 'posts.grant', summary: 'Give an account a post; ends its sessions', method: 'POST', path: '/accounts/:account/posts', status: 201, params: AccountParams, body: PostWish, reply: Account })
export const revokePost = endpoint({ name: 'revokePost', access: 'posts.grant', summary: 'End a post; ends the account’s sessions', method: 'POST', path: '/posts/:post/end', params: z.object({ post: z.uuid() }), body: z.object({}), reply: Account })

export const AccessTokenView = z.object({
  id: z.uuid(),
  account: z.object({ id: z.uuid(), login: z.string(), name: z.string(), kind: AccountKind }),
  /** Last characters of the token. */
  hint: z.string(),
  purpose: z.string(),
  /** Sources that reports sent with it may name; null: any. */
  sources: z.array(IncidentSource).nullable(),
  createdAt: At,
  lastUsedAt: At.nullable(),
  expiresAt: At.nullable(),
  endedAt: At.nullable(),
})
export type AccessTokenView = z.infer<typeof AccessTokenView>

export const listTokens = endpoint({
  name: 'listTokens',
  access: 'tokens.edit',
  summary: 'Tokens of services and screens',
  method: 'GET',
  path: '/access-tokens',
  query: z.object({ account: z.uuid().optional(), ended: z.stringbool().default(false), limit: z.coerce.number().int().min(1).max(500).default(200) }),
  reply: z.object({ tokens: z.array(AccessTokenView) }),
})
export const createToken = endpoint({
  name: 'createToken',
  access: 'tokens.edit',
  summary: 'A new token of a service or a screen; told once',
  method: 'POST',
  path: '/access-tokens',
  status: 201,
  body: z.object({ accountId: z.uuid(), purpose: z.string().trim().min(2).max(200), sources: z.array(IncidentSource).min(1).nullable().default(null), expiresAt: At.nullable().default(null) }),
  reply: z.object({ token: z.string(), accessToken: AccessTokenView }),
})
export const revokeToken = endpoint({ name: 'revokeToken', access: 'tokens.edit', summary: 'Revoke a token and the sessions opened with it', method: 'POST', path: '/access-tokens/:token/end', params: z.object({ token: z.uuid() }), body: z.object({}), reply: AccessTokenView })

