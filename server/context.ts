import type { IncomingMessage } from 'node:http'
import type { Logger } from 'pino'
import type { Doorkeeper } from './access/doorkeeper.ts'
import type { Principal } from './access/principal.ts'
import type { Config } from './config.ts'
import type { Db } from './db/db.ts'
import type { Simulator } from './incidents/simulator.ts'
import type { JobRunner } from './jobs/runner.ts'
import type { LiveHub } from './live/hub.ts'

/** What every capability is handed: built once at start (or by a test), never imported. */
export interface AppContext {
  db: Db
  config: Config
  log: Logger
  clock: () => Date
  jobs: JobRunner
  live: LiveHub
  /** Who makes a request. */
  identify: (request: IncomingMessage) => Promise<Principal>
  doorkeeper: Doorkeeper
  /** The demo city's; there once the server listens, and only with the demo. */
  simulator?: Simulator
}
