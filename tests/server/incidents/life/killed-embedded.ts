import { openEmbedded } from '../../../../server/db/embedded.ts'
import { aWorld, type Settings } from './city.ts'
import { checkTold, type Found, type Told, workWhileKilled } from './kills.ts'
import { aScheme } from './reference.ts'
import { freePort, type ServerProcess, startServerToKill } from './server-process.ts'

export const KILLED_CITY: Settings = { filingRole: 'operator', requiresPhotos: true, allowsPhotoCheck: true, reworkTimer: 'remaining', dayEnds: 'same_time' }

export interface Size {
  kills: number
  /** Steps answered between two kills, at random up to so many. */
  between: number
  workers: number
  seed: number
}

export interface Outcome {
  told: Told
  found: Found
}

/** Work on a migrated data folder while one target after another is killed, then the look at what is there. */
export async function killEmbedded(folder: string, size: Size & { targets: readonly ('program' | 'engine')[] }): Promise<Outcome> {
  const first = await openEmbedded({ dataDirectory: folder })
  const world = await aWorld(first, KILLED_CITY)
  const scheme = await aScheme(first)
  await first.close()
  const port = await freePort()
  let server: ServerProcess | undefined = await startServerToKill(folder, port)
  let told: Told
  try {
    told = await workWhileKilled({
      ...size, base: `http://127.0.0.1:${port}`, world, scheme,
      kill: async (index) => {
        if (size.targets[index % size.targets.length] === 'engine') return server?.killEngine()
        await server?.kill()
        server = undefined
        server = await startServerToKill(folder, port)
      },
    })
  } finally {
    await server?.kill()
  }
  const db = await openEmbedded({ dataDirectory: folder })
  try {
    return { told, found: await checkTold(db, world, told, folder) }
  } finally {
    await db.close()
  }
}
