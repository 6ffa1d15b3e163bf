import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { recordAudit } from '../audit/audit.ts'
import { CityKey } from '../contract/cities.ts'
import { COVERAGE_EXPORT_FORMATS } from '../contract/coverage.ts'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { principalOf } from '../http/guard.ts'
import { withPassport } from '../files/passport.ts'
import { csvChunks, geoJsonChunks, writeGeoPackage, writeXlsx } from '../files/write.ts'
import { getCoverageResult } from './coverage.ts'
import { layersOf, MEND_COLUMNS, mendRows, passportRows, sheetsOf, SPOT_COLUMNS, spotLayer, spotRows, UNIT_COLUMNS, unitRows } from './export-tables.ts'

const Asked = z.object({
  city: CityKey,
  run: z.uuid(),
  format: z.enum(COVERAGE_EXPORT_FORMATS),
  /** Which table a CSV file holds; the other formats hold everything they can. */
  table: z.enum(['blind_spots', 'units', 'mends']).default('blind_spots'),
})

/** Sends a finished run as a file: `?format=geojson|gpkg|csv|xlsx`, for CSV also `&table=blind_spots|units|mends`. */
export async function serveExport(context: AppContext, request: Request, response: Response): Promise<void> {
  const parsed = Asked.safeParse({ ...request.query, ...request.params })
  if (!parsed.success) {
    throw new AppError('bad_request', `The export cannot be made: give format as one of ${COVERAGE_EXPORT_FORMATS.join(', ')}.`, { errors: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) })
  }
  const { city, run, format, table } = parsed.data
  const result = await getCoverageResult(context, city, run)
  const principal = await principalOf(context, request)
  await context.db.transaction((tx) => recordAudit(tx, principal, result.city.cityId, { domain: 'exports', action: 'exportCoverage', objectKind: 'coverage_run', objectId: run, details: { format, table } }, context.clock()))
  const baseName = `${city}-coverage-${run}-${result.run.passport.finishedAt.slice(0, 10)}`
  const attach = (extension: string, mediaType: string) => {
    response.setHeader('Content-Disposition', `attachment; filename="${baseName}${extension}"`)
    response.setHeader('Content-Type', mediaType)
    response.setHeader('Cache-Control', 'private, max-age=0')
  }
  if (format === 'csv') {
    if (table === 'mends' && !result.mends) throw new AppError('conflict', '尚未计算补救措施。The mends of this run have not been computed yet: ask for them first.')
    attach(table === 'blind_spots' ? '.csv' : `-${table}.csv`, 'text/csv; charset=utf-8')
    const chunks = { units: () => csvChunks(UNIT_COLUMNS, unitRows(result)), mends: () => csvChunks(MEND_COLUMNS, mendRows(result)), blind_spots: () => csvChunks(SPOT_COLUMNS, spotRows(result)) }[table]()
    await pipeline(Readable.from(chunks), response)
  } else if (format === 'geojson') {
    attach('.geojson', 'application/geo+json; charset=utf-8')
    await pipeline(Readable.from(withPassport(geoJsonChunks(spotLayer(result)), Object.fromEntries(passportRows(result).map(({ key, value }) => [key, value])))), response)
  } else if (format === 'xlsx') {
    const bytes = await writeXlsx(sheetsOf(result))
    attach('.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
    response.end(bytes)
  } else {
    const file = await writeGeoPackage(layersOf(result), 'EPSG:4490', baseName)
    try {
      attach('.gpkg', file.mediaType)
      await pipeline(createReadStream(file.path), response)
    } finally {
      await file.dispose()
    }
  }
}
