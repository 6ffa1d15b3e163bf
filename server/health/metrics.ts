import type { IncomingMessage } from 'node:http'
import type { Router } from 'express'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { type Principal, requireGrants } from '../access/principal.ts'
import type { Db } from '../db/db.ts'

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])
const BUCKETS_SECONDS = [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10, 30]

/** What a proxy adds: whoever comes with one of these is not on this machine, wherever the connection comes from. */
const FORWARDED = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip']

function isFromThisMachine(request: IncomingMessage): boolean {
  return LOOPBACK.has(request.socket.remoteAddress ?? '') && FORWARDED.every((name) => request.headers[name] === undefined)
}

/** Figures for Prometheus, given to callers on this machine, and to others with the token of a monitoring service. */
export function metricsRoutes(router: Router, db: () => Db | undefined, identify: (request: IncomingMessage) => Promise<Principal>): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({ name: 'xiucheng_http_request_seconds', help: 'Time to answer, by first part of the address and status class', labelNames: ['area', 'status'], buckets: BUCKETS_SECONDS, registers: [registry] })
  new Gauge({
    name: 'xiucheng_embedded_restarts_total',
    help: 'How often the embedded database was killed and opened again',
    registers: [registry],
    collect() {
      const current = db()
      this.set(current && 'embedded' in current ? (current as unknown as { embedded: { restarts: number } }).embedded.restarts : 0)
    },
  })
  router.use((request, response, next) => {
    const begun = performance.now()
    // A feed stays open for hours; its length says nothing of how fast we answer.
    response.on('finish', () => {
      const area = /^\/(api\/v1\/cities\/[^/]+\/[a-z-]+|api\/v1\/[a-z-]+|tiles|assets)/.exec(request.path)?.[1]?.replace(/cities\/[^/]+/, 'cities/:city') ?? 'page'
      requests.observe({ area, status: `${Math.floor(response.statusCode / 100)}xx` }, (performance.now() - begun) / 1000)
    })
    next()
  })
  router.get('/metrics', async (request, response, next) => {
    if (!isFromThisMachine(request)) {
      const principal = await identify(request)
      // To strangers there is nothing here.
      if (principal.kind === 'visitor') {
        next()
        return
      }
      requireGrants(principal, 'metrics.read')
    }
    response.set('Cache-Control', 'no-store').type(registry.contentType).send(await registry.metrics())
  })
}
