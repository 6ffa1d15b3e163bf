import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { Response, Router } from 'express'
import type { AppContext } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { baseOf } from '../../http/base-of.ts'
import { guard } from '../../http/guard.ts'
import { createTiles, parseTileAddress, parseTileLayers } from './tiles.ts'

const decompress = promisify(gunzip)

/** Aborted when the client goes away before it was answered. */
function goneSignal(response: Response): AbortSignal {
  const controller = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new AppError('cancelled', 'The client went away.'))
  })
  return controller.signal
}

/** Mounts vector tiles and their TileJSON. */
export function tileRoutes(router: Router, context: AppContext): void {
  const tiles = createTiles(context)

  router.get('/tiles/:city/:layers.json', guard(context, 'city.read'), async (request, response) => {
    const layers = parseTileLayers(request.params.layers)
    const answer = await tiles.getTileJson(request.params.city, layers, baseOf(request, context.config.PUBLIC_BASE_URL))
    response.set('Cache-Control', 'no-cache').json(answer)
  })

  router.get('/tiles/:city/:layers/:version/:z/:x/:y.mvt', guard(context, 'city.read'), async (request, response) => {
    const { city, version, z, x, y } = request.params
    const layers = parseTileLayers(request.params.layers)
    if (!/^\d{1,15}$/.test(version)) throw new AppError('bad_request', `The version in a tile's address is a whole number, not "${version.slice(0, 40)}".`)
    const tile = parseTileAddress(z, x, y)
    const gone = goneSignal(response)
    const answer = await tiles.getTile({ city, layers, version: Number(version), tile }, gone).catch((error: unknown) => {
      // Nobody is there to read it.
      if (gone.aborted) return undefined
      throw error
    })
    if (!answer) return
    const etag = `W/"${version}"`
    // The version is part of the address: what it answers never changes. Private: a cache on the way must not hand it to whoever may not look.
    response.set({ 'Cache-Control': 'private, max-age=31536000, immutable', ETag: etag, Vary: 'Accept-Encoding' })
    if (answer.cut.length > 0) response.set('X-Tile-Cut', answer.cut.join(','))
    if (request.headers['if-none-match'] === etag) {
      response.status(304).end()
      return
    }
    if (!answer.body) {
      response.status(204).end()
      return
    }
    const takesGzip = request.acceptsEncodings('gzip') !== false
    const body = answer.encoding && !takesGzip ? await decompress(answer.body) : answer.body
    response.set({ 'Content-Type': 'application/vnd.mapbox-vector-tile', 'Content-Length': String(body.length), ...(answer.encoding && takesGzip ? { 'Content-Encoding': 'gzip' } : {}) })
    response.end(body)
  })
}
