import { useIntervalFn } from '@vueuse/core'
import { watch } from 'vue'
import type { PlanningKindName } from '../../server/contract/planning.ts'
import { failureOf } from '../stores/loading.ts'
import { usePanelsStore } from '../stores/panels.ts'
import { usePlanningStore } from '../stores/planning.ts'
import { useSessionStore } from '../stores/session.ts'

/** While a run of this kind is under way, asks now and then how far it is, should the live feed be cut or slow. @returns what puts its answer away */
export function usePlanningWatch(kind: PlanningKindName): { close(): void } {
  const planning = usePlanningStore()
  const session = useSessionStore()
  const panels = usePanelsStore()
  const { pause, resume } = useIntervalFn(
    () => {
      if (session.city) planning.refresh(session.city.key).catch((error: unknown) => console.warn(failureOf(error).message))
    },
    1_000,
    { immediate: false },
  )
  watch(() => planning.run?.kind === kind && (planning.isRunning || planning.isSettling), (isBusy) => (isBusy ? resume() : pause()), { immediate: true })
  return {
    close: () => {
      planning.close()
      panels.closeRight()
    },
  }
}
