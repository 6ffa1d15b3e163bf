import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMMANDS } from '../../../server/cli/registry.ts'
import { aDataFolder } from '../../helpers/data-folder.ts'
import { runCli, type Running, startServer } from '../../helpers/program.ts'

let dataFolder = ''
let files = ''
beforeAll(async () => {
  dataFolder = await aDataFolder()
  files = mkdtempSync(path.join(os.tmpdir(), 'xiucheng-cli-'))
}, 120_000)
afterAll(() => {
  for (const folder of [dataFolder, files]) rmSync(folder, { recursive: true, force: true })
})

const cli = (...args: string[]) => runCli(args, { DATA_DIR: dataFolder })

/** With --json standard output is one JSON document and nothing else. */
function json(out: string): Record<string, unknown> {
  expect(out.trimEnd().split('\n')).toHaveLength(1)
  return JSON.parse(out) as Record<string, unknown>
}

describe('beside a running server', () => {
  let server: Running
  let address = ''
  beforeAll(async () => {
    server = startServer({ DATA_DIR: dataFolder })
    address = (await server.says(/is ready: (\S+)/))[1] ?? ''
  }, 120_000)
  afterAll(async () => {
    server.child.kill('SIGTERM')
    await server.ended
  })

  test('makes cities with the measuring system asked for, or one that waits for the first data', async () => {
    const taipei = await cli('city', 'create', 'taipei', '--name-zh', '台北', '--name-en', 'Taipei', '--measure-crs', 'EPSG:3826', '--time-zone', 'Asia/Taipei', '--json')
    expect(json(taipei.out)).toMatchObject({ key: 'taipei', measureSrid: 3826, measureName: 'TWD97 / TM2 zone 121', measureFrom: 'hand', timeZone: 'Asia/Taipei' })
    const waiting = await cli('city', 'create', 'new', '--name-zh', '新', '--name-en', 'New', '--json')
    expect(json(waiting.out)).toMatchObject({ measureFrom: 'unsettled' })
    for (const [crs, why] of [['EPSG:4326', /counts in degrees/], ['EPSG:3857', /metres are not true/], ['EPSG:2263', /not count in metres/], ['EPSG:999999', /not known/]] as const) {
      const refused = await cli('city', 'create', 'bad', '--name-zh', '坏', '--name-en', 'Bad', '--measure-crs', crs)
      expect(refused.code).toBe(1)
      expect(refused.error).toMatch(why)
    }
    expect((await cli('city', 'create', 'taipei', '--name-zh', '台北', '--name-en', 'Taipei')).error).toContain('There is a city "taipei" already')
  }, 120_000)

  test('remembers the city of `city use` for commands that name none', async () => {
    expect((await cli('catalogue')).code).toBe(2)
    expect((await cli('city', 'use', 'taipei')).code).toBe(0)
    expect(json((await cli('catalogue', '--json')).out)).toEqual({ city: 'taipei', layers: [] })
  })

  test('commands are done by the server that holds the database, with the same answers and exit codes', async () => {
    expect(json((await cli('city', 'show', 'taipei', '--json')).out)).toMatchObject({ measureSrid: 3826 })
    expect((await cli('city', 'show', 'atlantis')).code).toBe(1)
    expect((await cli('city', 'dance')).code).toBe(2)
    const file = path.join(files, 'beside.gz')
    expect(json((await cli('backup', file, '--json')).out)).toMatchObject({ file, readBack: true })
  })

  test('an import that takes nothing still tells in JSON what it read and refused', async () => {
    const file = path.join(files, 'toilets.csv')
    writeFileSync(file, 'name,lon,lat\n甲,121.5,25\n乙,121.5,95\n')
    const words = ['import', file, '--city', 'taipei', '--as', 'facilities', '--map', 'class==toilet']
    const failed = await cli(...words, '--json')
    expect(failed.code).toBe(1)
    expect(json(failed.out)).toMatchObject({ error: { code: 'bad_request' }, read: 2, taken: 0, refused: 1, issues: [{ row: 2, severity: 'refused', code: 'coordinates_out_of_range' }] })
    expect((await cli(...words, '--crs', 'wgs84')).error).toContain('--crs: takes EPSG:n')
  })

  test('a failure speaks of options and files, not of what lies behind them', async () => {
    const rule = await cli('analyse', 'coverage', '--city', 'taipei', '--rule', 'NOPE')
    expect(rule.code).toBe(1)
    expect(rule.error).toMatch(/no service rule "NOPE"/)
    expect(rule.error).not.toContain('body.')
    const folder = await cli('export', '--city', 'taipei', '--kind', 'parts', '--format', 'csv', '--out', path.join(files, 'none', 'parts.csv'))
    expect(folder.error).toMatch(/parts\.csv cannot be written: there is no such folder\.\n$/)
    const table = await cli('export', '--city', 'taipei', '--kind', 'parts', '--format', 'csv', '--crs', 'EPSG:3826', '--out', path.join(files, 'parts.csv'))
    expect(table).toMatchObject({ code: 1, error: expect.stringMatching(/A table holds longitude and latitude; write EPSG:3826 as gpkg/) as string })
  })

  test('its key lies in the data folder, for this user only, and a caller without it is told that there is nothing', async () => {
    expect(statSync(path.join(dataFolder, 'command-line.json')).mode & 0o777).toBe(0o600)
    const body = JSON.stringify({ command: 'city', args: ['list'], workingDirectory: '/' })
    for (const authorization of ['', 'Bearer guessed']) {
      const response = await fetch(new URL('/api/v1/command-line', address), { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: authorization }, body })
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({ code: 'not_found' })
    }
  })

  test('the key is gone when the server has stopped', async () => {
    server.child.kill('SIGTERM')
    expect((await server.ended).code).toBe(0)
    expect(existsSync(path.join(dataFolder, 'command-line.json'))).toBe(false)
    expect((await cli('city', 'list')).out).toContain('taipei')
  })
})

describe('alone', () => {
  test('lists every verb, and tells the options of each', async () => {
    const help = await cli('help')
    expect(help.code).toBe(0)
    for (const verb of ['city', 'import', 'analyse', 'export', 'catalogue', 'evidence', 'calendar', 'backup', 'restore', 'migrate']) expect(help.out).toMatch(new RegExp(`^  ${verb} `, 'm'))
    expect((await cli('help', 'restore')).out).toContain('restore FILE')
    expect(json((await cli('help', '--json')).out)['commands']).toHaveLength(COMMANDS.length)
  })

  test('a wrong option shows the options of what was meant, and no others', async () => {
    for (const [words, meant, others] of [
      [['gaps', '--nonsense'], 'analyse gaps --city ID [--layer NAME]', 'analyse coverage --city ID ('],
      [['supply', '--city', 'demo', '--nonsense'], 'analyse supply --city', 'analyse reach --edges'],
      [['reach', '--nonsense'], 'analyse reach --edges FILE', 'analyse gaps'],
      [['indicators', '--city', 'demo', '--sheet', '--nonsense'], 'analyse indicators --sheet', 'analyse mends'],
    ] as const) {
      const { code, error } = await cli('analyse', ...words)
      expect([code, error.includes('--nonsense'), error.includes(meant), error.includes(others)]).toEqual([2, true, true, false])
    }
    expect((await cli('help', 'analyse', 'mends')).out).not.toContain('analyse gaps')
    expect((await cli('help', 'analyse')).out).toContain('analyse gaps')
  })

  test('answers wrong words with a sentence, the usage and exit code 2', async () => {
    const unknown = await cli('dance')
    expect(unknown).toMatchObject({ code: 2, out: '' })
    expect(unknown.error).toContain('There is no command "dance"')
    const wrong = await cli('city', 'create', '--colour', 'red', '--json')
    expect(wrong.code).toBe(2)
    expect(json(wrong.out)['error']).toMatchObject({ code: 'usage' })
    expect(wrong.error).toContain('city create KEY')
  })

  test('answers a failure with a sentence and exit code 1, a wrong environment too', async () => {
    const missing = await cli('city', 'show', 'atlantis', '--json')
    expect(missing.code).toBe(1)
    expect(json(missing.out)).toEqual({ error: { code: 'not_found', message: '这里没有城市“atlantis”。There is no city "atlantis" here.' } })
    const wrong = await runCli(['city', 'list'], { DATA_DIR: dataFolder, PORT: 'many' })
    expect(wrong.code).toBe(1)
    expect(wrong.error).toMatch(/PORT: takes a whole number from 0 to 65535 \(got "many"\)/)
    expect(wrong.error).not.toMatch(/^\s+at /m)
  })

  test('backs up, and restores into an empty folder only', async () => {
    const file = path.join(files, 'all.gz')
    const backup = json((await cli('backup', file, '--json')).out)
    expect(backup).toMatchObject({ file, readBack: true })
    const again = await cli('restore', file, '--json')
    expect(again.code).toBe(1)
    expect(json(again.out)['error']).toMatchObject({ code: 'conflict' })
    const fresh = await aDataFolder(files)
    const restored = await runCli(['restore', file, '--json'], { DATA_DIR: fresh })
    expect(json(restored.out)).toMatchObject({ verified: true, rows: backup['rows'] })
    expect(json((await runCli(['city', 'show', 'taipei', '--json'], { DATA_DIR: fresh })).out)).toMatchObject({ measureSrid: 3826 })
  }, 240_000)
})
