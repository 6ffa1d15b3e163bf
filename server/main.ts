/** The start, from an environment to an open console; and the stop, in the opposite order. */
import { existsSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import express from 'express'
import { pino } from 'pino'
import { prepareDemoPeople } from './accounts/demo.ts'
import { prepareDemoDispatch } from './dispatch/demo.ts'
import { hasRealAccounts } from './accounts/session-queries.ts'
import { sealStoredSecrets } from './accounts/sealed-secrets.ts'
import { createApp } from './app.ts'
import { commandLineRoutes, openCommandLineAccess } from './cli/remote-server.ts'
import { checkHost, readConfig } from './config.ts'
import type { Db } from './db/db.ts'
import { engineFolder, makeDataDirectory } from './db/data-folder-manifest.ts'
import { openDatabase } from './db/open.ts'
import { prepareDatabase } from './db/prepare.ts'
import { AppError } from './errors.ts'
import { healthRoutes } from './health/health.ts'
import { metricsRoutes } from './health/metrics.ts'
import { openApiRoutes } from './health/openapi.ts'
import { ownPagesOnly } from './http/own-pages.ts'
import { buildClient, isClientCurrent } from './startup/build-client.ts'
import { prepareDemoCity } from './startup/demo.ts'
import { sentenceOf } from './startup/failures.ts'
import { StartupProgress } from './startup/progress.ts'
import { startClockWatch } from './incidents/clock-watch.ts'
import { startJobs } from './jobs/handlers.ts'
import type { Periodic } from './jobs/periodic.ts'
import { sweepAtStart } from './startup/evidence.ts'
import { type Services, startServices, syncReference } from './startup/services.ts'
import { closeServer, runSteps } from './startup/shutdown.ts'
import { startDemoSimulator } from './startup/simulator.ts'
import { openTerminal } from './startup/terminal.ts'
import { addressesOf, createConsole, createFront, listen } from './startup/web.ts'

const EXIT_WITHIN_MS = 15_000

/** Starts the console and answers when it is open. Ends the process with a sentence when it cannot start. */
export async function main(environment: Record<string, string | undefined>): Promise<void> {
  const terminal = openTerminal(process.stdout)
  try {
    await start(environment, terminal)
  } catch (error) {
    const sentence = sentenceOf(error)
    console.error(sentence ?? error)
    process.exit(1)
  }
}

async function start(environment: Record<string, string | undefined>, terminal: ReturnType<typeof openTerminal>): Promise<void> {
  const config = readConfig(environment)
  const log = pino({ level: config.LOG_LEVEL }, pino.destination({ dest: 2, sync: true }))
  // Where there is no database yet there is no account either: said before a new one is made.
  if (!config.DATABASE_URL && !existsSync(engineFolder(config.dataDirectory).manifestFile)) checkHost(config, false)
  makeDataDirectory(config.dataDirectory)
  const progress = new StartupProgress((stage) => terminal.stage(stage))
  const stop = new AbortController()
  let db: Db | undefined
  let services: Services | undefined
  let watch: Periodic | undefined
  let serving = false
  let removeToken = () => {}

  const front = createFront(progress, log, (app) => {
    app.use(ownPagesOnly(config, async () => services?.context.doorkeeper.isClosed() ?? false))
    healthRoutes(app, { db: () => db, serving: () => serving, dataDirectory: config.dataDirectory }, (checks) => log.warn({ checks }, 'not ready'))
    const identify = async (request: IncomingMessage) => {
      if (!services) throw new AppError('unavailable', 'The console is still starting; try again in a few seconds.')
      return services.context.identify(request)
    }
    metricsRoutes(app, () => db, identify)
    openApiRoutes(app, identify)
  })
  const server = await listen(front.app, config.HOST, config.PORT)
  const { ownUrl, shownUrl } = addressesOf(server, config.HOST)
  const address = config.PUBLIC_BASE_URL ?? shownUrl
  terminal.say(`绣城 Xiucheng  ${address}  正在准备 getting ready …`)

  const reportDatabase = (error: Error) => log.error({ err: error }, 'database')
  let stopping: Promise<void> | undefined
  const shutDown = (signal: NodeJS.Signals): void => {
    stopping ??= (async () => {
      serving = false
      terminal.say(`正在停止 stopping (${signal}) …`)
      setTimeout(() => process.exit(1), EXIT_WITHIN_MS).unref()
      stop.abort(new Error('the program is stopping'))
      await starting.catch(() => undefined)
      const well = await runSteps(
        [
          { name: 'command line', run: () => removeToken() },
          { name: 'simulator', run: () => services?.context.simulator?.close() },
          // Feeds never end by themselves: they are told to come back before the door is closed.
          { name: 'feeds', run: () => services?.closeFeeds() },
          { name: 'requests', run: () => closeServer(server) },
          { name: 'clock watch', run: () => watch?.close() },
          { name: 'jobs', run: () => services?.closeJobs() },
          { name: 'log', run: () => services?.closeAnchoring() },
          { name: 'database', run: () => db?.close() },
        ],
        (name, error) => log.error({ err: error, step: name }, 'the shutdown was not clean'),
      )
      process.exit(well ? 0 : 1)
    })()
  }
  process.on('SIGTERM', shutDown)
  process.on('SIGINT', shutDown)

  const starting = (async () => {
    // In development the client's own server builds it, piece by piece.
    const isBuilt = config.NODE_ENV === 'development' || (await isClientCurrent())
    const building = isBuilt ? Promise.resolve(progress.skip('build')) : progress.run('build', (tell) => buildClient(tell, stop.signal))
    // A city is not made for an interface that cannot be built: the stages below stop at the next step.
    building.catch((error: unknown) => stop.abort(error))
    const opened = await progress.run('database', () => openDatabase(config, reportDatabase, 'npm start'))
    db = opened
    stop.signal.throwIfAborted()
    await progress.run('migrate', (tell) => prepareDatabase(opened, (done, of) => tell((100 * done) / of)))
    await progress.run('reference', () => syncReference(opened))
    checkHost(config, await hasRealAccounts(opened))
    await sealStoredSecrets(opened, config, log)
    await prepareDemoCity(opened, config, progress, stop.signal)
    await prepareDemoPeople(opened, config)
    await prepareDemoDispatch(opened, config, new Date())
    stop.signal.throwIfAborted()
    services = await progress.run('services', () => startServices(opened, config, log))
    await startJobs(services.context)
    sweepAtStart(services.context)
    await building
    stop.signal.throwIfAborted()
    const access = openCommandLineAccess(config, ownUrl)
    removeToken = access.remove
    const inner = express.Router()
    commandLineRoutes(inner, services.context, access.token)
    front.open(inner.use(createConsole(createApp(services.context))))
    progress.finish()
    serving = true
    watch = startClockWatch(services.context)
    await startDemoSimulator(services.context, ownUrl)
    terminal.say(`绣城已就绪 Xiucheng is ready: ${address}  (${progress.state.elapsedSeconds} s)`)
  })()
  try {
    await starting
  } catch (thrown) {
    if (stopping) {
      await stopping
      return
    }
    const error: unknown = stop.signal.aborted ? stop.signal.reason : thrown
    progress.fail(sentenceOf(error) ?? 'The start failed; the terminal says why.')
    stop.abort(error)
    await runSteps(
      [
        { name: 'clock watch', run: () => watch?.close() },
        { name: 'services', run: () => services?.closeJobs() },
        { name: 'log', run: () => services?.closeAnchoring() },
        { name: 'database', run: () => db?.close() },
      ],
      (name, failure) => log.error({ err: failure, step: name }, 'the shutdown was not clean'),
    )
    throw error
  }
}
