import type { Db } from '../../../../server/db/db.ts'
import { sql } from '../../../../server/db/sql.ts'
import type { OwnPostgres } from '../../../helpers/own-postgres.ts'
import { aWorld } from './city.ts'
import { checkTold, type Told, workWhileKilled } from './kills.ts'
import { KILLED_CITY, type Outcome, type Size } from './killed-embedded.ts'
import { aScheme } from './reference.ts'
import { freePort, type ServerProcess, startServerToKill } from './server-process.ts'

/** What is killed: one connection's process, the whole database server, or the program. */
export type Target = 'backend' | 'server' | 'program'

/**
 * Work on a migrated database while one target after another is killed, then the look at what is there.
 * @param db a pool of the test's own on the same server
 * @param folder where the program keeps photographs
 */
export async function killPostgres(server: OwnPostgres, db: Db, folder: string, size: Size & { targets: readonly Target[] }): Promise<Outcome> {
  const world = await aWorld(db, KILLED_CITY)
  const scheme = await aScheme(db)
  const port = await freePort()
  let program: ServerProcess | undefined = await startServerToKill(folder, port, server.url)
  const kills: Record<Target, () => Promise<void>> = {
    async backend() {
      // Killing one process makes the server throw out all others and recover; until it has, there may be none.
      const rows = await db.query<{ pid: number }>(sql`select pid from pg_stat_activity where application_name = 'xiucheng' and pid <> pg_backend_pid() order by random() limit 1`).catch(() => [])
      if (rows[0]) server.killBackend(rows[0].pid)
    },
    async server() {
      await server.killServer()
      await server.start()
    },
    async program() {
      await program?.kill()
      program = undefined
      program = await startServerToKill(folder, port, server.url)
    },
  }
  let told: Told
  try {
    told = await workWhileKilled({ ...size, base: `http://127.0.0.1:${port}`, world, scheme, kill: (index) => kills[size.targets[index % size.targets.length] ?? 'program']() })
  } finally {
    await program?.kill()
  }
  return { told, found: await checkTold(db, world, told, folder) }
}
