import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { ScenarioEdit } from '../../server/contract/scenarios.ts'
import type { WhatIfSides } from '../scenario/what-if-worker.ts'
import { useLoading } from './loading.ts'
import { useScenarioStore } from './scenario.ts'
import { useScenarioComparisonStore } from './scenario-comparison.ts'

/** Homes by both sides, and what each changes. */
export interface SwipePicture extends WhatIfSides {
  from: readonly ScenarioEdit[]
  to: readonly ScenarioEdit[]
}

/** Two versions on one map with a seam between them: homes by each side's own answer, and what each changes. */
export const useScenarioSwipeStore = defineStore('scenario-swipe', () => {
  const scenario = useScenarioStore()
  const comparison = useScenarioComparisonStore()
  const picture = shallowRef<SwipePicture | null>(null)
  const loading = useLoading()

  const view = computed(() => (comparison.view?.kind === 'swipe' ? comparison.view : null))
  const sideOf = (number: number | undefined) => (number === undefined ? undefined : comparison.compared.get(number))
  /** The edits of both sides, once they and the ground are there. */
  const wanted = computed(() => {
    const [from, to] = [sideOf(view.value?.from)?.edits, sideOf(view.value?.to)?.edits]
    return from && to && scenario.before ? { from, to } : null
  })
  const failure = computed(() => sideOf(view.value?.from)?.failure ?? sideOf(view.value?.to)?.failure ?? loading.failure.value)

  watch([() => wanted.value?.from, () => wanted.value?.to, () => scenario.before], () => {
    const edits = wanted.value
    if (!edits) {
      loading.reset()
      picture.value = null
      return
    }
    void loading.run(
      async () => ({ ...(await scenario.sides(edits.from, edits.to)), ...edits }),
      (drawn) => {
        picture.value = drawn
      },
    )
  })

  return { view, picture, failure, status: loading.status }
})
