import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { getStartup, type Startup } from '../../server/contract/cities.ts'
import { call } from '../api.ts'
import { type Failure, failureOf } from '../stores/loading.ts'
import { useAccountStore } from '../stores/account.ts'
import { useSessionStore } from '../stores/session.ts'

const RETRY_MILLISECONDS = 2_000

/**
 * Asks who sits here and for the cities until one can be opened; meanwhile tells what the server is preparing.
 * Once ready it stays ready: a later loss of the server is the connection banner's matter.
 */
export function useStartup() {
  const session = useSessionStore()
  const account = useAccountStore()
  const isReady = ref(false)
  const startup = shallowRef<Startup | null>(null)
  const failure = shallowRef<Failure | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  const wanted = new URLSearchParams(window.location.search).get('city')

  async function attempt(): Promise<void> {
    if (account.state === null) await account.load()
    // Whoever has not signed in yet sees no cities.
    const isKnown = account.state !== null && account.owes === null
    const loaded = isKnown && (await session.loadCities(wanted))
    if (loaded && session.city?.status === 'ready') {
      isReady.value = true
      return
    }
    failure.value = loaded ? null : (account.failure ?? session.failure)
    if (account.owes !== null) return
    try {
      startup.value = await call(getStartup, {}, { timeoutMilliseconds: 5_000 })
    } catch (error) {
      startup.value = null
      failure.value = failureOf(error)
    }
    timer = setTimeout(() => void attempt(), RETRY_MILLISECONDS)
  }

  void attempt()
  watch(
    () => account.owes,
    (owes, before) => {
      if (owes !== null || before === null || isReady.value) return
      clearTimeout(timer)
      void attempt()
    },
  )
  onScopeDispose(() => clearTimeout(timer))
  return { isReady: computed(() => isReady.value), startup, failure }
}
