import type { AppContext } from '../context.ts'
import { startCoverageJobs } from '../coverage/coverage.ts'
import { registerImportJobs } from '../imports/jobs.ts'
import { startPlanningJobs } from '../planning/planning.ts'
import type { JobKind } from './runner.ts'

/** For each kind of long work that a capability hands to the queue: what registers its handler and takes up what was left. */
const STARTERS = {
  coverage: startCoverageJobs,
  import: registerImportJobs,
  planning: startPlanningJobs,
} satisfies Record<JobKind, (context: AppContext) => Promise<void>>

/** Registers all long work with the job runner; called once, when the database is migrated and the reference data is loaded. */
export async function startJobs(context: AppContext): Promise<void> {
  for (const start of Object.values(STARTERS)) await start(context)
}
