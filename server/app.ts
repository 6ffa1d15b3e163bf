import compression from 'compression'
import express, { type Express } from 'express'
import { rateLimit } from 'express-rate-limit'
import helmet from 'helmet'
import { API_PREFIX } from './contract/endpoint.ts'
import type { AppContext } from './context.ts'
import { identityRoutes } from './accounts/identity-routes.ts'
import { peopleRoutes } from './accounts/people-routes.ts'
import { accountsRoutes } from './accounts/routes.ts'
import { auditRoutes } from './audit/routes.ts'
import { citiesRoutes } from './cities/routes.ts'
import { coverageRoutes } from './coverage/routes.ts'
import { entranceRoutes } from './entrances/routes.ts'
import { scenarioRoutes } from './scenarios/routes.ts'
import { greenIndicatorRoutes } from './green-indicators/routes.ts'
import { dispatchRoutes } from './dispatch/routes.ts'
import { AppError } from './errors.ts'
import { evaluationRoutes } from './evaluation/routes.ts'
import { errorHandler, notFound } from './http/error-handler.ts'
import { refuseUnguarded } from './http/guard.ts'
import { importsRoutes } from './imports/routes.ts'
import { calendarRoutes } from './incidents/calendar-routes.ts'
import { duplicatesRoutes } from './incidents/duplicates-routes.ts'
import { evidenceRoutes } from './incidents/evidence-routes.ts'
import { factsRoutes } from './incidents/facts-routes.ts'
import { referenceRoutes } from './incidents/reference-routes.ts'
import { incidentsRoutes } from './incidents/routes.ts'
import { workbenchRoutes } from './incidents/workbench-routes.ts'
import { layersRoutes } from './layers/routes.ts'
import { liveRoutes } from './live/routes.ts'
import { planningReportRoutes } from './planning-report/routes.ts'
import { planningRoutes } from './planning/routes.ts'
import { sitingRoutes } from './siting/routes.ts'
import { managementGapRoutes } from './management-gaps/routes.ts'
import { indicatorRoutes } from './indicators/routes.ts'
import { supplyRoutes } from './supply/routes.ts'

/** Scripts, styles and connections only from ourselves; styles inline because the component kit and the map set them. */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    workerSrc: ["'self'", 'blob:'],
    childSrc: ['blob:'],
    imgSrc: ["'self'", 'data:', 'blob:'],
    connectSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    fontSrc: ["'self'", 'data:'],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
    formAction: ["'self'"],
  },
}

/** Headers every answer carries, the preparation page's included. */
export function installSafety(app: Express): void {
  app.disable('x-powered-by')
  app.use(helmet({ contentSecurityPolicy: CONTENT_SECURITY_POLICY, strictTransportSecurity: false }))
}

/** Builds the API without listening; tests use it as it is. */
export function createApp(context: AppContext): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.set('trust proxy', context.config.TRUSTED_PROXY_HOPS)
  // Short answers, which most are, cost more to compress than to send.
  app.use(compression({ threshold: 8192, filter: (request, response) => !String(response.getHeader('Content-Type')).startsWith('text/event-stream') && compression.filter(request, response) }))
  app.use(
    API_PREFIX,
    rateLimit({
      windowMs: 60_000,
      limit: context.config.RATE_LIMIT_PER_MINUTE,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      handler: (_request, _response, next) => next(new AppError('too_many_requests', 'Too many requests from this address; wait a minute.')),
    }),
  )
  app.use(express.json({ limit: '1mb' }))
  accountsRoutes(app, context)
  identityRoutes(app, context)
  peopleRoutes(app, context)
  auditRoutes(app, context)
  citiesRoutes(app, context)
  layersRoutes(app, context)
  incidentsRoutes(app, context)
  referenceRoutes(app, context)
  workbenchRoutes(app, context)
  calendarRoutes(app, context)
  duplicatesRoutes(app, context)
  evidenceRoutes(app, context)
  factsRoutes(app, context)
  coverageRoutes(app, context)
  scenarioRoutes(app, context)
  entranceRoutes(app, context)
  greenIndicatorRoutes(app, context)
  planningRoutes(app, context)
  planningReportRoutes(app, context)
  sitingRoutes(app, context)
  managementGapRoutes(app, context)
  supplyRoutes(app, context)
  indicatorRoutes(app, context)
  dispatchRoutes(app, context)
  evaluationRoutes(app, context)
  importsRoutes(app, context)
  liveRoutes(app, context)
  refuseUnguarded(app)
  app.use([API_PREFIX, '/tiles'], notFound)
  app.use(errorHandler(context.log))
  return app
}
