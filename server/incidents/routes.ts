import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response, Router } from 'express'
import { getCity } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import { INCIDENT_POINTS_TYPE } from '../contract/incident-points.ts'
import * as contract from '../contract/incidents.ts'
import { AppError } from '../errors.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { ringLive } from '../live/doorbell.ts'
import { countIncidents } from './counts.ts'
import { exportIncidents, type IncidentExport } from './export.ts'
import { readIdempotencyKey } from './idempotency.ts'
import { getIncident, listCaseClasses, listIncidents, reportIncident, transitionIncident } from './incidents.ts'
import { getIncidentPoints } from './points.ts'

async function send(response: Response, file: IncidentExport): Promise<void> {
  response.type(file.mediaType).setHeader('Content-Disposition', `attachment; filename="${file.fileName}"`)
  try {
    await pipeline(Readable.from(file.chunks), response)
  } catch (error) {
    // A reader who goes away is no fault of anybody.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) throw error
  }
}

/** Mounts the addresses of incidents. */
export function incidentsRoutes(router: Router, context: AppContext): void {
  const { db, clock, log } = context
  const options = serveOptions(context)
  const ring = () => ringLive(db, (error) => log.warn({ err: error }, 'the doorbell of the live feed did not ring'))

  serve(router, contract.listCaseClasses, options, async () => ({ schemes: await listCaseClasses(db) }))

  serve(router, contract.listIncidents, options, async ({ params, query: { sort, cursor, limit, ...filter } }) => listIncidents(db, await getCity(db, params.city), filter, { sort, cursor, limit }, clock()))

  serve(router, contract.countIncidents, options, async ({ params, query }) => countIncidents(db, await getCity(db, params.city), query, clock()))

  serve(router, contract.getIncidentPoints, options, async ({ params, query }, _request, response) => {
    const bytes = await getIncidentPoints(db, await getCity(db, params.city), query, clock())
    response.setHeader('Cache-Control', 'no-store')
    response.type(INCIDENT_POINTS_TYPE).send(bytes)
  })

  serve(router, contract.exportIncidents, options, async ({ params, query: { format, ...filter } }, _request, response) => {
    await send(response, await exportIncidents(db, await getCity(db, params.city), filter, format, clock()))
  })

  serve(router, contract.getIncident, options, async ({ params }) => getIncident(db, await getCity(db, params.city), params.id))

  serve(router, contract.reportIncident, options, async ({ params, body }, request, response) => {
    const key = readIdempotencyKey(request.get('Idempotency-Key'))
    if (key === undefined) {
      const message = 'The header Idempotency-Key is required: one new value per report, the same one for every retry of it.'
      throw new AppError('bad_request', message, { errors: [{ path: 'headers.Idempotency-Key', message }] })
    }
    const once = await reportIncident(db, await getCity(db, params.city), body, key, clock())
    ring()
    if (once.replayed) response.setHeader('Idempotency-Replayed', 'true')
    return once.answer
  })

  const simulatorOf = (cityKey: string) => (context.simulator?.cityKey === cityKey ? context.simulator : undefined)

  serve(router, contract.getSimulator, options, async ({ params }) => {
    const city = await getCity(db, params.city)
    return simulatorOf(city.key)?.state ?? { available: false, running: false, speed: 1 }
  })

  serve(router, contract.setSimulator, options, async ({ params, body }) => {
    const city = await getCity(db, params.city)
    const simulator = simulatorOf(city.key)
    if (!simulator) throw new AppError('conflict', '只有演示城市才有模拟器，且须以 SIMULATOR=on 启动。Only the demo city has a simulator, and only when the server was started with SIMULATOR=on.')
    return simulator.set(body)
  })

  serve(router, contract.transitionIncident, options, async ({ params, body }, request, response) => {
    const key = readIdempotencyKey(request.get('Idempotency-Key'))
    const once = await transitionIncident(db, await getCity(db, params.city), params.id, body, key, clock())
    ring()
    if (once.replayed) response.setHeader('Idempotency-Replayed', 'true')
    return once.answer
  })
}
