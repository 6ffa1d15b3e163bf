import type { Router } from 'express'
import { recordAudit } from '../audit/audit.ts'
import { getCity } from '../cities/cities.ts'
import * as contract from '../contract/evaluation.ts'
import type { AppContext } from '../context.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { evaluate, listIndicatorRows } from './evaluation.ts'
import { exportEvaluation } from './export.ts'
import { comparePublication, getPublication, listPublications, publishPeriod } from './publications.ts'
import { recordMissedReport, recordReturnVisit } from './records.ts'
import { listIndicators } from './registry.ts'
import { createEvaluationRule, listEvaluationRules } from './rules.ts'

/** Mounts the addresses of the evaluation. */
export function evaluationRoutes(router: Router, context: AppContext): void {
  const { db, clock } = context
  const options = serveOptions(context)
  serve(router, contract.listIndicators, options, ({ params }) => listIndicators(db, params.city))
  serve(router, contract.evaluate, options, ({ params, query }) => evaluate(db, params.city, query, clock()))
  serve(router, contract.listIndicatorRows, options, ({ params, query }) => listIndicatorRows(db, params.city, query, clock()))
  serve(router, contract.exportEvaluation, options, async ({ principal, params, query }, _request, response) => {
    const at = clock()
    const city = await getCity(db, params.city)
    const file = await exportEvaluation(db, city.key, query, at)
    await db.transaction((tx) => recordAudit(tx, principal, city.cityId, { domain: 'exports', action: 'exportEvaluation', objectKind: 'city', objectId: city.key, details: query }, at))
    response.setHeader('Content-Disposition', `attachment; filename="${file.fileName}"`)
    response.setHeader('Content-Type', file.mediaType)
    response.setHeader('Cache-Control', 'private, max-age=0')
    response.end(file.bytes)
  })
  serve(router, contract.listEvaluationRules, options, async ({ params }) => ({ rules: await listEvaluationRules(db, await getCity(db, params.city)) }))
  serve(router, contract.createEvaluationRule, options, async ({ params, body, principal }) => createEvaluationRule(db, await getCity(db, params.city), body, principal, clock()))
  serve(router, contract.publishPeriod, options, ({ params, body, principal }) => publishPeriod(db, params.city, body, principal, clock()))
  serve(router, contract.listPublications, options, async ({ params, query }) => ({ publications: await listPublications(db, params.city, query.cycle, query.limit) }))
  serve(router, contract.getPublication, options, ({ params, query }) => getPublication(db, params.city, params.publication, query.object))
  serve(router, contract.comparePublication, options, ({ params, query }) => comparePublication(db, params.city, params.publication, query.object, clock()))
  serve(router, contract.recordReturnVisit, options, ({ params, body, principal }) => recordReturnVisit(db, params.city, params.id, body, principal, clock()))
  serve(router, contract.recordMissedReport, options, ({ params, body, principal }) => recordMissedReport(db, params.city, params.id, body, principal, clock()))
}
