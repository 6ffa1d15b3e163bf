/** A console of its own over two real cities of the trial data, taken in by the command line beside the running server as an operator would. */
import { execFile } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { type Console, ROOT, startConsole } from './console.ts'

const run = promisify(execFile)

/** What is taken of a city: file, kind, and further words of `import`. */
type Imports = readonly (readonly [file: string, kind: string, ...words: string[]])[]

const HELSINKI: Imports = [
  ['Helsinki.osm.pbf', 'openstreetmap'],
  ['population_grid_2020.gpkg', 'population_cells'],
]
/** No streets and no residential land come with Taipei. */
const TAIPEI: Imports = [
  ['boundaries/taipei_town.geojson', 'administrative_areas', '--map', 'level==county', '--map', 'code=CPTID'],
  ['boundaries/taipei_village.geojson', 'administrative_areas', '--map', 'level==community', '--map', 'code=CPTVID'],
  ['population/taipei_village_population_2021-03.csv', 'population_table', '--join', '區域+村里=taipei_village.FULL'],
  ['green/urban_green_land.geojson', 'green_spaces', '--title-zh', '都市绿地', '--title-en', 'Urban green land', '--owner', '臺北市政府', '--data-date', '2024-01-01'],
  ['green/permeable_park.geojson', 'green_spaces', '--title-zh', '透水铺面公园', '--title-en', 'Permeable parks', '--owner', '臺北市政府', '--data-date', '2024-01-01'],
  ['population/tp_fet_work_live.geojson', 'population_cells', '--map', 'population=pop_live', '--data-date', '2020-06-30'],
  ['facilities/public_wc.geojson', 'facilities', '--map', 'class==toilet'],
  ['incidents/dispatchingpoint.geojson', 'incidents', '--map', 'scheme==TAIPEI-1999', '--map', 'source==hotline_12345'],
]

/** E2E_REAL_ORIGIN names a console that has both already. @param trial folder of the trial data */
export async function openRealCities(trial: string): Promise<Console> {
  const origin = process.env['E2E_REAL_ORIGIN']
  if (origin) return { origin, output: () => '', stop: async () => {} }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'xiucheng-e2e-real-'))
  const real = await startConsole({ folder, environment: { DEMO: 'none' } })
  const { DATABASE_URL: _database, ...inherited } = process.env
  const cli = (...words: string[]) => run(process.execPath, ['server/cli.mjs', ...words], { cwd: ROOT, env: { ...inherited, DATA_DIR: folder, LOG_LEVEL: 'warn' } })
  try {
    await cli('city', 'create', 'helsinki', '--name-zh', '赫尔辛基', '--name-en', 'Helsinki', '--measure-crs', 'EPSG:3067')
    for (const [file, kind, ...words] of HELSINKI) await cli('import', path.join(trial, 'helsinki', file), '--city', 'helsinki', '--as', kind, ...words)
    await cli('city', 'create', 'taipei', '--name-zh', '台北市', '--name-en', 'Taipei', '--measure-crs', 'EPSG:3826', '--time-zone', 'Asia/Taipei')
    for (const [file, kind, ...words] of TAIPEI) await cli('import', path.join(trial, 'taipei', file), '--city', 'taipei', '--as', kind, ...words)
    return real
  } catch (error) {
    await real.stop()
    throw error
  }
}
