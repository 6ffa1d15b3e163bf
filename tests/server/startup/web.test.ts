import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import express from 'express'
import { pino } from 'pino'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { Startup } from '../../../server/contract/cities.ts'
import { addressesOf, createConsole, createFront, type Front, listen } from '../../../server/startup/web.ts'
import { StartupProgress } from '../../../server/startup/progress.ts'
import { closeServer, runSteps } from '../../../server/startup/shutdown.ts'

const log = pino({ level: 'silent' })
const open: Server[] = []
const clientFolder = mkdtempSync(path.join(os.tmpdir(), 'xiucheng-client-'))
mkdirSync(path.join(clientFolder, 'assets'))
writeFileSync(path.join(clientFolder, 'index.html'), '<!doctype html><title>the console</title>')
writeFileSync(path.join(clientFolder, 'assets', 'index-abc.js'), 'export {}')
afterEach(async () => {
  for (const server of open.splice(0)) if (server.listening) await closeServer(server, 100)
})
afterAll(() => rmSync(clientFolder, { recursive: true, force: true }))

async function serveFront(): Promise<{ address: string; front: Front; progress: StartupProgress; server: Server }> {
  const progress = new StartupProgress()
  const front = createFront(progress, log, () => {})
  const server = await listen(front.app, '127.0.0.1', 0)
  open.push(server)
  return { address: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`, front, progress, server }
}

describe('while the console is being prepared', () => {
  test('any address shows the preparation page, Chinese first, with nothing from another host and no inline script', async () => {
    const { address } = await serveFront()
    const response = await fetch(`${address}/some/deep/link?theme=day`)
    const page = await response.text()
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(page).toContain('正在准备')
    expect(page.indexOf('正在准备')).toBeLessThan(page.indexOf('Getting ready'))
    expect(page).not.toMatch(/https?:\/\//)
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/)
    for (const asset of ['page.css', 'page.js', 'noto-sans-sc/index.css', 'inter/index.css']) expect((await fetch(`${address}/startup/${asset}`)).status).toBe(200)
  })

  test('the progress is told by the contract, stage by stage', async () => {
    const { address, progress } = await serveFront()
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const stage = progress.run('demo', async (tell) => {
      tell(40, '道路')
      await held
    })
    const told = Startup.parse(await (await fetch(`${address}/api/v1/startup`)).json())
    expect(told.ready).toBe(false)
    expect(told.stages.find((one) => one.key === 'demo')).toMatchObject({ state: 'running', percent: 40, detail: '道路', labelZh: '生成示例城市' })
    release()
    await stage
    progress.finish()
    expect(Startup.parse(await (await fetch(`${address}/api/v1/startup`)).json())).toMatchObject({ ready: true })
  })

  test('the API answers that it is not there yet (unavailable), with a time to come back', async () => {
    const { address } = await serveFront()
    const response = await fetch(`${address}/api/v1/cities`)
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
    expect(await response.json()).toMatchObject({ code: 'unavailable' })
  })

  test('a failed stage is told as failed', async () => {
    const progress = new StartupProgress()
    await expect(progress.run('migrate', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    progress.fail('The database is newer.')
    expect(progress.state).toMatchObject({ ready: false, error: 'The database is newer.' })
    expect(progress.state.stages.find((stage) => stage.key === 'migrate')?.state).toBe('failed')
  })
})

describe('once the console is open', () => {
  const serveConsole = async () => {
    const served = await serveFront()
    const api = express()
    api.get('/api/v1/hello', (_request, response) => void response.json({ hello: 1 }))
    served.front.open(createConsole(api, clientFolder))
    return served
  }

  test('hashed assets may be kept for ever, the page never, and any link leads to the page', async () => {
    const { address } = await serveConsole()
    const asset = await fetch(`${address}/assets/index-abc.js`)
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    for (const link of ['/', '/demo/incidents', '/index.html']) {
      const page = await fetch(address + link, { headers: { Accept: 'text/html' } })
      expect(await page.text()).toContain('the console')
      expect(page.headers.get('cache-control')).toMatch(/^(no-cache|public, max-age=0)$/)
    }
    expect(await (await fetch(`${address}/api/v1/hello`)).json()).toEqual({ hello: 1 })
  })

  test('a script that is not there is a 404, not a page', async () => {
    const { address } = await serveConsole()
    expect((await fetch(`${address}/assets/gone-1.js`)).status).toBe(404)
    expect((await fetch(`${address}/gone.js`, { headers: { Accept: 'text/javascript' } })).status).toBe(404)
  })
})

describe('closing', () => {
  test('waits for an answer in flight, and lets idle connections go', async () => {
    const app = express()
    let answer = () => {}
    const arrived = new Promise<void>((resolve) => {
      app.get('/slow', (_request, response) => {
        answer = () => void response.send('done')
        resolve()
      })
    })
    const server = await listen(app, '127.0.0.1', 0)
    const slow = fetch(`http://127.0.0.1:${(server.address() as net.AddressInfo).port}/slow`).then((response) => response.text())
    await arrived
    const closing = closeServer(server)
    answer()
    expect(await slow).toBe('done')
    await closing
    expect(server.listening).toBe(false)
  })

  test('cuts an answer that does not end in time', async () => {
    const app = express()
    const arrived = new Promise<void>((resolve) => app.get('/never', () => resolve()))
    const server = await listen(app, '127.0.0.1', 0)
    const never = fetch(`http://127.0.0.1:${(server.address() as net.AddressInfo).port}/never`).catch((error: Error) => error.name)
    await arrived
    await closeServer(server, 50)
    expect(await never).toBe('TypeError')
  })

  test('goes on with the next step when one fails, and says that it was not clean', async () => {
    const done: string[] = []
    const failed: string[] = []
    const well = await runSteps(
      [
        { name: 'one', run: () => void done.push('one') },
        { name: 'two', run: () => Promise.reject(new Error('stuck')) },
        { name: 'three', run: () => void done.push('three') },
      ],
      (name) => failed.push(name),
    )
    expect({ well, done, failed }).toEqual({ well: false, done: ['one', 'three'], failed: ['two'] })
  })
})

test('a caller who never finishes its headers is cut within the header limit', async () => {
  const { server } = await serveFront()
  expect(server.headersTimeout).toBe(15_000)
})

test.each(['localhost', '127.0.0.2', '0.0.0.0'])('a server at %s is reached at the address it tells its own programs', async (host) => {
  const app = express()
  app.get('/', (_request, response) => void response.send('here'))
  const server = await listen(app, host, 0)
  open.push(server)
  const { ownUrl, shownUrl } = addressesOf(server, host)
  expect(await (await fetch(ownUrl)).text()).toBe('here')
  expect(shownUrl).toContain(`//${host}:`)
})
