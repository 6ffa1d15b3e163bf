import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/db.ts'
import { syncCaseClasses } from '../incidents/reference.ts'
import { startJobRunner } from '../jobs/runner.ts'
import { startLiveHub } from '../live/hub.ts'

/** Brings the tables of standards and rules up to the files this program carries. */
export async function syncReference(db: Db): Promise<void> {
  await syncCaseClasses(db)
}

export interface Services {
  context: AppContext
  /** Tells open feeds to come back later and ends them. */
  closeFeeds(): Promise<void>
  /** Stops running jobs; what they hold goes back to the queue. */
  closeJobs(): Promise<void>
}

/** Starts what runs beside the requests. */
export async function startServices(db: Db, config: Config, log: Logger): Promise<Services> {
  const jobs = await startJobRunner(db, log)
  const live = await startLiveHub(db, log)
  return {
    context: { db, config, log, clock: () => new Date(), jobs, live },
    closeFeeds: () => live.close(),
    closeJobs: () => jobs.close(),
  }
}
