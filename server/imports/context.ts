import type { CityRow } from '../cities/cities.ts'
import type { ImportOptions, ImportReport } from '../contract/imports.ts'
import type { Db } from '../db/db.ts'
import type { Issues } from './issues.ts'

/** What an import tells while it runs, and what stops it. */
export interface ImportIo {
  progress(percent: number, stage: 'reading' | 'staging' | 'storing' | 'finishing'): void
  signal: AbortSignal
}

/** One import on its way. */
export interface ImportRun {
  db: Db
  city: CityRow
  file: string
  /** As the user named it; only its ending and stem are looked at. */
  fileName: string
  options: ImportOptions
  io: ImportIo
  issues: Issues
  /** Private folder for spooled rows. */
  scratch: string
}

/** What was found out so far; becomes the report. */
export interface ImportFacts {
  read: number
  mapping: Record<string, string>
  crs: string
  crsFrom: ImportReport['crsFrom']
  encoding: string | null
  driver: string
  totals: ImportReport['totals']
}

export interface StoredCounts {
  taken: number
  inserted: number
  changed: number
  unchanged: number
  ended: number
  outsideCity: number
}

export interface StoredLayer {
  key: string
  kind: string
  /** Null for a table that is no layer of the catalogue. */
  layerId: number | null
  /** Living rows of the layer afterwards. */
  rows: number
  counts: StoredCounts
}
