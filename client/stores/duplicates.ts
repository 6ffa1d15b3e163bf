import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { type DuplicateList, listDuplicates } from '../../server/contract/duplicates.ts'
import { call } from '../api.ts'
import { useLoading } from './loading.ts'

/** Cases that may mean the same as the one that is open, and how crowded its very coordinate is. */
export const useDuplicatesStore = defineStore('duplicates', () => {
  const incident = shallowRef<string | null>(null)
  const list = shallowRef<DuplicateList | null>(null)
  const loading = useLoading()

  function load(city: string, id: string): Promise<boolean> {
    if (incident.value !== id) {
      incident.value = id
      list.value = null
    }
    return loading.run(
      (signal) => call(listDuplicates, { params: { city, id } }, { signal }),
      (reply) => {
        list.value = reply
      },
    )
  }

  return { incident, list, status: loading.status, failure: loading.failure, load }
})
