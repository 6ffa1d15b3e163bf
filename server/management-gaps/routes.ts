import type { Request, Response, Router } from 'express'
import type { AppContext } from '../context.ts'
import { CityKey } from '../contract/cities.ts'
import { API_PREFIX } from '../contract/endpoint.ts'
import * as contract from '../contract/management-gaps.ts'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import { guard, principalOf } from '../http/guard.ts'
import { sendFile } from '../http/send-file.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { getGapFile } from './export.ts'
import { getManagementGapMap, getManagementGaps, listManagementGaps } from './management-gaps.ts'

const ExportAsked = contract.listManagementGaps.query!.omit({ afterRank: true, limit: true }).extend({ city: CityKey, layer: contract.GapLayer, format: z.enum(contract.GAP_EXPORT_FORMATS) })

/** Sends a layer as a file: `?format=xlsx|csv|gpkg|shp|geojson` and the query of the list. */
async function serveExport(context: AppContext, request: Request, response: Response): Promise<void> {
  const parsed = ExportAsked.safeParse({ ...request.query, ...request.params })
  if (!parsed.success) {
    throw new AppError('bad_request', `不能按此导出，请改选格式。The export cannot be made: see errors; format is one of ${contract.GAP_EXPORT_FORMATS.join(', ')}.`, { errors: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) })
  }
  const { city, layer, format, ...query } = parsed.data
  await sendFile(response, await getGapFile(context, await principalOf(context, request), city, layer, query, format))
}

/** Mounts the addresses of management gaps. */
export function managementGapRoutes(router: Router, context: AppContext): void {
  const options = serveOptions(context)
  serve(router, contract.getManagementGaps, options, ({ params, query }) => getManagementGaps(context.db, params.city, query, context.clock()))
  serve(router, contract.getManagementGapMap, options, ({ params, query }) => getManagementGapMap(context.db, params.city, params.layer, query, context.clock()))
  router.get(`${API_PREFIX}${contract.GAP_EXPORT_PATH}`, guard(context, 'coverage.read'), (request, response) => serveExport(context, request, response))
  serve(router, contract.listManagementGaps, options, ({ params, query }) => listManagementGaps(context.db, params.city, params.layer, query, context.clock()))
}
