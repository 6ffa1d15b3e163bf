/** People for tests: accounts with posts, and a caller that keeps his cookie as a browser does. */
import { v7 as uuidv7 } from 'uuid'
import { createDoorkeeper } from '../../server/accounts/doorkeeper.ts'
import { hashPassword } from '../../server/accounts/secrets.ts'
import type { AppContext } from '../../server/context.ts'
import type { Role } from '../../server/contract/permissions.ts'
import type { Db } from '../../server/db/db.ts'
import { sql } from '../../server/db/sql.ts'
import { aContext, type TestApi } from './api.ts'

/** A context whose doorkeeper is the real one: who calls is asked of sessions and tokens. */
export function aGuardedContext(db: Db, parts: Partial<AppContext> = {}): AppContext {
  const context = aContext(db, parts)
  const doorkeeper = createDoorkeeper(db, context.config, context.log, () => context.clock())
  return { ...context, doorkeeper, identify: (request) => doorkeeper.identify(request) }
}

export interface TestAccount {
  accountId: number
  id: string
  login: string
}

/** An account with posts; a person's password is hashed from `password` where one is given. */
export async function anAccount(
  db: Db,
  options: { kind?: 'person' | 'service' | 'display'; password?: string; demoCityId?: number; posts?: { role: Role; cityId?: number | null; organisationId?: number | null; areaCode?: string | null }[] } = {},
): Promise<TestAccount> {
  const id = uuidv7()
  const login = `u${id.replaceAll('-', '').slice(10)}`
  const passwordHash = options.password === undefined ? null : await hashPassword(options.password)
  const rows = await db.query<{ id: number }>(sql`insert into accounts (public_id, kind, login, name, password_hash, demo_city_id)
    values (${id}::uuid, ${options.kind ?? 'person'}, ${login}, ${`测试 ${login}`}, ${passwordHash}, ${options.demoCityId ?? null}) returning id`)
  const accountId = rows[0]!.id
  for (const post of options.posts ?? []) {
    await db.query(sql`insert into posts (public_id, account_id, role, city_id, organisation_id, area_code)
      values (${uuidv7()}::uuid, ${accountId}, ${post.role}, ${post.cityId ?? null}, ${post.organisationId ?? null}, ${post.areaCode ?? null})`)
  }
  return { accountId, id, login }
}

export interface Browser {
  fetch(address: string, init?: { method?: string; body?: unknown; headers?: Record<string, string> }): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }>
  /** Value of its session cookie. */
  cookie(): string | undefined
}

/** Calls the API as a browser on our own pages does: keeps the cookie, says where it comes from. */
export function aBrowser(api: TestApi): Browser {
  let cookie: string | undefined
  return {
    cookie: () => cookie,
    async fetch(address, init = {}) {
      const headers: Record<string, string> = { ...(cookie === undefined ? {} : { cookie: `xiucheng_session=${cookie}` }), 'sec-fetch-site': 'same-origin', ...init.headers }
      if (init.body !== undefined) headers['content-type'] = 'application/json'
      const response = await fetch(`${api.base}/api/v1${address}`, { method: init.method ?? 'GET', headers, ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }) })
      for (const line of response.headers.getSetCookie()) {
        const value = /^xiucheng_session=([^;]*)/.exec(line)?.[1]
        if (value !== undefined) cookie = value === '' ? undefined : value
      }
      const text = await response.text()
      return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}, headers: response.headers }
    },
  }
}
