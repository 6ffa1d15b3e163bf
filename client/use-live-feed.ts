import { watch } from 'vue'
import { type LiveFeed, openLiveFeed } from './live.ts'
import { useAccountStore } from './stores/account.ts'
import { useIncidentsStore } from './stores/incidents.ts'
import { failureOf } from './stores/loading.ts'
import { applyLiveEvents, reloadMoving } from './stores/reactions.ts'
import { useSessionStore } from './stores/session.ts'

/** Opens the live feed of the session's city behind the points already read, and again for every other city. */
export function useLiveFeed(): { reconnectNow: () => void } {
  const session = useSessionStore()
  const incidents = useIncidentsStore()
  const account = useAccountStore()
  let feed: LiveFeed | null = null

  function open(city: string, after: string | null): void {
    feed?.close()
    session.setConnection({ status: 'connecting', restoredAt: null })
    feed = openLiveFeed({
      city,
      after,
      onEvents: (events, at) => applyLiveEvents(events, Date.parse(at)),
      onResync: () => {
        reloadMoving().catch((error: unknown) => console.warn(failureOf(error).message))
      },
      onConnection: (change) => session.setConnection(change),
    })
  }

  watch(
    () => session.city?.key ?? null,
    (city, _before, onCleanup) => {
      // Whoever keeps accounts sees nothing of the city, its feed neither.
      if (city === null || !account.isAllowed('city.read')) return
      // The first points say from where the feed goes on without a gap; if they fail, the feed starts at now and the points are asked again with it.
      const stop = watch(
        () => incidents.pointsStatus,
        (status) => {
          if (status !== 'ready' && status !== 'failed') return
          stop()
          open(city, status === 'ready' ? incidents.cursor : null)
        },
        { flush: 'post' },
      )
      onCleanup(() => {
        stop()
        feed?.close()
        feed = null
      })
    },
    { immediate: true },
  )

  return { reconnectNow: () => feed?.reconnectNow() }
}
