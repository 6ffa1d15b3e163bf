import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import {
  addResponsibilities, changeResponsibility, endResponsibility, listResponsibilities, listResponsibilityChanges, listResponsibilityGaps, type Responsibility, type ResponsibilityChange, type ResponsibilityGap, type ResponsibilityInput,
} from '../../server/contract/responsibilities.ts'
import { call } from '../api.ts'
import { useLoading } from './loading.ts'

/** The responsibility matrix, the classes nobody answers for, and how it became what it is. */
export const useResponsibilitiesStore = defineStore('responsibilities', () => {
  const rows = shallowRef<Responsibility[]>([])
  const total = ref(0)
  const gaps = shallowRef<ResponsibilityGap[]>([])
  const classes = ref(0)
  const changes = shallowRef<ResponsibilityChange[]>([])
  const loading = useLoading()
  const gapsLoading = useLoading()
  const changesLoading = useLoading()
  const saving = useLoading()

  function load(city: string): Promise<boolean> {
    return loading.run(
      (signal) => call(listResponsibilities, { params: { city }, query: { limit: 2000 } }, { signal }),
      (reply) => {
        rows.value = reply.rows
        total.value = reply.total
      },
    )
  }

  function loadGaps(city: string): Promise<boolean> {
    return gapsLoading.run(
      (signal) => call(listResponsibilityGaps, { params: { city } }, { signal }),
      (reply) => {
        gaps.value = reply.gaps
        classes.value = reply.classes
      },
    )
  }

  function loadChanges(city: string): Promise<boolean> {
    return changesLoading.run(
      (signal) => call(listResponsibilityChanges, { params: { city }, query: { limit: 500 } }, { signal }),
      (reply) => {
        changes.value = reply.changes
      },
    )
  }

  function loadAll(city: string): Promise<unknown> {
    return Promise.all([load(city), loadGaps(city), loadChanges(city)])
  }

  /** A row in place of one (`id`), or a new one. @returns whether it was written. */
  async function put(city: string, id: string | null, row: ResponsibilityInput): Promise<boolean> {
    const done = await saving.run<unknown>((signal) => (id === null ? call(addResponsibilities, { params: { city }, body: { rows: [row] } }, { signal }) : call(changeResponsibility, { params: { city, id }, body: row }, { signal })), () => {})
    if (done) await loadAll(city)
    return done
  }

  async function end(city: string, id: string): Promise<boolean> {
    const done = await saving.run<unknown>((signal) => call(endResponsibility, { params: { city, id }, body: {} }, { signal }), () => {})
    if (done) await loadAll(city)
    return done
  }

  function resetSaving(): void {
    saving.reset()
  }

  /** Forgets what belongs to the city left behind. */
  function clear(): void {
    for (const one of [loading, gapsLoading, changesLoading, saving]) one.reset()
    rows.value = []
    gaps.value = []
    changes.value = []
    total.value = 0
  }

  return {
    rows, total, gaps, classes, changes, status: loading.status, failure: loading.failure, gapsStatus: gapsLoading.status, gapsFailure: gapsLoading.failure,
    changesStatus: changesLoading.status, changesFailure: changesLoading.failure, saveStatus: saving.status, saveFailure: saving.failure, load, loadAll, put, end, resetSaving, clear,
  }
})
