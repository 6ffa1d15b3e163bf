import { useIntervalFn } from '@vueuse/core'
import { watch } from 'vue'
import { useCoverageStore } from '../stores/coverage.ts'
import { failureOf } from '../stores/loading.ts'
import { useSessionStore } from '../stores/session.ts'

/** While a run is under way: asks now and then how far it is, should the live feed be cut or slow. */
export function useRunWatch(): void {
  const coverage = useCoverageStore()
  const session = useSessionStore()
  const { pause, resume } = useIntervalFn(
    () => {
      if (session.city) coverage.refresh(session.city.key).catch((error: unknown) => console.warn(failureOf(error).message))
    },
    1_500,
    { immediate: false },
  )
  watch(() => coverage.isRunning, (running) => (running ? resume() : pause()), { immediate: true })
}
