import { listCities } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import { startSimulator } from '../incidents/simulator.ts'

/** Lets the demo city live, unless SIMULATOR=off or there is no demo city. The server must be listening already, at `baseUrl`. */
export async function startDemoSimulator(context: AppContext, baseUrl: string): Promise<void> {
  const { config, db, log, clock } = context
  const demo = (await listCities(db)).find((city) => city.isDemo && city.status === 'ready')
  if (config.SIMULATOR === 'off' || config.DEMO === 'none' || !demo) return
  context.simulator = startSimulator({ baseUrl, accessToken: context.doorkeeper.simulatorKey, cityKey: demo.key, timeZone: demo.timeZone, log, clock, seed: config.DEMO_SEED })
}
