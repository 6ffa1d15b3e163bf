import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Reply } from '../../server/contract/endpoint.ts'
import { suggestDispatch } from '../../server/contract/dispatch.ts'
import { call } from '../api.ts'
import { useLoading } from './loading.ts'

export type DispatchAdvice = Reply<typeof suggestDispatch>

/** Where the open case could go, and why. */
export const useSuggestionsStore = defineStore('suggestions', () => {
  const incident = shallowRef<string | null>(null)
  const advice = shallowRef<DispatchAdvice | null>(null)
  const loading = useLoading()

  function load(city: string, id: string): Promise<boolean> {
    if (incident.value !== id) advice.value = null
    incident.value = id
    return loading.run(
      (signal) => call(suggestDispatch, { params: { city, id } }, { signal }),
      (reply) => {
        advice.value = reply
      },
    )
  }

  return { incident, advice, status: loading.status, failure: loading.failure, load }
})
