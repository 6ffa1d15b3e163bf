import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { getPlanningRun, type PlanningRun, type PlanningRunOf } from '../../server/contract/planning.ts'
import { rerunCoverage, rerunPlanning } from '../../server/contract/reruns.ts'
import { call } from '../api.ts'
import { isEnded } from './coverage.ts'
import { useLoading } from './loading.ts'

/** A run computed again: asked, watched, and what came of it. */
export const useRerunStore = defineStore('rerun', () => {
  const run = shallowRef<PlanningRunOf<'rerun'> | null>(null)
  const loading = useLoading()
  const isRunning = computed(() => run.value !== null && !isEnded(run.value))

  function hold(next: PlanningRun): void {
    if (next.kind === 'rerun') run.value = next
  }

  function start(city: string, of: 'coverage' | 'planning', id: string): Promise<boolean> {
    run.value = null
    return loading.run((signal) => call(of === 'coverage' ? rerunCoverage : rerunPlanning, { params: { city, run: id } }, { signal }), hold)
  }

  /** Asks how far it is. */
  async function refresh(city: string): Promise<void> {
    const id = run.value?.id
    if (id === undefined) return
    const reply = await call(getPlanningRun, { params: { city, run: id } })
    if (run.value?.id === id) hold(reply)
  }

  function clear(): void {
    loading.reset()
    run.value = null
  }

  return { run, isRunning, status: loading.status, failure: loading.failure, start, refresh, clear }
})
