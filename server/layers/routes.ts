import type { Router } from 'express'
import type { AppContext } from '../context.ts'
import { tileRoutes } from './tiles/tile-routes.ts'

/** Mounts the addresses of layers: tiles, catalogue, features, search, measures of the grid, the basemap. */
export function layersRoutes(router: Router, context: AppContext): void {
  tileRoutes(router, context)
}
