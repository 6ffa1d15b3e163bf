import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import { CityKey } from '../contract/cities.ts'
import { API_PREFIX } from '../contract/endpoint.ts'
import { RUN_FILE_FORMATS } from '../contract/run-files.ts'
import * as contract from '../contract/scenarios.ts'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { guard, principalOf } from '../http/guard.ts'
import { sendFile } from '../http/send-file.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { getComparisonFile } from './comparison.ts'
import * as scenarios from './scenarios.ts'
import { getWhatIfGround } from './what-if-ground.ts'

const ComparisonAsked = z.object({ city: CityKey, format: z.enum(RUN_FILE_FORMATS), runs: z.string().transform((text) => text.split(',')).pipe(z.array(z.uuid()).min(2).max(contract.COMPARISON_MOST_RUNS)) })

async function serveComparison(context: AppContext, request: Request, response: Response): Promise<void> {
  const parsed = ComparisonAsked.safeParse({ ...request.query, ...request.params })
  if (!parsed.success) throw new AppError('bad_request', `不能按此比较：请在 runs 给出 2 至 ${contract.COMPARISON_MOST_RUNS} 个计算，并改选格式。The comparison cannot be made: give runs as two to ${contract.COMPARISON_MOST_RUNS} ids with commas between, and format as one of ${RUN_FILE_FORMATS.join(', ')}.`, { errors: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) })
  const { city, runs, format } = parsed.data
  await sendFile(response, await getComparisonFile(context, await principalOf(context, request), city, runs, format))
}

/** Mounts the addresses of scenarios. */
export function scenarioRoutes(router: Router, context: AppContext): void {
  const options = serveOptions(context)
  serve(router, contract.listScenarios, options, ({ params, query }) => scenarios.listScenarios(context, params.city, query.limit))
  serve(router, contract.createScenario, options, ({ principal, params, body }) => scenarios.createScenario(context, principal, params.city, body))
  serve(router, contract.listScenarioVersions, options, async ({ params, query }) => ({
    versions: await scenarios.listScenarioVersions(context, params.city, params.scenario, { before: query.before ?? null, limit: query.limit, isNamed: query.named === 'true' }),
  }))
  serve(router, contract.getScenarioVersion, options, ({ params }) => scenarios.getScenarioVersion(context, params.city, params.scenario, params.version))
  serve(router, contract.saveScenarioVersion, options, ({ principal, params, body }) => scenarios.saveScenarioVersion(context, principal, params.city, params.scenario, body))
  serve(router, contract.copyScenario, options, ({ principal, params, body }) => scenarios.copyScenario(context, principal, params.city, params.scenario, body))
  serve(router, contract.renameScenario, options, ({ principal, params, body }) => scenarios.renameScenario(context, principal, params.city, params.scenario, body))
  serve(router, contract.endScenario, options, ({ principal, params, body }) => scenarios.endScenario(context, principal, params.city, params.scenario, body.version))
  router.get(`${API_PREFIX}${contract.COMPARISON_EXPORT_PATH}`, guard(context, 'coverage.read'), (request, response) => serveComparison(context, request, response))
  serve(router, contract.getWhatIfGround, options, ({ params, body }, request) => {
    const stop = new AbortController()
    request.once('close', () => request.complete || stop.abort(new Error('the browser is gone')))
    return getWhatIfGround(context, params.city, body, stop.signal)
  })
}
