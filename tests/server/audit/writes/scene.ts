/** What a call of the API is made with, so that it succeeds. */
import type { TestApi } from '../../../helpers/api.ts'
import type { Db } from '../../../../server/db/db.ts'
import type { TestCity } from '../../../helpers/db.ts'
import { aBrowser, anAccount, type Browser, type TestAccount } from '../../../helpers/people.ts'

export interface Scene {
  db: Db
  api: TestApi
  city: TestCity
  now: () => Date
  /** Lets time pass. */
  later: (minutes: number) => void
  /** Whether jobs wait instead of running at once. */
  jobs: { areHeld: boolean; idle: () => Promise<void> }
}

export interface Call {
  params?: Record<string, string>
  query?: Record<string, string>
  body?: unknown
  form?: FormData
  /** Who calls, where it has to be somebody with a session. */
  as?: Browser
}

/** Makes what a call needs to be there. */
export type Prepare = (scene: Scene) => Promise<Call> | Call

export const PASSWORD = 'correct horse battery'

/** An account of which nobody has signed in yet. */
export const aPersonOf = ({ db, city }: Scene): Promise<TestAccount> => anAccount(db, { password: PASSWORD, posts: [{ role: 'operator', cityId: city.cityId }] })

export async function signedIn(scene: Scene): Promise<Browser & TestAccount> {
  const account = await aPersonOf(scene)
  const browser = aBrowser(scene.api)
  await browser.fetch('/session', { method: 'POST', body: { login: account.login, password: PASSWORD } })
  return { ...browser, ...account }
}
