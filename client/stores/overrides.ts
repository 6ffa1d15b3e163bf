import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { exportOverrides, getOverrideRate, type OVERRIDE_EXPORT_FORMATS } from '../../server/contract/dispatch.ts'
import type { Reply } from '../../server/contract/endpoint.ts'
import { apiAddress, call } from '../api.ts'
import { useLoading } from './loading.ts'

export type Overrides = Reply<typeof getOverrideRate>

const MOST_ROWS = 500

/** How often dispatchers chose otherwise than suggested, and the rows of either part of that figure. */
export const useOverridesStore = defineStore('overrides', () => {
  const figure = shallowRef<Overrides | null>(null)
  const part = ref<'overridden' | 'dispatched'>('overridden')
  const loading = useLoading()

  /** @param period instants; null for the server's own 30 days */
  function load(city: string, period: { from: string; to: string } | null): Promise<boolean> {
    return loading.run(
      (signal) => call(getOverrideRate, { params: { city }, query: { ...period, part: part.value, limit: MOST_ROWS } }, { signal }),
      (reply) => {
        figure.value = reply
      },
    )
  }

  /** The address of the file of all rows of the part shown, of the period the figure stands for. */
  function exportAddress(city: string, format: (typeof OVERRIDE_EXPORT_FORMATS)[number]): string {
    return apiAddress(exportOverrides.path, { city }, { from: figure.value?.from, to: figure.value?.to, part: part.value, format })
  }

  /** Forgets what belongs to the city left behind. */
  function clear(): void {
    loading.reset()
    figure.value = null
  }

  return { figure, part, status: loading.status, failure: loading.failure, load, exportAddress, clear }
})
