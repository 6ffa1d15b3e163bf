import { z } from 'zod'
import { CityKey } from './cities.ts'
import { endpoint } from './endpoint.ts'
import { PlanningRun } from './planning.ts'

const RunParams = z.object({ city: CityKey, run: z.uuid() })

export const rerunCoverage = endpoint({
  name: 'rerunCoverage',
  access: 'coverage.run',
  summary: 'Compute a finished coverage run again: the same inputs give the same figures to the last digit, changed inputs say what changed; a planning run of kind rerun',
  method: 'POST',
  path: '/cities/:city/coverage-runs/:run/rerun',
  status: 202,
  params: RunParams,
  reply: PlanningRun,
})

export const rerunPlanning = endpoint({
  name: 'rerunPlanning',
  access: 'coverage.run',
  summary: 'Compute a finished planning run (sites, supply, mends, indicator sheet) again, as rerunCoverage does a coverage run',
  method: 'POST',
  path: '/cities/:city/planning-runs/:run/rerun',
  status: 202,
  params: RunParams,
  reply: PlanningRun,
})
