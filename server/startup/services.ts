import type { Logger } from 'pino'
import { createDoorkeeper } from '../accounts/doorkeeper.ts'
import { keepAnchoring } from '../audit/keep.ts'
import type { Config } from '../config.ts'
import type { AppContext } from '../context.ts'
import { syncServiceRules } from '../coverage/coverage.ts'
import type { Db } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { syncEvaluationRules } from '../evaluation/rules.ts'
import { syncGreenIndicatorRules } from '../green-indicators/green-indicators.ts'
import { syncReachRules } from '../indicators/reach-rules.ts'
import { syncSpacingRules } from '../indicators/spacing-rules.ts'
import { syncWorkCalendars } from '../incidents/calendars.ts'
import { syncCaseClasses } from '../incidents/reference.ts'
import { startJobRunner } from '../jobs/runner.ts'
import { type LiveHub, startLiveHub } from '../live/hub.ts'
import { syncSupplyRules } from '../supply/rules.ts'

/** Brings the tables of standards and rules up to the files this program carries. */
export async function syncReference(db: Db): Promise<void> {
  await syncCaseClasses(db)
  await syncWorkCalendars(db)
  await syncServiceRules(db)
  await syncEvaluationRules(db)
  await syncGreenIndicatorRules(db)
  await syncSupplyRules(db)
  await syncReachRules(db)
  await syncSpacingRules(db)
}

export interface Services {
  context: AppContext
  /** Tells open feeds to come back later and ends them. */
  closeFeeds(): Promise<void>
  /** Stops running jobs; what they hold goes back to the queue. */
  closeJobs(): Promise<void>
  /** Stops anchoring the log, after a last time. */
  closeAnchoring(): Promise<void>
}

/** A command has no open consoles; those of a server beside it hear of its changes from that server's own hub. */
const NO_FEEDS: LiveHub = {
  join() {
    throw new AppError('unavailable', 'A command line keeps no live feed.')
  },
  close: async () => {},
}

/** Starts what runs beside the requests of a server, or beside one command. */
export async function startServices(db: Db, config: Config, log: Logger, kind: 'server' | 'command' = 'server'): Promise<Services> {
  const jobs = await startJobRunner(db, log)
  const live = kind === 'server' ? await startLiveHub(db, log) : NO_FEEDS
  const clock = () => new Date()
  const doorkeeper = createDoorkeeper(db, config, log, clock)
  const context: AppContext = { db, config, log, clock, jobs, live, identify: (request) => doorkeeper.identify(request), doorkeeper }
  const closeAnchoring = kind === 'server' ? keepAnchoring(context) : async () => {}
  return {
    context,
    closeFeeds: () => live.close(),
    closeJobs: () => jobs.close(),
    closeAnchoring,
  }
}
