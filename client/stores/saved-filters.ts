import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { changeSavedFilter, createSavedFilter, endSavedFilter, listSavedFilters, type SavedFilter } from '../../server/contract/workbench.ts'
import { ApiError, call } from '../api.ts'
import { useLoading } from './loading.ts'

export type SavedFilterChange = Partial<Pick<SavedFilter, 'name' | 'share' | 'urlState'>>

/** Filters kept under a name: one's own and those shared with one. */
export const useSavedFiltersStore = defineStore('saved-filters', () => {
  const filters = shallowRef<SavedFilter[]>([])
  const loading = useLoading()

  function load(city: string): Promise<boolean> {
    return loading.run(
      (signal) => call(listSavedFilters, { params: { city } }, { signal }),
      (reply) => {
        filters.value = reply.filters
      },
    )
  }

  function put(saved: SavedFilter): void {
    const isKnown = filters.value.some((one) => one.id === saved.id)
    filters.value = isKnown ? filters.value.map((one) => (one.id === saved.id ? saved : one)) : [saved, ...filters.value]
  }

  /** After `stale` the filters have been read again, so that the next try starts from what is there. */
  async function rereading<T>(city: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof ApiError && (error.code === 'stale' || error.code === 'not_found')) await load(city)
      throw error
    }
  }

  /** @throws ApiError `conflict` for a name in use. */
  async function save(city: string, given: Pick<SavedFilter, 'name' | 'share' | 'urlState'>): Promise<void> {
    put(await call(createSavedFilter, { params: { city }, body: given }))
  }

  /** @throws ApiError `stale` when it was changed elsewhere meanwhile. */
  async function change(city: string, one: Pick<SavedFilter, 'id' | 'version'>, next: SavedFilterChange): Promise<void> {
    put(await rereading(city, () => call(changeSavedFilter, { params: { city, id: one.id }, body: { version: one.version, ...next } })))
  }

  /** @throws ApiError as `change`. */
  async function end(city: string, one: Pick<SavedFilter, 'id' | 'version'>): Promise<void> {
    await rereading(city, () => call(endSavedFilter, { params: { city, id: one.id }, body: { version: one.version } }))
    filters.value = filters.value.filter(({ id }) => id !== one.id)
  }

  return { filters, status: loading.status, failure: loading.failure, load, save, change, end }
})
