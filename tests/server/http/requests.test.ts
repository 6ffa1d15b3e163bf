import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import express from 'express'
import iconv from 'iconv-lite'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { errorHandler, notFound } from '../../../server/http/error-handler.ts'
import { ownPagesOnly } from '../../../server/http/own-pages.ts'

const logged: { requestId?: string; msg: string }[] = []
const servers: http.Server[] = []

async function serveWith(config: Parameters<typeof ownPagesOnly>[0]): Promise<number> {
  const app = express()
  app.use(ownPagesOnly(config))
  app.use(express.json({ limit: '1kb' }))
  app.get('/things/:name', (request, response) => void response.json({ name: request.params.name }))
  app.get('/broken', () => {
    throw new Error('a fault of ours, with a secret')
  })
  app.get('/file', (_request, response) => response.sendFile('/no/such/file'))
  app.post('/things', (_request, response) => void response.json({ received: true }))
  app.use('/api', notFound)
  app.use(errorHandler(pino({ base: null }, { write: (line: string) => void logged.push(JSON.parse(line) as (typeof logged)[number]) })))
  const server = app.listen(0, '127.0.0.1')
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  return (server.address() as AddressInfo).port
}

interface Answer {
  status: number
  body: Record<string, unknown>
}

/** With headers that `fetch` would not let through. */
function ask(port: number, method: string, path: string, headers: Record<string, string> = {}, body: string | Buffer = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Record<string, unknown> }))
    })
    request.on('error', reject)
    request.end(body)
  })
}

afterAll(() => {
  for (const server of servers) server.close()
})

describe('a request that cannot be read is the caller’s fault, in a sentence', () => {
  let port = 0
  beforeAll(async () => {
    port = await serveWith({ GUARDED_BY_PROXY: false, PUBLIC_BASE_URL: undefined })
  })
  const JSON_TYPE = { 'Content-Type': 'application/json' }

  test.each([
    ['an address with half a character', 'GET', '/things/%E0%A4%A', {}, '', 400, /holds a %/],
    ['a body that is no JSON', 'POST', '/things', JSON_TYPE, '{', 400, /not valid JSON/],
    ['a body in an unknown packing', 'POST', '/things', { ...JSON_TYPE, 'Content-Encoding': 'rot13' }, '{}', 400, /packed in a way/],
    ['a body that is not the gzip it says', 'POST', '/things', { ...JSON_TYPE, 'Content-Encoding': 'gzip' }, '{}', 400, /damaged or was cut short/],
    ['a body whose packing ends too soon', 'POST', '/things', { ...JSON_TYPE, 'Content-Encoding': 'gzip' }, gzipSync('{}').subarray(0, 12), 400, /damaged or was cut short/],
    ['a body packed by brotli, damaged', 'POST', '/things', { ...JSON_TYPE, 'Content-Encoding': 'br' }, '{}abc', 400, /damaged or was cut short/],
    ['a body in an unknown alphabet', 'POST', '/things', { 'Content-Type': 'application/json; charset=klingon' }, '{}', 400, /not in UTF-8/],
    ['a body that is too large', 'POST', '/things', JSON_TYPE, JSON.stringify('x'.repeat(2000)), 413, /larger than allowed/],
    ['an address that is not there, told whole', 'DELETE', '/api/v1/cities/demo?x=1', {}, '', 404, /nothing at DELETE \/api\/v1\/cities\/demo\.$/],
  ])('%s', async (_what, method, path, headers, body, status, sentence) => {
    const before = logged.length
    const answer = await ask(port, method, path, headers as Record<string, string>, body)
    expect(answer.status).toBe(status)
    expect(answer.body['detail']).toMatch(sentence)
    expect(logged.length).toBe(before)
  })

  test.each(['/broken', '/file'])('a fault of ours at %s answers an id, tells nothing, and is logged once under that id', async (path) => {
    const before = logged.length
    const { status, body } = await ask(port, 'GET', path)
    expect(status).toBe(500)
    expect(JSON.stringify(body)).not.toMatch(/secret|no\/such/)
    expect(logged.slice(before)).toMatchObject([{ requestId: body['requestId'], msg: 'unexpected error' }])
  })

  test('a body that we cannot read through a fault of ours is not blamed on the caller, and can be read when the fault is gone', async () => {
    const before = logged.length
    // What the body's reader meets when packages are replaced under a running program.
    const missing = vi.spyOn(iconv, 'getDecoder').mockImplementationOnce(() => {
      throw Object.assign(new Error("Cannot find module './internal'"), { code: 'MODULE_NOT_FOUND' })
    })
    const { status, body } = await ask(port, 'POST', '/things', JSON_TYPE, '{}')
    missing.mockRestore()
    expect([status, body['code']]).toEqual([500, 'internal'])
    expect(logged.slice(before)).toMatchObject([{ requestId: body['requestId'], msg: 'unexpected error' }])
    expect((await ask(port, 'POST', '/things', JSON_TYPE, '{}')).status).toBe(200)
  })
})

describe('the pages of other sites', () => {
  const OTHER = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://elsewhere.example' }
  const post = (port: number, headers: Record<string, string>) => ask(port, 'POST', '/things', { 'Content-Type': 'text/plain', ...headers }, '{}').then((answer) => answer.status)

  test('change nothing here; our own pages and programs do', async () => {
    const port = await serveWith({ GUARDED_BY_PROXY: false, PUBLIC_BASE_URL: undefined })
    expect(await post(port, OTHER)).toBe(403)
    expect(await post(port, { 'Sec-Fetch-Site': 'same-site' })).toBe(403)
    // A browser that tells no more than the origin.
    expect(await post(port, { Origin: 'https://elsewhere.example' })).toBe(403)
    expect(await post(port, { Origin: 'null' })).toBe(403)
    expect(await post(port, { Origin: `http://127.0.0.1:${port}` })).toBe(200)
    expect(await post(port, { 'Sec-Fetch-Site': 'same-origin', Origin: `http://127.0.0.1:${port}` })).toBe(200)
    expect(await post(port, {})).toBe(200)
    // A link from elsewhere may lead here.
    expect((await ask(port, 'GET', '/things/a', OTHER)).status).toBe(200)
  })

  test('open nothing by making a name of theirs point to this machine', async () => {
    const port = await serveWith({ GUARDED_BY_PROXY: false, PUBLIC_BASE_URL: undefined })
    const rebound = await ask(port, 'GET', '/things/a', { Host: 'elsewhere.example' })
    expect(rebound).toMatchObject({ status: 403, body: { code: 'forbidden', detail: expect.stringMatching(/name elsewhere\.example.*PUBLIC_BASE_URL/) as string } })
    for (const host of ['localhost', `127.0.0.1:${port}`, '127.0.0.2', '[::1]:8080', 'console.localhost:1']) expect((await ask(port, 'GET', '/things/a', { Host: host })).status).toBe(200)
  })

  test('behind a proxy, or with a public address, the console is used under that name', async () => {
    const guarded = await serveWith({ GUARDED_BY_PROXY: true, PUBLIC_BASE_URL: undefined })
    expect(await post(guarded, { Host: 'city.example', Origin: 'https://city.example' })).toBe(200)
    expect(await post(guarded, { Host: '10.0.0.1:8080', 'X-Forwarded-Host': 'city.example', Origin: 'https://city.example' })).toBe(200)
    expect(await post(guarded, { Host: 'city.example', ...OTHER })).toBe(403)
    const named = await serveWith({ GUARDED_BY_PROXY: false, PUBLIC_BASE_URL: 'https://city.example/console/' })
    expect(await post(named, { Host: 'city.example', Origin: 'https://city.example' })).toBe(200)
    expect(await post(named, { Host: 'other.example' })).toBe(403)
  })
})
