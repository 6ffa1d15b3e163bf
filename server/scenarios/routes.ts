import type { Router } from 'express'
import * as contract from '../contract/scenarios.ts'
import type { AppContext } from '../context.ts'
import { serve, serveOptions } from '../http/serve.ts'
import * as scenarios from './scenarios.ts'
import { getWhatIfGround } from './what-if-ground.ts'

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
  serve(router, contract.getWhatIfGround, options, ({ params, body }, request) => {
    const stop = new AbortController()
    request.once('close', () => request.complete || stop.abort(new Error('the browser is gone')))
    return getWhatIfGround(context, params.city, body, stop.signal)
  })
}
