import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { ScenarioEdit } from '../../server/contract/scenarios.ts'
import type { WhatIfSides } from '../scenario/served-homes.ts'
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
    const [from, to] = [sideOf(view.value?.from), sideOf(view.value?.to)]
    return from?.edits && to?.edits && scenario.before ? { from, to } : null
  })
  const failure = computed(() => sideOf(view.value?.from)?.failure ?? sideOf(view.value?.to)?.failure ?? loading.failure.value)

  watch([() => wanted.value?.from.edits, () => wanted.value?.to.edits, () => scenario.before], () => {
    const held = wanted.value
    if (!held) {
      loading.reset()
      picture.value = null
      return
    }
    void loading.run(
      async () => ({ ...(await scenario.sides(held.from, held.to)), from: held.from.edits ?? [], to: held.to.edits ?? [] }),
      (drawn) => {
        picture.value = drawn
      },
    )
  })

  return { view, picture, failure, status: loading.status }
})
