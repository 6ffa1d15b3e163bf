/** Codes of the second factor: time-based one-time passwords (RFC 6238, SHA-1, six digits, 30 s), as every authenticator knows them. */
import { Secret, TOTP } from 'otpauth'
import type { Config } from '../config.ts'
import type { Queryable } from '../db/db.ts'
import { type Credentials, takeTotpStep } from './account-queries.ts'
import { openSecret } from './sealing.ts'

const PERIOD_SECONDS = 30
/** Clocks of telephones are off by seconds: one step before and after counts too. */
const WINDOW = 1

export function totpOf(login: string, secret: string): TOTP {
  return new TOTP({ issuer: '绣城 Xiucheng', label: login, algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS, secret: Secret.fromBase32(secret) })
}

/** Whether a code is right and was not used before; uses it up. @throws AppError unavailable when the secret cannot be opened. */
export async function isGoodCode(db: Queryable, config: Pick<Config, 'dataDirectory' | 'SECRETS_KEY'>, account: Pick<Credentials, 'accountId' | 'publicId' | 'login' | 'totpSecret'>, code: string, at: Date): Promise<boolean> {
  if (account.totpSecret === null) return false
  const delta = totpOf(account.login, openSecret(config, account.totpSecret, account.publicId)).validate({ token: code, timestamp: at.getTime(), window: WINDOW })
  if (delta === null) return false
  return takeTotpStep(db, account.accountId, Math.floor(at.getTime() / 1000 / PERIOD_SECONDS) + delta)
}
