import type { Response, Router } from 'express'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import { getCity } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import { INCIDENT_POINTS_TYPE } from '../contract/incident-points.ts'
import * as contract from '../contract/incidents.ts'
import type { Permission } from '../contract/permissions.ts'
import { AppError } from '../errors.ts'
import { sendFile } from '../http/send-file.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { ringLive } from '../live/doorbell.ts'
import { countIncidents } from './counts.ts'
import { exportIncidents } from './export.ts'
import { type Once, readIdempotencyKey, requireIdempotencyKey } from './idempotency.ts'
import { getIncident, listCaseClasses, listIncidents, reportIncident, transitionIncident, visibilityOf } from './incidents.ts'
import { getIncidentPoints } from './points.ts'
import { reopenIncident } from './reopening.ts'
import { revealReporter } from './reporter.ts'
import { getWorkflowSettings, setWorkflowSettings } from './settings.ts'

/** Mounts the addresses of incidents. */
export function incidentsRoutes(router: Router, context: AppContext): void {
  const { db, clock, log } = context
  const options = serveOptions(context)
  const ring = () => ringLive(db, (error) => log.warn({ err: error }, 'the doorbell of the live feed did not ring'))

  serve(router, contract.listCaseClasses, options, async () => ({ schemes: await listCaseClasses(db) }))

  /** The city and what the caller sees of it. */
  const view = async (principal: Principal, cityKey: string, permission: Permission = 'incidents.read') => {
    const city = await getCity(db, cityKey)
    return { city, visibility: await visibilityOf(db, principal, city, permission) }
  }

  serve(router, contract.listIncidents, options, async ({ principal, params, query: { sort, cursor, limit, ...filter } }) => {
    const { city, visibility } = await view(principal, params.city)
    return listIncidents(db, city, visibility, filter, { sort, cursor, limit }, clock())
  })

  serve(router, contract.countIncidents, options, async ({ principal, params, query }) => {
    const { city, visibility } = await view(principal, params.city)
    return countIncidents(db, city, visibility, query, clock())
  })

  serve(router, contract.getIncidentPoints, options, async ({ principal, params, query }, _request, response) => {
    const { city, visibility } = await view(principal, params.city)
    const bytes = await getIncidentPoints(db, city, visibility, query, clock())
    response.setHeader('Cache-Control', 'no-store')
    response.type(INCIDENT_POINTS_TYPE).send(bytes)
  })

  serve(router, contract.exportIncidents, options, async ({ principal, params, query: { format, ...filter } }, _request, response) => {
    const { city, visibility } = await view(principal, params.city, 'incidents.export')
    const at = clock()
    const file = await exportIncidents(db, city, visibility, filter, format, at)
    await db.transaction((tx) => recordAudit(tx, principal, city.cityId, { domain: 'exports', action: 'exportIncidents', objectKind: 'city', objectId: city.key, details: { format, filter } }, at))
    await sendFile(response, file)
  })

  serve(router, contract.getIncident, options, async ({ principal, params }) => getIncident(db, await getCity(db, params.city), principal, params.id, clock()))

  /** Answers what was done once, and says when an earlier request did it. */
  const answerOnce = <T>(once: Once<T>, response: Response): T => {
    ring()
    if (once.replayed) response.setHeader('Idempotency-Replayed', 'true')
    return once.answer
  }

  serve(router, contract.reportIncident, options, async ({ principal, params, body }, request, response) =>
    answerOnce(await reportIncident(db, await getCity(db, params.city), principal, body, requireIdempotencyKey(request.get('Idempotency-Key')), clock()), response))

  serve(router, contract.reopenIncident, options, async ({ principal, params, body }, request, response) =>
    answerOnce(await reopenIncident(db, await getCity(db, params.city), principal, params.id, body.reason, requireIdempotencyKey(request.get('Idempotency-Key')), clock()), response))

  serve(router, contract.revealReporter, options, async ({ principal, params, body }) => revealReporter(db, await getCity(db, params.city), principal, params.id, body.reason, clock()))

  serve(router, contract.getWorkflowSettings, options, async ({ params }) => getWorkflowSettings(db, await getCity(db, params.city), clock()))

  serve(router, contract.setWorkflowSettings, options, async ({ principal, params, body }) => setWorkflowSettings(db, await getCity(db, params.city), principal, body, clock()))

  const simulatorOf = (cityKey: string) => (context.simulator?.cityKey === cityKey ? context.simulator : undefined)

  serve(router, contract.getSimulator, options, async ({ params }) => {
    const city = await getCity(db, params.city)
    return simulatorOf(city.key)?.state ?? { available: false, running: false, speed: 1 }
  })

  serve(router, contract.setSimulator, options, async ({ principal, params, body }) => {
    const city = await getCity(db, params.city)
    const simulator = simulatorOf(city.key)
    if (!simulator) throw new AppError('conflict', '只有演示城市才有模拟器，且须以 SIMULATOR=on 启动。Only the demo city has a simulator, and only when the server was started with SIMULATOR=on.')
    await db.transaction((tx) => recordAudit(tx, principal, city.cityId, { domain: 'incidents', action: 'setSimulator', objectKind: 'city', objectId: city.key, details: body }, clock()))
    return simulator.set(body)
  })

  serve(router, contract.transitionIncident, options, async ({ principal, params, body }, request, response) =>
    answerOnce(await transitionIncident(db, await getCity(db, params.city), principal, params.id, body, readIdempotencyKey(request.get('Idempotency-Key')), clock()), response))
}
