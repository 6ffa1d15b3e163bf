/** Successful calls of everything that changes sessions, accounts, posts, tokens and bodies. */
import { Secret, TOTP } from 'otpauth'
import { v7 as uuidv7 } from 'uuid'
import { createOrganisation, createToken, getAccount, grantPost, lockAccount } from '../../../../server/contract/people.ts'
import { sql } from '../../../../server/db/sql.ts'
import { aBrowser, anAccount, type Browser } from '../../../helpers/people.ts'
import { aPersonOf, PASSWORD, type Prepare, type Scene, signedIn } from './scene.ts'

const short = () => uuidv7().replaceAll('-', '').slice(-12)
const versionOf = async ({ api }: Scene, account: string) => (await api.call(getAccount, { params: { account } })).version

/** Somebody who has begun to set a second factor up, and the codes of it. */
async function withSecret(scene: Scene): Promise<{ browser: Browser; login: string; code: () => string }> {
  const browser = await signedIn(scene)
  const { body } = await browser.fetch('/session/second-factor', { method: 'POST', body: {} })
  const totp = new TOTP({ secret: Secret.fromBase32(String(body['secret'])) })
  return { browser, login: browser.login, code: () => totp.generate({ timestamp: scene.now().getTime() }) }
}

const anOrganisation = ({ api, city }: Scene) => api.call(createOrganisation, { params: { city: city.key }, body: { code: `o${short()}`, kind: 'department', nameZh: '园林中心', nameEn: 'Parks' } })

async function aToken({ db, api, city }: Scene, kind: 'service' | 'display') {
  const { id } = await anAccount(db, { kind, posts: [{ role: kind === 'display' ? 'display' : 'intake_service', cityId: city.cityId }] })
  return api.call(createToken, { body: { accountId: id, purpose: '大厅大屏' } })
}

/** An account and the version of it that the caller saw. */
const seen = (change?: (scene: Scene, account: string, version: number) => Promise<unknown>): Prepare => async (scene) => {
  const { id } = await aPersonOf(scene)
  if (change) await change(scene, id, await versionOf(scene, id))
  return { params: { account: id }, body: { version: await versionOf(scene, id), because: '离岗', name: '周若楠' } }
}
const bare: Prepare = async (scene) => ({ params: { account: (await aPersonOf(scene)).id }, body: {} })

export const OF_PEOPLE: Record<string, Prepare> = {
  signIn: async (scene) => ({ as: aBrowser(scene.api), body: { login: (await aPersonOf(scene)).login, password: PASSWORD } }),
  signInAsPersona: async (scene) => {
    const { id } = await anAccount(scene.db, { demoCityId: scene.city.cityId, posts: [{ role: 'operator', cityId: scene.city.cityId }] })
    return { as: aBrowser(scene.api), body: { persona: id } }
  },
  signInDisplay: async (scene) => ({ as: aBrowser(scene.api), body: { token: (await aToken(scene, 'display')).token } }),
  signOut: async (scene) => ({ as: await signedIn(scene) }),
  changePassword: async (scene) => ({ as: await signedIn(scene), body: { currentPassword: PASSWORD, newPassword: 'a much better one' } }),
  setUpSecondFactor: async (scene) => ({ as: await signedIn(scene), body: {} }),
  confirmSecondFactor: async (scene) => {
    const { browser, code } = await withSecret(scene)
    return { as: browser, body: { code: code() } }
  },
  verifySecondFactor: async (scene) => {
    const { browser, login, code } = await withSecret(scene)
    await browser.fetch('/session/second-factor/confirm', { method: 'POST', body: { code: code() } })
    scene.later(2)
    await browser.fetch('/session', { method: 'POST', body: { login, password: PASSWORD } })
    return { as: browser, body: { code: code() } }
  },
  revokeSession: async (scene) => {
    const browser = await signedIn(scene)
    const rows = await scene.db.query<{ id: string }>(sql`select public_id as id from sessions where account_id = ${browser.accountId}`)
    return { as: browser, params: { session: rows[0]?.id ?? '' } }
  },
  createAccount: () => ({ body: { kind: 'person', login: `p${short()}`, name: '周若楠' } }),
  updateAccount: seen(),
  endAccount: seen(),
  lockAccount: seen(),
  unlockAccount: seen(({ api }, account, version) => api.call(lockAccount, { params: { account }, body: { version, because: '离岗' } })),
  resetPassword: bare,
  resetSecondFactor: async (scene) => {
    const { browser, login, code } = await withSecret(scene)
    await browser.fetch('/session/second-factor/confirm', { method: 'POST', body: { code: code() } })
    const rows = await scene.db.query<{ id: string }>(sql`select public_id as id from accounts where login = ${login}`)
    return { params: { account: rows[0]?.id ?? '' }, body: {} }
  },
  endSessions: async (scene) => ({ params: { account: (await signedIn(scene)).id }, body: {} }),
  grantPost: async (scene) => ({ params: { account: (await aPersonOf(scene)).id }, body: { role: 'dispatcher', city: scene.city.key } }),
  revokePost: async (scene) => {
    const { posts } = await scene.api.call(grantPost, { params: { account: (await aPersonOf(scene)).id }, body: { role: 'dispatcher', city: scene.city.key } })
    return { params: { post: posts[0]?.id ?? '' }, body: {} }
  },
  createToken: async (scene) => ({ body: { accountId: (await anAccount(scene.db, { kind: 'service', posts: [{ role: 'intake_service', cityId: scene.city.cityId }] })).id, purpose: '热线' } }),
  revokeToken: async (scene) => ({ params: { token: (await aToken(scene, 'service')).accessToken.id }, body: {} }),
  createOrganisation: () => ({ body: { code: `o${short()}`, kind: 'department', nameZh: '园林中心', nameEn: 'Parks' } }),
  updateOrganisation: async (scene) => {
    const { id, version } = await anOrganisation(scene)
    return { params: { organisation: id }, body: { version, nameZh: '园林绿化中心' } }
  },
  endOrganisation: async (scene) => {
    const { id, version } = await anOrganisation(scene)
    return { params: { organisation: id }, body: { version } }
  },
}
