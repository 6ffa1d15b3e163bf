import type { Router } from 'express'
import * as contract from '../contract/planning-indicators.ts'
import type { AppContext } from '../context.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { getIndicatorChoices } from './choices.ts'

/** Mounts what belongs to indicator sheets beside their runs: what they can be about. */
export function indicatorRoutes(router: Router, context: AppContext): void {
  serve(router, contract.getIndicatorChoices, serveOptions(context), ({ params }) => getIndicatorChoices(context.db, params.city))
}
