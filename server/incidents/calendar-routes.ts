import type { Router } from 'express'
import { getCity } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import * as contract from '../contract/clocks.ts'
import { listClockRules as listClockRulesEndpoint, putClockRules as putClockRulesEndpoint } from '../contract/clock-rules.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { listWorkCalendars, listYearsInUse, putWorkCalendar } from './calendars.ts'
import { listClockRules, putClockRules } from './limit-rules.ts'

/** Mounts the addresses of working calendars and of the rules of the clock. */
export function calendarRoutes(router: Router, context: AppContext): void {
  const { db, clock } = context
  const options = serveOptions(context)

  serve(router, contract.listWorkCalendars, options, async ({ params }) => {
    const city = await getCity(db, params.city)
    const calendars = await listWorkCalendars(db, city, clock())
    return { calendars, yearsInUse: await listYearsInUse(db, city, calendars, clock()) }
  })

  serve(router, contract.putWorkCalendar, options, async ({ params, body, principal }) => putWorkCalendar(db, await getCity(db, params.city), body, principal, clock()))

  serve(router, listClockRulesEndpoint, options, async ({ params }) => ({ rules: await listClockRules(db, await getCity(db, params.city)) }))

  serve(router, putClockRulesEndpoint, options, async ({ params, body, principal }) => putClockRules(db, await getCity(db, params.city), body, principal, clock()))
}
