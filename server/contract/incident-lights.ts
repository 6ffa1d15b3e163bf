/** The clocks of all points of a filter, for a map coloured by light: what each light is read from, so that it changes by itself as time passes. */
import { z } from 'zod'
import { CityParams } from './cities.ts'
import { endpoint } from './endpoint.ts'
import { IncidentFilter } from './incidents.ts'

/** Seconds since 1970; null for a clock without an end, and in `standsAt` for one that runs. */
const Seconds = z.array(z.number().int().nullable())

/** More running clocks than this are not told: the map then says so. */
export const INCIDENT_LIGHTS_MOST = 100_000

export const listIncidentLights = endpoint({
  name: 'listIncidentLights',
  access: 'incidents.read',
  summary: 'Marks of the running clocks of all points under a filter, as parallel columns',
  method: 'GET',
  path: '/cities/:city/incident-lights',
  params: CityParams,
  query: IncidentFilter,
  reply: z.object({
    ids: z.array(z.string()),
    blueAt: Seconds,
    amberAt: Seconds,
    dueAt: Seconds,
    darkRedAt: Seconds,
    /** When the clock came to rest. */
    standsAt: Seconds,
    /** A leader supervises it. */
    supervised: z.array(z.boolean()),
    /** Whether there are more than are told. */
    isCut: z.boolean(),
    asOf: z.iso.datetime({ offset: true }),
  }),
})
