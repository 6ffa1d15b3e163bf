import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRequire } from 'node:module'
import path from 'node:path'
import express, { type Express, type RequestHandler } from 'express'
import type { Logger } from 'pino'
import { installSafety } from '../app.ts'
import { API_PREFIX } from '../contract/endpoint.ts'
import { EVIDENCE_UPLOAD_PATH } from '../contract/evidence.ts'
import { IMPORT_UPLOAD_PATH } from '../contract/imports.ts'
import { AppError } from '../errors.ts'
import { errorHandler, notFound } from '../http/error-handler.ts'
import { CLIENT_FOLDER } from './build-client.ts'
import { listenFailure } from './failures.ts'
import type { StartupProgress } from './progress.ts'

const requireHere = createRequire(import.meta.url)
const HEADERS_WITHIN_MS = 15_000
const REQUEST_WITHIN_MS = 60_000
const UPLOAD_WITHIN_MS = 30 * 60_000
const UPLOAD = new RegExp(`^${API_PREFIX}(${[IMPORT_UPLOAD_PATH, EVIDENCE_UPLOAD_PATH].map((address) => address.replaceAll(/:[a-z]+/g, '[^/]+')).join('|')})$`)
const YEAR_SECONDS = 31_536_000

/** Routes that answer from the first second on, and whatever stands behind them by then. */
export interface Front {
  app: Express
  /** Puts the console in the place of the preparation page. */
  open(console: RequestHandler): void
}

/** The outermost application: safety headers, startup state, then the preparation page or the console. */
export function createFront(progress: StartupProgress, log: Logger, install: (app: Express) => void): Front {
  const app = express()
  installSafety(app)
  install(app)
  app.get(`${API_PREFIX}/startup`, (_request, response) => {
    response.set('Cache-Control', 'no-store').json(progress.state)
  })
  let current: RequestHandler = preparationPage()
  app.use((request, response, next) => current(request, response, next))
  app.use(notFound)
  app.use(errorHandler(log))
  return {
    app,
    open(console) {
      current = console
    },
  }
}

/** Says what is being prepared; the API says that it is not there yet. */
function preparationPage(): RequestHandler {
  const folder = path.join(import.meta.dirname, 'page')
  const router = express.Router()
  // The console's own fonts: a machine may have none for Chinese. Each page takes only the pieces whose characters it shows.
  for (const font of ['inter', 'noto-sans-sc']) router.use(`/startup/${font}`, express.static(path.dirname(requireHere.resolve(`@fontsource-variable/${font}`)), { index: false, setHeaders: noStore }))
  router.use('/startup', express.static(folder, { index: false, cacheControl: false, setHeaders: noStore }))
  router.use([API_PREFIX, '/tiles'], () => {
    throw new AppError('unavailable', 'The console is still starting; try again in a few seconds.')
  })
  router.get('/{*any}', (_request, response) => {
    response.set('Cache-Control', 'no-store').sendFile(path.join(folder, 'index.html'), { cacheControl: false })
  })
  return router
}

function noStore(response: { setHeader(name: string, value: string): void }): void {
  response.setHeader('Cache-Control', 'no-store')
}

/** The API and the built client: hashed assets for ever, the page itself never from a cache, any other address the page. */
export function createConsole(api: Express, clientFolder = CLIENT_FOLDER): RequestHandler {
  const router = express.Router()
  router.use(api)
  router.use('/assets', express.static(path.join(clientFolder, 'assets'), { immutable: true, maxAge: YEAR_SECONDS * 1000, index: false }))
  router.use('/assets', notFound)
  router.use(express.static(clientFolder, { index: false, maxAge: 0 }))
  router.get('/{*any}', (request, response) => {
    // A missing file must not be answered with a page: a script tag would then fail in riddles.
    if (path.extname(request.path) !== '' && !request.accepts('html')) throw new AppError('not_found', `There is nothing at ${request.path}.`)
    response.set('Cache-Control', 'no-cache').sendFile(path.join(clientFolder, 'index.html'), { cacheControl: false })
  })
  return router
}

/**
 * Listens at once.
 * @throws StartupError with a sentence when the port or the address cannot be had.
 */
export async function listen(app: Express, host: string, port: number): Promise<Server> {
  const server = createServer({ headersTimeout: HEADERS_WITHIN_MS, requestTimeout: 0, keepAliveTimeout: 5_000 }, app)
  // Node keeps one limit for all addresses; an upload may take longer than a question.
  server.prependListener('request', limitArrival)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenFailure(error, host, port)))
    server.listen(port, host, resolve)
  })
  return server
}

/** Where an open server is reached: by this process itself, and as a person types it. */
export function addressesOf(server: Server, host: string): { ownUrl: string; shownUrl: string } {
  const { address, port } = server.address() as AddressInfo
  const bracketed = (name: string) => (name.includes(':') ? `[${name}]` : name)
  // A name such as localhost may have become either loopback address; "every address" is asked through the loopback.
  const own = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address
  return { ownUrl: `http://${bracketed(own)}:${port}`, shownUrl: `http://${bracketed(host)}:${port}/` }
}

/** Cuts a caller who sends the body too slowly; the answer may take as long as it likes. */
function limitArrival(request: IncomingMessage): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const within = UPLOAD.test((request.url ?? '').split('?')[0] ?? '') ? UPLOAD_WITHIN_MS : REQUEST_WITHIN_MS
  const timer = setTimeout(() => request.destroy(), within)
  request.once('end', () => clearTimeout(timer))
  request.once('close', () => clearTimeout(timer))
}
