import { listCities } from '../cities/cities.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db/db.ts'
import type { StartupProgress } from './progress.ts'

/** Makes the demo city on the first start, and again when an earlier start was cut short in the middle of it. */
export async function prepareDemoCity(db: Db, config: Config, progress: StartupProgress, signal: AbortSignal): Promise<void> {
  const demo = (await listCities(db)).find((city) => city.isDemo)
  if (config.DEMO === 'none' || demo?.status === 'ready') {
    progress.skip('demo')
    return
  }
  await progress.run('demo', async (tell) => {
    const { loadDemoCity } = await import('../../data/city/load.ts')
    await loadDemoCity(db, { seed: config.DEMO_SEED, asOf: new Date(), progress: tell, signal })
  })
}
