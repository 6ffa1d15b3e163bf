/** A server on which coverage and planning runs are carried out; opened before the tests of a file and closed after them. */
import { afterAll, beforeAll } from 'vitest'
import { startCoverageJobs, syncServiceRules } from '../../../server/coverage/coverage.ts'
import { startPlanningJobs } from '../../../server/planning/planning.ts'
import { syncSupplyRules } from '../../../server/supply/rules.ts'
import { aContext, aJobRunner, openTestApi, type TestApi } from '../../helpers/api.ts'
import { openTestDb } from '../../helpers/db.ts'

export function aPlanningServer() {
  const db = openTestDb()
  const jobs = aJobRunner()
  const context = aContext(db, { jobs })
  const opened: { api?: TestApi } = {}
  beforeAll(async () => {
    await syncServiceRules(db)
    await syncSupplyRules(db)
    opened.api = await openTestApi(context)
    await startCoverageJobs(context)
    await startPlanningJobs(context)
  })
  afterAll(async () => {
    await opened.api?.close()
    await db.close()
  })
  return { db, jobs, context, /** Once the tests of the file have begun. */ api: () => opened.api! }
}
