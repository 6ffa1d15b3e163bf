import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { getStartup, type Startup } from '../../server/contract/cities.ts'
import { call } from '../api.ts'
import { type Failure, failureOf } from '../stores/loading.ts'
import { useSessionStore } from '../stores/session.ts'

const RETRY_MILLISECONDS = 2_000

/**
 * Asks for the cities until one can be opened; meanwhile tells what the server is preparing.
 * Once ready it stays ready: a later loss of the server is the connection banner's matter.
 */
export function useStartup() {
  const session = useSessionStore()
  const isReady = ref(false)
  const startup = shallowRef<Startup | null>(null)
  const failure = shallowRef<Failure | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  const wanted = new URLSearchParams(window.location.search).get('city')

  async function attempt(): Promise<void> {
    const loaded = await session.loadCities(wanted)
    if (loaded && session.city?.status === 'ready') {
      isReady.value = true
      return
    }
    failure.value = loaded ? null : session.failure
    try {
      startup.value = await call(getStartup, {}, { timeoutMilliseconds: 5_000 })
    } catch (error) {
      startup.value = null
      failure.value = failureOf(error)
    }
    timer = setTimeout(() => void attempt(), RETRY_MILLISECONDS)
  }

  void attempt()
  onScopeDispose(() => clearTimeout(timer))
  return { isReady: computed(() => isReady.value), startup, failure }
}
