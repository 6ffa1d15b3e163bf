import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Reply } from '../../server/contract/endpoint.ts'
import type { IncidentFilterInput } from '../../server/contract/incidents.ts'
import type { QueueKey } from '../../server/contract/queues.ts'
import { listQueues } from '../../server/contract/workbench.ts'
import { call } from '../api.ts'
import { tidyFilter } from './incident-filter.ts'
import { useLoading } from './loading.ts'

/** What the workbench keeps beside the incidents themselves: how many wait in each queue, and which cases are ticked. */
export const useWorkbenchStore = defineStore('workbench', () => {
  const counts = shallowRef<Reply<typeof listQueues> | null>(null)
  const countOf = computed(() => new Map(counts.value?.queues.map((one) => [one.key, one]) ?? []))
  const picked = shallowRef<ReadonlySet<string>>(new Set())
  /** On a phone the list or the map is shown, not both. */
  const isMapShown = ref(false)
  const loading = useLoading()

  /** Counts of every queue under the same conditions, from the query that the list's and the map's counts are from. */
  function loadCounts(city: string, conditions: IncidentFilterInput): Promise<boolean> {
    return loading.run(
      (signal) => call(listQueues, { params: { city }, query: tidyFilter(conditions) }, { signal }),
      (reply) => {
        counts.value = reply
      },
    )
  }

  function queueCount(key: QueueKey): { count: number; overdue: number } | null {
    return countOf.value.get(key) ?? null
  }

  function pick(id: string, isPicked: boolean): void {
    const next = new Set(picked.value)
    if (isPicked) next.add(id)
    else next.delete(id)
    picked.value = next
  }

  function pickAll(ids: readonly string[]): void {
    picked.value = new Set(ids)
  }

  return { counts, picked, isMapShown, status: loading.status, failure: loading.failure, loadCounts, queueCount, pick, pickAll }
})
