import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { PGLITE_VERSION } from '../../server/db/data-folder-manifest.ts'
import { openEmbedded } from '../../server/db/embedded.ts'
import { readMigrations } from '../../server/db/migrate.ts'
import { prepareDatabase } from '../../server/db/prepare.ts'

/** A migrated data folder, made once for each set of migrations and engine version, and copied from then on. */
export async function templateFolder(): Promise<string> {
  const migrations = await readMigrations()
  const key = createHash('sha256').update(PGLITE_VERSION + migrations.map((migration) => migration.checksum).join()).digest('hex').slice(0, 16)
  const cache = path.join(import.meta.dirname, '../../node_modules/.cache/xiucheng')
  const template = path.join(cache, `database-${key}`)
  if (existsSync(template)) return template
  await mkdir(cache, { recursive: true })
  const making = await mkdtemp(path.join(cache, 'making-'))
  const db = await openEmbedded({ dataDirectory: making, durable: false })
  await prepareDatabase(db)
  await db.close()
  await rename(making, template).catch(async (error: NodeJS.ErrnoException) => {
    // Another run was quicker; its template is as good.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    await rm(making, { recursive: true })
  })
  return template
}

/** A data folder of its own with a migrated embedded database in it; made in a second. The caller removes it. */
export async function aDataFolder(parent = os.tmpdir()): Promise<string> {
  const folder = await mkdtemp(path.join(parent, 'xiucheng-test-'))
  await cp(await templateFolder(), folder, { recursive: true })
  return folder
}
