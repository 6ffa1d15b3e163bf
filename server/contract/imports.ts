/**
 * Terminology
 * - import: one file taken into one layer (or, for OpenStreetMap, several) of a city, in one transaction.
 * - kind: what the rows become; see IMPORT_KINDS.
 * - refused / repaired / flagged: a row not taken, a row mended on the way (and how), a row taken with a doubt.
 */
import { z } from 'zod'
import { CityKey, CityParams } from './cities.ts'
import { endpoint } from './endpoint.ts'

export const IMPORT_KINDS = [
  'administrative_areas', 'unit_grids', 'green_spaces', 'green_lines', 'built_up_areas', 'historic_districts', 'residential_areas', 'leftover_plots',
  'population_cells', 'population_table', 'buildings', 'roads', 'paths', 'water_bodies', 'facilities', 'parts', 'permits', 'control_areas', 'grid_owners', 'incidents', 'openstreetmap',
] as const
export const ImportKind = z.enum(IMPORT_KINDS)
export type ImportKind = z.infer<typeof ImportKind>

export const ImportOptions = z.object({
  kind: ImportKind,
  /** Catalogue key of the layer; default: from the file name. */
  layer: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,79}$/, 'takes 1 to 80 small letters, digits, _ and -, beginning with a letter or digit').optional(),
  titleZh: z.string().max(120).optional(),
  titleEn: z.string().max(120).optional(),
  owner: z.string().max(120).optional(),
  licence: z.string().max(200).optional(),
  dataDate: z.iso.date().optional(),
  /** Our field → the file's column, e.g. `{"name":"PTNAME"}`; constants as `=value`. */
  map: z.record(z.string(), z.string()).default({}),
  /** `EPSG:n`, `gcj02` or `bd09`; default: what the file declares, else WGS 84. */
  crs: z.string().regex(/^(EPSG:\d{4,6}|gcj02|bd09)$/i, 'takes EPSG:n (as EPSG:4547), gcj02 or bd09').optional(),
  encoding: z.string().max(40).optional(),
  /** Layer inside the file (GeoPackage, KML). */
  fileLayer: z.string().max(200).optional(),
  /** Join key for tables without geometry: `column=layer.column`. */
  join: z.string().max(200).optional(),
  skipBad: z.boolean().default(false),
  dryRun: z.boolean().default(false),
})
export type ImportOptions = z.output<typeof ImportOptions>

export const ImportIssue = z.object({ row: z.number().int(), severity: z.enum(['refused', 'repaired', 'flagged']), code: z.string(), field: z.string().nullable(), message: z.string(), sample: z.string().nullable() })
export type ImportIssue = z.infer<typeof ImportIssue>

export const ImportReport = z.object({
  read: z.number().int(),
  taken: z.number().int(),
  inserted: z.number().int(),
  changed: z.number().int(),
  unchanged: z.number().int(),
  ended: z.number().int(),
  repaired: z.number().int(),
  refused: z.number().int(),
  flagged: z.number().int(),
  outsideCity: z.number().int(),
  /** Which columns became which field, and which were kept as attributes. */
  mapping: z.record(z.string(), z.string()),
  crs: z.string(),
  crsFrom: z.enum(['option', 'file', 'default']),
  encoding: z.string().nullable(),
  driver: z.string(),
  layers: z.array(z.object({ key: z.string(), kind: z.string(), rows: z.number().int() })),
  /** Totals worth comparing: e.g. matched and unmatched join keys, population sum. */
  totals: z.record(z.string(), z.union([z.number(), z.string()])),
  issuesByCode: z.array(z.object({ code: z.string(), severity: z.string(), count: z.number().int(), message: z.string() })),
  durationMilliseconds: z.number(),
})
export type ImportReport = z.infer<typeof ImportReport>

export const ImportState = z.object({
  id: z.string(),
  fileName: z.string(),
  kind: ImportKind,
  layer: z.string().nullable(),
  dryRun: z.boolean(),
  status: z.enum(['waiting', 'running', 'finished', 'failed', 'cancelled']),
  stage: z.string(),
  percent: z.number(),
  report: ImportReport.nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  createdAt: z.iso.datetime({ offset: true }),
  finishedAt: z.iso.datetime({ offset: true }).nullable(),
})
export type ImportState = z.infer<typeof ImportState>

/** POST multipart/form-data: `options` (JSON of ImportOptions) and `file`; answers 202 and ImportState. */
export const IMPORT_UPLOAD_PATH = '/cities/:city/imports'
export const listImports = endpoint({ name: 'listImports', access: 'imports.read', summary: 'Latest imports', method: 'GET', path: '/cities/:city/imports', params: CityParams, reply: z.object({ imports: z.array(ImportState) }) })
const OneImport = z.object({ city: CityKey, import: z.uuid() })
export const getImport = endpoint({ name: 'getImport', access: 'imports.read', summary: 'One import with its report', method: 'GET', path: '/cities/:city/imports/:import', params: OneImport, reply: ImportState })
export const cancelImport = endpoint({ name: 'cancelImport', access: 'imports.run', summary: 'Cancel an import; nothing of it stays', method: 'POST', path: '/cities/:city/imports/:import/cancel', params: OneImport, reply: ImportState })
export const listImportIssues = endpoint({
  name: 'listImportIssues',
  access: 'imports.read',
  summary: 'Rows refused, repaired or flagged',
  method: 'GET',
  path: '/cities/:city/imports/:import/issues',
  params: OneImport,
  query: z.object({ after: z.coerce.number().int().min(0).default(0), limit: z.coerce.number().int().min(1).max(1000).default(200) }),
  reply: z.object({ issues: z.array(ImportIssue), nextAfter: z.number().int().nullable() }),
})
