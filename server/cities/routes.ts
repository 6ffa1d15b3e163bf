import type { Router } from 'express'
import { getCity as getCityEndpoint, listCities as listCitiesEndpoint } from '../contract/cities.ts'
import type { AppContext } from '../context.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { getCity, listCities } from './cities.ts'

/** Mounts the addresses of cities. */
export function citiesRoutes(router: Router, context: AppContext): void {
  const { db } = context
  const options = serveOptions(context)
  serve(router, listCitiesEndpoint, options, async () => ({ cities: await listCities(db) }))
  serve(router, getCityEndpoint, options, ({ params }) => getCity(db, params.city))
}
