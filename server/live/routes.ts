import type { Router } from 'express'
import { z } from 'zod'
import { getCity } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import { CityKey } from '../contract/cities.ts'
import { endpoint } from '../contract/endpoint.ts'
import { LIVE_PATH } from '../contract/live.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { visibilityOf } from '../incidents/incidents.ts'
import { createFeedWatch } from './watch.ts'

/** What a cut connection says it has seen; the browser's own header is newer than the address it was opened with. */
const Query = z.object({ city: CityKey, after: z.string().max(4000).optional() })

const openFeed = endpoint({ name: 'openFeed', access: 'city.read', summary: 'Server-sent events of a city', method: 'GET', path: LIVE_PATH, query: Query, reply: z.unknown() })

/** Mounts the live feed: server-sent events, never compressed, never buffered by a proxy. */
export function liveRoutes(router: Router, context: AppContext): void {
  const { db, live, log } = context
  const watch = createFeedWatch(context)
  serve(router, openFeed, serveOptions(context), async ({ principal, query }, request, response) => {
    const city = await getCity(db, query.city)
    const visibility = await visibilityOf(db, principal, city)
    const after = request.get('Last-Event-ID') ?? query.after ?? null
    response.on('error', (error) => log.debug({ err: error }, 'a reader of the live feed went away'))
    const open = () => {
      if (response.headersSent) return
      response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store, no-transform', 'X-Accel-Buffering': 'no', Connection: 'keep-alive' })
      response.socket?.setNoDelay(true)
    }
    const feed = await live.join(city.cityId, after, {
      write(bytes) {
        open()
        response.write(bytes)
      },
      get waitingBytes() {
        return response.writableLength
      },
      end: () => response.end(),
      drop: () => response.destroy(),
    }, visibility)
    // Whoever went away while the feed was being opened has said so already.
    if (response.closed || response.destroyed || request.socket.destroyed) feed.leave()
    else {
      const release = watch.add(request, query.city, () => response.end())
      response.on('close', () => {
        release()
        feed.leave()
      })
    }
  })
}
