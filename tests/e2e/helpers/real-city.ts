/** A console of its own over a real city: the pieces of Helsinki in the trial data, taken in by the command line as an operator would. */
import { execFile } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { type Console, ROOT, startConsole } from './console.ts'

const run = promisify(execFile)

/** E2E_REAL_ORIGIN names a console that has it already. @param trial folder of the trial data */
export async function openHelsinki(trial: string): Promise<Console> {
  const origin = process.env['E2E_REAL_ORIGIN']
  if (origin) return { origin, output: () => '', stop: async () => {} }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'xiucheng-e2e-real-'))
  const { DATABASE_URL: _database, ...inherited } = process.env
  const cli = async (...words: string[]) => run(process.execPath, ['server/cli.mjs', ...words], { cwd: ROOT, env: { ...inherited, DATA_DIR: folder, LOG_LEVEL: 'warn' } })
  const file = (name: string) => path.join(trial, 'helsinki', name)
  await cli('city', 'create', 'helsinki', '--name-zh', '赫尔辛基', '--name-en', 'Helsinki', '--measure-crs', 'EPSG:3067')
  await cli('import', file('Helsinki.osm.pbf'), '--city', 'helsinki', '--as', 'openstreetmap')
  await cli('import', file('population_grid_2020.gpkg'), '--city', 'helsinki', '--as', 'population_cells')
  return startConsole({ folder, environment: { DEMO: 'none' } })
}
