import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { checkHost, readConfig } from '../../../server/config.ts'

const ROOT = path.join(import.meta.dirname, '../../..')
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8')

const Service = z.object({
  image: z.string(),
  build: z.string().optional(),
  user: z.string(),
  read_only: z.boolean(),
  tmpfs: z.array(z.string()).min(1),
  environment: z.record(z.string(), z.string()),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()),
  networks: z.array(z.string()),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  healthcheck: z.object({ test: z.array(z.string()).min(2), interval: z.string(), timeout: z.string(), retries: z.number(), start_period: z.string() }),
})
const Compose = z.object({ services: z.object({ database: Service, console: Service }), networks: z.record(z.string(), z.object({ internal: z.boolean().optional() }).nullable()), volumes: z.record(z.string(), z.null()) })

const compose = Compose.parse(parse(read('docker-compose.yml')))
const services = Object.entries(compose.services)

/** Values as compose fills them in: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`. */
function filled(text: string, given: Record<string, string>): string {
  return text.replaceAll(/\$\{(\w+)(?::[-?]([^}]*))?\}/g, (_all, name: string, fallback: string | undefined) => given[name] ?? fallback ?? '')
}

describe('docker compose', () => {
  test.each(services)('%s runs without root, without capabilities, on a read-only root, with a health check', (_name, service) => {
    expect(['root', '0', '']).not.toContain(service.user)
    expect(service.read_only).toBe(true)
    expect(service.cap_drop).toEqual(['ALL'])
    expect(service.security_opt).toContain('no-new-privileges:true')
    expect(service.healthcheck.test[0]).toMatch(/^CMD/)
    for (const volume of service.volumes) expect(compose.volumes).toHaveProperty(volume.split(':')[0] ?? '')
    for (const network of service.networks) expect(compose.networks).toHaveProperty(network)
  })

  test('nothing is published but the console, and that on loopback only', () => {
    expect(compose.services.database.ports).toEqual([])
    expect(compose.networks['inside']?.internal).toBe(true)
    expect(compose.services.database.networks).toEqual(['inside'])
    for (const port of compose.services.console.ports) expect(filled(port, {})).toBe('127.0.0.1:8080:8080')
  })

  test('the console waits for a healthy database with PostGIS, and its environment is one the program takes', () => {
    expect(compose.services.console.depends_on['database']).toEqual({ condition: 'service_healthy' })
    expect(compose.services.database.image).toMatch(/^postgis\/postgis:1[5-9]-3\.[3-9]/)
    const environment = Object.fromEntries(Object.entries(compose.services.console.environment).map(([name, value]) => [name, filled(value, { POSTGRES_PASSWORD: 'secret' })]))
    const config = readConfig(environment)
    expect(config).toMatchObject({ HOST: '0.0.0.0', GUARDED_BY_PROXY: true, PORT: 8080, DATABASE_URL: 'postgres://xiucheng:secret@database:5432/xiucheng' })
    const { GUARDED_BY_PROXY: _without, ...unguarded } = environment
    expect(() => checkHost(readConfig(unguarded), false)).toThrow(/HOST=0\.0\.0\.0/)
  })

  test('no password is written down', () => {
    expect(compose.services.database.environment['POSTGRES_PASSWORD']).toMatch(/^\$\{POSTGRES_PASSWORD:\?/)
  })
})

describe('the image', () => {
  const stages = read('Dockerfile').split(/^FROM /m).slice(1)
  const last = stages.at(-1) ?? ''

  test('is made in stages on Node 24, and runs as an ordinary user that gets the signals', () => {
    expect(stages.length).toBeGreaterThan(1)
    for (const stage of stages) expect(stage).toMatch(/^node:24/)
    expect(last).toMatch(/^USER node$/m)
    expect(last.indexOf('USER node')).toBeGreaterThan(last.lastIndexOf('RUN '))
    expect(last).toMatch(/^CMD \["node", "server\/start\.mjs"\]$/m)
    expect(last).toMatch(/^HEALTHCHECK /m)
  })

  test('copies only files that exist and that the build context lets in', () => {
    const allowed = new Set(read('.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1)))
    const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) => (match[1] ?? '').split(' '))
    expect(copied.length).toBeGreaterThan(5)
    for (const file of copied) {
      expect(allowed).toContain(file)
      expect(existsSync(path.join(ROOT, file)), file).toBe(true)
    }
  })
})
