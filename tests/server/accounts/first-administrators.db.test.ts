import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountCommand } from '../../../server/cli/commands/account.ts'
import { sql } from '../../../server/db/sql.ts'
import { openTestApi, type TestApi } from '../../helpers/api.ts'
import { openTestDb } from '../../helpers/db.ts'
import { aBrowser, aGuardedContext } from '../../helpers/people.ts'

const db = openTestDb()
let api: TestApi
beforeAll(async () => {
  api = await openTestApi(aGuardedContext(db))
})
afterAll(async () => {
  await api.close()
  await db.close()
})

function onTerminal(args: string[], secrets: string[]): Promise<unknown> {
  return accountCommand.run(args, api.context, { print: () => {}, progress: () => {}, signal: new AbortController().signal, workingDirectory: '.', secrets })
}

test('an administrator is made on the terminal with a password typed there, and begins with setting up a second factor', async () => {
  const login = `first-${uuidv7().slice(-8)}`
  const args = ['create-admin', '--role', 'security', '--login', login]
  expect(accountCommand.secrets?.(args)).toEqual([expect.stringContaining(login)])
  expect(accountCommand.secrets?.(['create-admin'])).toHaveLength(3)
  // No password is one, a weak one neither: nothing is made.
  await expect(onTerminal(args, [])).rejects.toThrow(/at least 10 characters/)
  await expect(onTerminal(args, ['short'])).rejects.toThrow(/at least 10 characters/)
  expect(await db.query(sql`select 1 from accounts where login = ${login}`)).toEqual([])
  await onTerminal(args, ['correct horse battery'])
  await expect(onTerminal(args, ['correct horse battery'])).rejects.toThrow(/taken/)
  const browser = aBrowser(api)
  const entered = await browser.fetch('/session', { method: 'POST', body: { login, password: 'correct horse battery' } })
  expect(entered.body).toMatchObject({ mode: 'closed', principal: { needsSecondFactor: true, posts: [{ role: 'security_admin', cityKey: null }] } })
  expect((await browser.fetch('/sessions')).body['code']).toBe('second_factor_needed')
  // With an account there, nobody gets in without one.
  expect((await aBrowser(api).fetch('/cities')).status).toBe(401)
})

test('no account outside the demo is there from the start, and none has a password that this program brings', async () => {
  const brought = await db.query<{ login: string }>(sql`select login from accounts where demo_city_id is not null and password_hash is not null`)
  expect(brought).toEqual([])
  for (const login of ['admin', 'root', 'system-admin', 'security-admin', 'audit-admin']) {
    for (const password of ['', 'admin', 'password', 'xiucheng', login]) {
      const { status } = await aBrowser(api).fetch('/session', { method: 'POST', body: { login, password } })
      expect([login, password, status < 300]).toEqual([login, password, false])
    }
  }
})
