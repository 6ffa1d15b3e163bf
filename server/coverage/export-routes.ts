import type { Request, Response } from 'express'
import { z } from 'zod'
import { CityKey } from '../contract/cities.ts'
import { COVERAGE_EXPORT_FORMATS } from '../contract/coverage.ts'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { principalOf } from '../http/guard.ts'
import { sendFile } from '../http/send-file.ts'
import { getCoverageFile } from './export.ts'
import { CSV_TABLES } from './export-tables.ts'

const Asked = z.object({
  city: CityKey,
  run: z.uuid(),
  format: z.enum(COVERAGE_EXPORT_FORMATS),
  /** Which table a CSV file holds; the other formats hold everything they can. */
  table: z.enum(CSV_TABLES).default('blind_spots'),
})

/** Sends a finished run as a file: `?format=xlsx|csv|gpkg|shp|geojson`, for CSV also `&table=blind_spots|units|mends`. */
export async function serveExport(context: AppContext, request: Request, response: Response): Promise<void> {
  const parsed = Asked.safeParse({ ...request.query, ...request.params })
  if (!parsed.success) {
    throw new AppError('bad_request', `不能按此导出，请改选格式。The export cannot be made: give format as one of ${COVERAGE_EXPORT_FORMATS.join(', ')}.`, { errors: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) })
  }
  const { city, run, format, table } = parsed.data
  await sendFile(response, await getCoverageFile(context, await principalOf(context, request), city, run, format, table))
}
