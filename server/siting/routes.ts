import type { Router } from 'express'
import { getSitingChoices } from '../contract/planning-siting.ts'
import type { AppContext } from '../context.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { getSitingChoices as getChoices } from './choices.ts'

/** Mounts the addresses of siting beside those of its runs. */
export function sitingRoutes(router: Router, context: AppContext): void {
  serve(router, getSitingChoices, serveOptions(context), ({ params }) => getChoices(context.db, params.city))
}
