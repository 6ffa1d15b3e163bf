import { getCity, listCities } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import { listDemoPeople, prepareDemoCases } from '../incidents/demo.ts'
import { startSimulator } from '../incidents/simulator.ts'

/** Readies the demo city's cases for its people and lets the city live, unless SIMULATOR=off or there is no demo city. The server must be listening already, at `baseUrl`. */
export async function startDemoSimulator(context: AppContext, baseUrl: string): Promise<void> {
  const { config, db, log, clock } = context
  const demo = (await listCities(db)).find((city) => city.isDemo && city.status === 'ready')
  if (config.DEMO === 'none' || !demo) return
  const { cityId } = await getCity(db, demo.key)
  await prepareDemoCases(db, cityId)
  if (config.SIMULATOR === 'off') return
  context.simulator = startSimulator({ baseUrl, accessToken: context.doorkeeper.simulatorKey, listPeople: () => listDemoPeople(db, cityId), cityKey: demo.key, timeZone: demo.timeZone, log, clock, seed: config.DEMO_SEED })
}
