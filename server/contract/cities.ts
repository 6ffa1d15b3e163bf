/**
 * Terminology
 * - city: everything belongs to one; addressed by its `key` (`demo`, `taipei`).
 * - measuring system: the projected CRS in which a city's metres are measured (its CGCS2000 3° zone; UTM outside China; or set by hand).
 */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { BoundingBox, Position } from './geojson.ts'

export const CityKey = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'a city key is 1 to 40 lower-case letters, digits and hyphens, starting with a letter')
export const CityParams = z.object({ city: CityKey })

export const City = z.object({
  id: z.string(),
  key: CityKey,
  nameZh: z.string(),
  nameEn: z.string(),
  isDemo: z.boolean(),
  status: z.enum(['preparing', 'ready']),
  measureSrid: z.number().int(),
  /** e.g. `CGCS2000 / 3-degree Gauss-Kruger CM 114E` */
  measureName: z.string(),
  timeZone: z.string(),
  center: Position.nullable(),
  boundingBox: BoundingBox.nullable(),
  /** Version of everything that stands still: part of each tile address; see `tileAddress`. */
  tileVersions: z.record(z.string(), z.number().int()),
})
export type City = z.infer<typeof City>

export const listCities = endpoint({
  name: 'listCities',
  access: 'signed_in',
  summary: 'All cities of this installation',
  method: 'GET',
  path: '/cities',
  reply: z.object({ cities: z.array(City) }),
})

export const getCity = endpoint({
  name: 'getCity',
  access: 'city.read',
  summary: 'One city',
  method: 'GET',
  path: '/cities/:city',
  params: CityParams,
  reply: City,
})

/** What is being prepared before the console can open; answered from the first second, without the database. */
export const Startup = z.object({
  ready: z.boolean(),
  stages: z.array(
    z.object({
      key: z.enum(['build', 'database', 'migrate', 'reference', 'demo', 'services']),
      labelZh: z.string(),
      labelEn: z.string(),
      state: z.enum(['waiting', 'running', 'done', 'skipped', 'failed']),
      percent: z.number().min(0).max(100),
      detail: z.string().nullable(),
    }),
  ),
  elapsedSeconds: z.number(),
  error: z.string().nullable(),
})
export type Startup = z.infer<typeof Startup>

export const getStartup = endpoint({
  name: 'getStartup',
  access: 'public',
  summary: 'Progress of the start',
  method: 'GET',
  path: '/startup',
  reply: Startup,
})
