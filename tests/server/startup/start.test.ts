import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engineFolder, readManifest, writeManifest } from '../../../server/db/data-folder-manifest.ts'
import { aDataFolder, templateFolder } from '../../helpers/data-folder.ts'
import { type Finished, runProgram, type Running, startServer } from '../../helpers/program.ts'

let scratch = ''
beforeAll(async () => {
  scratch = mkdtempSync(path.join(os.tmpdir(), 'xiucheng-start-'))
  // Made here where nothing has made it yet, so that no test's own time goes into it.
  await templateFolder()
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** A clear sentence, not a stack trace, and an honest exit code. */
function expectSentence(finished: Finished, sentence: RegExp): void {
  expect(finished.error).toMatch(sentence)
  expect(finished.error).not.toMatch(/^\s+at .*\(?(file:|node:|\/)/m)
  expect(finished.code).toBe(1)
}

describe('a start that cannot succeed ends with a sentence', () => {
  const start = (environment: Record<string, string>) => startServer({ DATA_DIR: path.join(scratch, 'data'), ...environment }).ended

  test('when the port is taken', async () => {
    const other = net.createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as net.AddressInfo
    expectSentence(await start({ PORT: String(port) }), new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is taken`))
    await new Promise((resolve) => other.close(resolve))
  })

  test('when the data folder cannot be written', async () => {
    const shut = path.join(scratch, 'shut')
    mkdirSync(shut, { mode: 0o500 })
    // Rights do not bind root; the kernel's own folder does.
    expectSentence(await start({ DATA_DIR: process.getuid?.() === 0 ? '/sys/xiucheng' : shut }), /data folder .* cannot be written \(E[A-Z]+\)/)
  })

  test('when DATA_DIR leads to a file', async () => {
    const file = path.join(scratch, 'not-a-folder')
    writeFileSync(file, '')
    for (const folder of [file, path.join(file, 'data')]) expectSentence(await start({ DATA_DIR: folder }), /DATA_DIR=.* leads to a file, or through one/)
  })

  test('when an environment variable is wrong, naming it', async () => {
    expectSentence(await start({ PORT: 'eighty' }), /PORT: takes a whole number from 0 to 65535 \(got "eighty"\)/)
    expectSentence(await start({ DEMO: 'maybe', GUARDED_BY_PROXY: 'perhaps' }), /GUARDED_BY_PROXY: takes true or false.*DEMO: takes one of on, none/s)
    const wrong = await start({ DATABASE_URL: 'mysql://someone:geheim@x' })
    expectSentence(wrong, /DATABASE_URL: must start with postgres:.*got "mysql:\/\/…@x"/)
    expect(wrong.error).not.toContain('geheim')
  })

  test('when HOST would open it to others and nothing guards it', async () => {
    expectSentence(await start({ HOST: '0.0.0.0' }), /HOST=0\.0\.0\.0 would open the console to others/)
  })

  test('when the PostgreSQL server cannot be reached, without showing the password', async () => {
    const finished = await start({ DATABASE_URL: 'postgres://someone:geheim@127.0.0.1:9/city' })
    expectSentence(finished, /database server at 127\.0\.0\.1:9\/city cannot be reached/)
    expect(finished.error).not.toContain('geheim')
  })

  test('when Node is too old', async () => {
    for (const file of ['server/start.mjs', 'server/cli.mjs']) {
      const old = `data:text/javascript,${encodeURIComponent("Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.4' } })")}`
      expectSentence(await runProgram(['--import', old, file]).ended, /Node\.js 20\.19.*18\.20\.4/s)
    }
  })

  test('when the files of the database are damaged, and they are left as they are', async () => {
    const folder = await aDataFolder(scratch)
    const control = path.join(engineFolder(folder).postgresData, 'global', 'pg_control')
    writeFileSync(control, 'no control file')
    expectSentence(await start({ DATA_DIR: folder }), /does not open: its files may be damaged.*Restore a backup/)
    expect(readFileSync(control, 'utf8')).toBe('no control file')
  })

  test('when the database is newer than the program, and the database is left as it is', async () => {
    const folder = await aDataFolder(scratch)
    const own = engineFolder(folder)
    const manifest = readManifest(own, 100_000)
    if (!manifest) throw new Error('the template has no manifest')
    writeManifest(own, { ...manifest, schemaVersion: 9999 })
    expectSentence(await start({ DATA_DIR: folder }), /newer than this program/)
    expect(JSON.parse(readFileSync(own.manifestFile, 'utf8'))).toMatchObject({ schemaVersion: 9999 })
  })
})

describe('a running server', () => {
  let folder = ''
  let server: Running
  let address = ''
  beforeAll(async () => {
    folder = await aDataFolder(scratch)
    server = startServer({ DATA_DIR: folder })
    address = (await server.says(/is ready: (\S+)/))[1] ?? ''
  }, 120_000)

  test('is alive and ready, and tells neither more', async () => {
    for (const probe of ['livez', 'readyz']) {
      const response = await fetch(new URL(probe, address))
      expect({ status: response.status, body: await response.text() }).toEqual({ status: 200, body: 'ok\n' })
    }
  })

  test('gives its figures to this machine and its API as OpenAPI', async () => {
    expect(await (await fetch(new URL('metrics', address))).text()).toContain('xiucheng_http_request_seconds')
    const openApi = (await (await fetch(new URL('openapi.json', address))).json()) as { openapi: string; paths: Record<string, unknown> }
    expect(openApi.openapi).toBe('3.1.0')
    expect(Object.keys(openApi.paths)).toContain('/api/v1/cities/{city}/incidents')
  })

  test('takes no change from a page of another site', async () => {
    const form = new FormData()
    form.set('file', new Blob(['{"type":"FeatureCollection","features":[]}']), 'parks.geojson')
    const response = await fetch(new URL('api/v1/cities/demo/imports', address), { method: 'POST', body: form, headers: { Origin: 'https://elsewhere.example' } })
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ code: 'forbidden' })
  })

  test('answers any other request with a problem, never with a page of the framework', async () => {
    const response = await fetch(address, { method: 'PUT' })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'not_found' })
  })

  test('keeps a second one off its data folder, which names the first and ends within seconds', async () => {
    const second = await startServer({ DATA_DIR: folder }).ended
    expectSentence(second, new RegExp(`in use by process ${server.child.pid} `))
    expect((await fetch(new URL('readyz', address))).status).toBe(200)
  })

  test('stops cleanly on SIGTERM: exit code 0, the manifest says so, the lock is gone', async () => {
    const begun = performance.now()
    server.child.kill('SIGTERM')
    expect((await server.ended).code).toBe(0)
    expect(performance.now() - begun).toBeLessThan(15_000)
    const manifest = JSON.parse(readFileSync(engineFolder(folder).manifestFile, 'utf8')) as { lastCleanShutdown: string | null }
    expect(manifest.lastCleanShutdown).not.toBeNull()
  })
})
