import type { AddressInfo } from 'node:net'
import pino from 'pino'
import { SYSTEM } from '../../server/access/principal.ts'
import { createApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import type { AppContext } from '../../server/context.ts'
import { API_PREFIX, type Endpoint, type Input, type Reply } from '../../server/contract/endpoint.ts'
import type { Problem } from '../../server/contract/errors.ts'
import type { Db } from '../../server/db/db.ts'
import { AppError } from '../../server/errors.ts'
import type { JobHandle, JobKind, JobRunner } from '../../server/jobs/runner.ts'

/** A refusal of the API, as the caller sees it: `code` and `message` of the problem, and the whole of it. */
export class ApiProblem extends Error {
  readonly code: Problem['code']
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title)
    this.code = problem.code
    this.problem = problem
  }
}

export interface TestApi {
  /** `http://127.0.0.1:port` */
  base: string
  context: AppContext
  /** Calls an endpoint as the client does and checks the answer against the contract. @throws ApiProblem */
  call<E extends Endpoint>(endpoint: E, input?: Input<E>): Promise<Reply<E>>
  /** The bare answer, for headers, status and bodies that are not JSON; `address` begins with a slash. */
  fetch(address: string, init?: RequestInit): Promise<Response>
  close(): Promise<void>
}

/** Job runner of a test: work starts at once in this process, without a queue. */
export function aJobRunner(): JobRunner & { /** Resolves when nothing runs any more. */ idle(): Promise<void> } {
  const handlers = new Map<JobKind, (reference: string, handle: JobHandle) => Promise<void>>()
  const running = new Map<string, { controller: AbortController; done: Promise<void> }>()
  const failures: unknown[] = []
  const idle = async () => {
    while (running.size > 0) await Promise.all([...running.values()].map(({ done }) => done))
    if (failures.length > 0) throw failures.shift()
  }
  return {
    async enqueue(kind, reference) {
      const handler = handlers.get(kind)
      if (!handler) return
      const controller = new AbortController()
      const name = `${kind} ${reference}`
      const done = handler(reference, { signal: controller.signal })
        .catch((error: unknown) => void failures.push(error))
        .finally(() => running.delete(name))
      running.set(name, { controller, done })
    },
    async cancel(kind, reference) {
      running.get(`${kind} ${reference}`)?.controller.abort(new AppError('cancelled', 'Cancelled by request.'))
    },
    async handle(kind, handler) {
      handlers.set(kind, handler)
    },
    idle,
    async close() {
      for (const { controller } of running.values()) controller.abort(new AppError('unavailable', 'The server is stopping.'))
      await Promise.all([...running.values()].map(({ done }) => done))
    },
  }
}

/** What the server would be handed at start, for a test: quiet log, test configuration, jobs that run at once, no live hub unless given.
 * Whoever calls may do everything; the header `x-test-actor` (URI-encoded) gives him a name. */
export function aContext(db: Db, parts: Partial<AppContext> = {}): AppContext {
  const identify: AppContext['identify'] = parts.identify ?? (async (request) => ({ ...SYSTEM, name: decodeURIComponent(String(request.headers['x-test-actor'] ?? SYSTEM.name)) }))
  return {
    db,
    config: readConfig({ NODE_ENV: 'test', RATE_LIMIT_PER_MINUTE: '1000000', SECRETS_KEY: '0'.repeat(64) }),
    log: pino({ level: 'silent' }),
    clock: () => new Date(),
    jobs: aJobRunner(),
    live: { close: async () => {} } as AppContext['live'],
    identify,
    doorkeeper: { identify, identifyAgain: (requests) => Promise.all(requests.map(identify)), whoHolds: async () => null, isClosed: async () => false, forget: () => {}, simulatorKey: 'simulator' },
    ...parts,
  }
}

function addressOf<E extends Endpoint>(endpoint: E, input: { params?: Record<string, unknown>; query?: Record<string, unknown> }): string {
  const path = endpoint.path.replace(/:([A-Za-z]+)/g, (_whole, name: string) => encodeURIComponent(String(input.params?.[name])))
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value === undefined || value === null) continue
    query.append(name, Array.isArray(value) ? value.join(',') : String(value))
  }
  const text = query.toString()
  return `${API_PREFIX}${path}${text ? `?${text}` : ''}`
}

/** Serves the application on a free port of this machine, as `createApp` builds it. Close it in `afterAll`. */
export async function openTestApi(context: AppContext): Promise<TestApi> {
  const server = createApp(context).listen(0, '127.0.0.1')
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    base,
    context,
    async call<E extends Endpoint>(endpoint: E, input?: Input<E>): Promise<Reply<E>> {
      const given = (input ?? {}) as { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown }
      const response = await fetch(`${base}${addressOf(endpoint, given)}`, {
        method: endpoint.method,
        ...(endpoint.method === 'GET' ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(given.body ?? {}) }),
      })
      const body: unknown = await response.json()
      if (!response.ok) throw new ApiProblem(body as Problem)
      return endpoint.reply.parse(body) as Reply<E>
    },
    fetch: (address, init) => fetch(`${base}${address}`, init),
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.closeAllConnections()
        server.close((error) => (error ? reject(error) : resolve()))
      }),
  }
}
