import { listCities } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import { startSimulator } from '../incidents/simulator.ts'

/** Addresses that mean "every one of this machine" are asked through the loopback. */
function loopbackOf(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

/** Lets the demo city live, unless SIMULATOR=off or there is no demo city. The server must be listening already. */
export async function startDemoSimulator(context: AppContext, port: number): Promise<void> {
  const { config, db, log, clock } = context
  const demo = (await listCities(db)).find((city) => city.isDemo && city.status === 'ready')
  if (config.SIMULATOR === 'off' || config.DEMO === 'none' || !demo) return
  context.simulator = startSimulator({ baseUrl: `http://${loopbackOf(config.HOST)}:${port}`, cityKey: demo.key, timeZone: demo.timeZone, log, clock, seed: config.DEMO_SEED })
}
