import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { recordAudit } from '../audit/audit.ts'
import { getCity } from '../cities/cities.ts'
import { CityKey } from '../contract/cities.ts'
import { SITING_EXPORT_FORMATS } from '../contract/planning-siting.ts'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { csvChunks, geoJsonChunks, writeGeoPackage, writeXlsx } from '../files/write.ts'
import { principalOf } from '../http/guard.ts'
import { getPlanningDrawing, getPlanningRun } from '../planning/planning.ts'
import { homeLayer, SITE_COLUMNS, siteLayer, siteRows, sheetsOf, type SitingOutcome } from './export-tables.ts'

const Asked = z.object({ city: CityKey, run: z.uuid(), format: z.enum(SITING_EXPORT_FORMATS) })

async function getOutcome(context: AppContext, cityKey: string, id: string): Promise<SitingOutcome & { cityId: number }> {
  const city = await getCity(context.db, cityKey)
  const run = await getPlanningRun(context, cityKey, id)
  if (run.kind !== 'siting') throw new AppError('not_found', `Run ${id} is no siting run: it is of kind ${run.kind}.`)
  const { result, passport } = run
  if (!result?.answer || !passport) throw new AppError('conflict', `Siting run ${id} has no sites to take away: it is ${run.status}.`)
  const drawn = await getPlanningDrawing(context, cityKey, id)
  if (drawn.kind !== 'siting') throw new AppError('internal', `The drawing of run ${id} is of kind ${drawn.kind}.`)
  return { cityId: city.cityId, city, run: { ...run, result, passport }, answer: result.answer, drawing: drawn.drawing }
}

/** Sends the sites of a run as a file: `?format=geojson|gpkg|csv|xlsx`. */
export async function serveSitesExport(context: AppContext, request: Request, response: Response): Promise<void> {
  const parsed = Asked.safeParse({ ...request.query, ...request.params })
  if (!parsed.success) {
    throw new AppError('bad_request', `The export cannot be made: give format as one of ${SITING_EXPORT_FORMATS.join(', ')}.`, { errors: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) })
  }
  const { city, run, format } = parsed.data
  const outcome = await getOutcome(context, city, run)
  const principal = await principalOf(context, request)
  await context.db.transaction((tx) => recordAudit(tx, principal, outcome.cityId, { domain: 'exports', action: 'exportSites', objectKind: 'planning_run', objectId: run, details: { format } }, context.clock()))
  const baseName = `${city}-sites-${run}-${outcome.run.passport.finishedAt.slice(0, 10)}`
  const attach = (extension: string, mediaType: string) => {
    response.setHeader('Content-Disposition', `attachment; filename="${baseName}${extension}"`)
    response.setHeader('Content-Type', mediaType)
    response.setHeader('Cache-Control', 'private, max-age=0')
  }
  if (format === 'csv') {
    attach('.csv', 'text/csv; charset=utf-8')
    await pipeline(Readable.from(csvChunks(SITE_COLUMNS, siteRows(outcome))), response)
  } else if (format === 'geojson') {
    attach('.geojson', 'application/geo+json; charset=utf-8')
    await pipeline(Readable.from(geoJsonChunks(siteLayer(outcome))), response)
  } else if (format === 'xlsx') {
    const bytes = await writeXlsx(sheetsOf(outcome))
    attach('.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
    response.end(bytes)
  } else {
    const file = await writeGeoPackage([siteLayer(outcome), homeLayer(outcome)], 'EPSG:4490', baseName)
    try {
      attach('.gpkg', file.mediaType)
      await pipeline(createReadStream(file.path), response)
    } finally {
      await file.dispose()
    }
  }
}
