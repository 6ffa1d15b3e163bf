import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { getCity } from '../../server/cities/cities.ts'
import { ImportOptions } from '../../server/contract/imports.ts'
import type { Db } from '../../server/db/db.ts'
import { type ImportResult, runImport } from '../../server/imports/imports.ts'

const FOLDER = mkdtempSync(path.join(tmpdir(), 'xiucheng-test-files-'))

/** Writes a small file for a test and answers its path. */
export function aFile(name: string, content: string | Buffer | object): string {
  const file = path.join(FOLDER, `${Math.random().toString(36).slice(2)}-${name}`)
  writeFileSync(file, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content))
  return file
}

/** A feature of a FeatureCollection. */
export function aFeature(geometry: object | null, properties: object = {}): object {
  return { type: 'Feature', properties, geometry }
}

export function aCollection(...features: object[]): object {
  return { type: 'FeatureCollection', features }
}

/** Imports a file as the command line and the API do. */
export async function importFile(db: Db, cityKey: string, file: string, options: Partial<ImportOptions> & Pick<ImportOptions, 'kind'>, fileName = path.basename(file)): Promise<ImportResult> {
  return runImport(db, await getCity(db, cityKey), file, fileName, ImportOptions.parse(options), { progress: () => {}, signal: new AbortController().signal })
}
