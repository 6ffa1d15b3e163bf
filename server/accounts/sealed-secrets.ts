import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { Db } from '../db/db.ts'
import { listTotpSecrets, replaceTotpSecret } from './account-queries.ts'
import { canOpen, isSealed, sealSecret } from './sealing.ts'

/**
 * Seals what an earlier version stored in clear, and says when secrets are sealed with a key that is not here. Called at start.
 * @returns how many were sealed, and how many this console cannot open.
 */
export async function sealStoredSecrets(db: Db, config: Pick<Config, 'dataDirectory' | 'SECRETS_KEY'>, log: Logger): Promise<{ sealed: number; locked: number }> {
  return db.transaction(async (tx) => {
    const rows = await listTotpSecrets(tx)
    const clear = rows.filter((row) => !isSealed(row.secret))
    for (const row of clear) await replaceTotpSecret(tx, row.accountId, sealSecret(config, row.secret, row.publicId))
    const locked = rows.filter((row) => isSealed(row.secret) && !canOpen(config, row.secret)).length
    if (clear.length > 0) log.info({ secrets: clear.length }, 'second factors were sealed that an earlier version kept in clear')
    if (locked > 0) log.error({ secrets: locked }, 'second factors are sealed with a key that is not here: put secrets.key back into DATA_DIR, or set SECRETS_KEY')
    return { sealed: clear.length, locked }
  })
}
