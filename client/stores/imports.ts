import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { z } from 'zod'
import { cancelImport, getImport, IMPORT_UPLOAD_PATH, type ImportIssue, type ImportOptions, type ImportState, listImportIssues, listImports } from '../../server/contract/imports.ts'
import { call, callUpload } from '../api.ts'
import { useLoading } from './loading.ts'

export type ImportOptionsInput = z.input<typeof ImportOptions>

/** Files taken into the city: the one under way, its report, and those before it. */
export const useImportsStore = defineStore('imports', () => {
  const imports = shallowRef<ImportState[]>([])
  const current = shallowRef<ImportState | null>(null)
  const issues = shallowRef<ImportIssue[]>([])
  const nextAfter = ref<number | null>(null)
  const listLoading = useLoading()
  const uploadLoading = useLoading()
  const openLoading = useLoading()
  const issuesLoading = useLoading()

  /** Whether a file lies ready to be sent; the report offers to store it then. */
  const isReady = ref(false)
  /** Counts the wishes to store what was tried in a dry run; the form that holds the file carries them out. */
  const storeWish = ref(0)

  const isRunning = computed(() => current.value?.status === 'waiting' || current.value?.status === 'running')

  function loadImports(city: string): Promise<boolean> {
    return listLoading.run(
      (signal) => call(listImports, { params: { city } }, { signal }),
      (reply) => {
        imports.value = reply.imports
      },
    )
  }

  /** Sends a file; the answer is an import under way. */
  function upload(city: string, file: File, options: ImportOptionsInput): Promise<boolean> {
    const form = new FormData()
    form.set('options', JSON.stringify(options))
    form.set('file', file, file.name)
    current.value = null
    issues.value = []
    nextAfter.value = null
    return uploadLoading.run(
      (signal) => callUpload<ImportState>(IMPORT_UPLOAD_PATH, { city }, form, { signal }),
      (state) => {
        current.value = state
      },
    )
  }

  function open(city: string, id: string): Promise<boolean> {
    if (current.value?.id !== id) {
      issues.value = []
      nextAfter.value = null
    }
    return openLoading.run(
      (signal) => call(getImport, { params: { city, import: id } }, { signal }),
      (state) => {
        current.value = state
      },
    )
  }

  async function refresh(city: string): Promise<void> {
    const id = current.value?.id
    if (id === undefined) return
    const state = await call(getImport, { params: { city, import: id } })
    if (current.value?.id === id) current.value = state
  }

  async function cancel(city: string): Promise<void> {
    const id = current.value?.id
    if (id === undefined) return
    const state = await call(cancelImport, { params: { city, import: id } })
    if (current.value?.id === id) current.value = state
  }

  /** First page of issues, or the next one. */
  function loadIssues(city: string, isNext = false): Promise<boolean> {
    const id = current.value?.id
    if (id === undefined) return Promise.resolve(false)
    const after = isNext ? (nextAfter.value ?? 0) : 0
    return issuesLoading.run(
      (signal) => call(listImportIssues, { params: { city, import: id }, query: { after, limit: 200 } }, { signal }),
      (reply) => {
        issues.value = isNext ? [...issues.value, ...reply.issues] : reply.issues
        nextAfter.value = reply.nextAfter
      },
    )
  }

  /** Word of the live feed on an import. */
  function applyProgress(event: { importId: string; status: string; stage: string; percent: number }): void {
    const held = current.value
    if (!held || held.id !== event.importId || !isRunning.value || event.status !== 'running') return
    current.value = { ...held, status: 'running', stage: event.stage, percent: event.percent }
  }

  function setReady(ready: boolean): void {
    isReady.value = ready
  }

  function wishStore(): void {
    storeWish.value++
  }

  /** Puts the present import away, ready for another file. */
  function close(): void {
    uploadLoading.reset()
    openLoading.reset()
    issuesLoading.reset()
    current.value = null
    issues.value = []
    nextAfter.value = null
  }

  function clear(): void {
    close()
    listLoading.reset()
    imports.value = []
  }

  return {
    imports, current, issues, nextAfter, isReady, storeWish, isRunning,
    listStatus: listLoading.status, listFailure: listLoading.failure, uploadStatus: uploadLoading.status, uploadFailure: uploadLoading.failure,
    openStatus: openLoading.status, openFailure: openLoading.failure, issuesStatus: issuesLoading.status,
    loadImports, upload, open, refresh, cancel, loadIssues, applyProgress, setReady, wishStore, close, clear,
  }
})
