import type { Router } from 'express'
import { getCity } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import * as contract from '../contract/clocks.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { listWorkCalendars, putWorkCalendar } from './calendars.ts'

/** Mounts the addresses of working calendars. */
export function calendarRoutes(router: Router, context: AppContext): void {
  const { db, clock } = context
  const options = serveOptions(context)

  serve(router, contract.listWorkCalendars, options, async ({ params }) => ({ calendars: await listWorkCalendars(db, await getCity(db, params.city), clock()) }))

  serve(router, contract.putWorkCalendar, options, async ({ params, body, principal }) => putWorkCalendar(db, await getCity(db, params.city), body, principal, clock()))
}
