import type { Router } from 'express'
import { getCity } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import { getBasemap as getBasemapEndpoint } from '../contract/basemap.ts'
import { getFeature as getFeatureEndpoint, listFeatures as listFeaturesEndpoint, listGridMeasure as listGridMeasureEndpoint, listLayers as listLayersEndpoint, search as searchEndpoint } from '../contract/layers.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { getBasemap } from './basemap.ts'
import { getFeature, listFeatures } from './features.ts'
import { listLayers } from './layers.ts'
import { createGridMeasures } from './measures.ts'
import { search } from './search.ts'
import { tileRoutes } from './tiles/tile-routes.ts'

/** Mounts the addresses of layers: tiles, catalogue, features, search, measures of the grid, the basemap. */
export function layersRoutes(router: Router, context: AppContext): void {
  const { db, config, clock } = context
  const options = serveOptions(context)
  const listGridMeasure = createGridMeasures(db)

  tileRoutes(router, context)
  serve(router, listLayersEndpoint, options, async ({ params }) => ({ layers: await listLayers(db, await getCity(db, params.city)) }))
  serve(router, getFeatureEndpoint, options, async ({ principal, params }) => getFeature(db, await getCity(db, params.city), principal, params.kind, params.id, clock()))
  serve(router, listFeaturesEndpoint, options, async ({ principal, params, query }) => listFeatures(db, await getCity(db, params.city), principal, params.kind, query))
  serve(router, searchEndpoint, options, async ({ principal, params, query }) => ({ hits: await search(db, await getCity(db, params.city), principal, query.text, query.limit) }))
  serve(router, listGridMeasureEndpoint, options, async ({ params }) => listGridMeasure(await getCity(db, params.city), params.measure, clock()))
  serve(router, getBasemapEndpoint, options, () => getBasemap(config))
}
