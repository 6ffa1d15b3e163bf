import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { recordAudit } from '../audit/audit.ts'
import { getCity } from '../cities/cities.ts'
import { CityKey } from '../contract/cities.ts'
import { INDICATORS_EXPORT_FORMATS } from '../contract/planning-indicators.ts'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { withPassport } from '../files/passport.ts'
import { csvChunks, geoJsonChunks, writeXlsx } from '../files/write.ts'
import { principalOf } from '../http/guard.ts'
import { getPlanningDrawing, getPlanningRun } from '../planning/planning.ts'
import { FIGURE_COLUMNS, figureRows, gapLayer, passportRows, type SheetFile, sheetsOf } from './export-tables.ts'

const Asked = z.object({ city: CityKey, run: z.uuid(), format: z.enum(INDICATORS_EXPORT_FORMATS) })

/** @throws AppError not_found for a run that is not there or of another kind, conflict while there is no result */
async function getSheetFile(context: AppContext, cityKey: string, id: string): Promise<SheetFile> {
  const city = await getCity(context.db, cityKey)
  const run = await getPlanningRun(context, cityKey, id)
  if (run.kind !== 'indicators') throw new AppError('not_found', `Planning run ${id} of city "${cityKey}" is about ${run.kind}, not about indicators.`)
  if (!run.result || !run.passport) throw new AppError('conflict', `Planning run ${id} has no result: it is ${run.status}.`)
  const drawn = await getPlanningDrawing(context, cityKey, id)
  if (drawn.kind !== 'indicators') throw new TypeError(`the drawing of indicators run ${id} is of ${drawn.kind}`)
  return { city, id, input: run.input, result: run.result, drawing: drawn.drawing, passport: run.passport }
}

/** Sends a finished indicator sheet as a file: `?format=csv|xlsx|geojson` (the last holds stretches of road beyond their spacing). */
export async function serveSheetExport(context: AppContext, request: Request, response: Response): Promise<void> {
  const parsed = Asked.safeParse({ ...request.query, ...request.params })
  if (!parsed.success) {
    throw new AppError('bad_request', `The export cannot be made: give format as one of ${INDICATORS_EXPORT_FORMATS.join(', ')}.`, { errors: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) })
  }
  const { city, run, format } = parsed.data
  const file = await getSheetFile(context, city, run)
  const principal = await principalOf(context, request)
  await context.db.transaction((tx) => recordAudit(tx, principal, file.city.cityId, { domain: 'exports', action: 'exportIndicators', objectKind: 'planning_run', objectId: run, details: { format } }, context.clock()))
  const attach = (mediaType: string) => {
    response.setHeader('Content-Disposition', `attachment; filename="${city}-indicators-${run}-${file.passport.finishedAt.slice(0, 10)}.${format}"`)
    response.setHeader('Content-Type', mediaType)
    response.setHeader('Cache-Control', 'private, max-age=0')
  }
  if (format === 'csv') {
    attach('text/csv; charset=utf-8')
    await pipeline(Readable.from(csvChunks(FIGURE_COLUMNS, figureRows(file))), response)
  } else if (format === 'geojson') {
    attach('application/geo+json; charset=utf-8')
    await pipeline(Readable.from(withPassport(geoJsonChunks(gapLayer(file)), Object.fromEntries(passportRows(file).map(({ key, value }) => [key, value])))), response)
  } else {
    const bytes = await writeXlsx(sheetsOf(file))
    attach('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
    response.end(bytes)
  }
}
