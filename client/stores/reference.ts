import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Reply } from '../../server/contract/endpoint.ts'
import {
  type CaseClassDetail, type CaseClassEdit, type ClassImportOptions, type ClassImportReport, editCaseClass, endCaseClass, exportCaseClasses, getCaseClass, importCaseClasses, listClassVersions,
} from '../../server/contract/reference.ts'
import { apiAddress, call, callUpload } from '../api.ts'
import { useIncidentsStore } from './incidents.ts'
import { useLoading } from './loading.ts'

export interface ClassKey {
  kind: 'part' | 'event'
  code: string
}

const IMPORT_TIMEOUT_MILLISECONDS = 120_000

/** The class schemes as people look at them and change them: the one chosen, one class with its history, a table that is to come in. */
export const useReferenceStore = defineStore('reference', () => {
  const incidents = useIncidentsStore()
  const schemeId = ref<string | null>(null)
  const chosen = shallowRef<ClassKey | null>(null)
  const detail = shallowRef<CaseClassDetail | null>(null)
  const versions = shallowRef<Reply<typeof listClassVersions>['versions']>([])
  const report = shallowRef<ClassImportReport | null>(null)
  const listLoading = useLoading()
  const detailLoading = useLoading()
  const versionsLoading = useLoading()
  const saving = useLoading()
  const importing = useLoading()

  const scheme = computed(() => incidents.schemes.find((one) => one.id === schemeId.value) ?? incidents.schemes[0] ?? null)

  /** The classes as they are now; filters and forms elsewhere use the same. */
  function load(): Promise<boolean> {
    return listLoading.run(() => incidents.loadClasses(), () => {})
  }

  function loadDetail(): Promise<boolean> {
    const [at, key] = [scheme.value?.id, chosen.value]
    if (at === undefined || !key) return Promise.resolve(false)
    return detailLoading.run(
      (signal) => call(getCaseClass, { params: { scheme: at, ...key } }, { signal }),
      (reply) => {
        detail.value = reply
      },
    )
  }

  function choose(key: ClassKey | null): void {
    if (chosen.value?.kind === key?.kind && chosen.value?.code === key?.code) return
    chosen.value = key
    detail.value = null
    detailLoading.reset()
    saving.reset()
    if (key) void loadDetail()
  }

  function chooseScheme(id: string): void {
    schemeId.value = id
    choose(null)
  }

  function loadVersions(): Promise<boolean> {
    const at = scheme.value?.id
    if (at === undefined) return Promise.resolve(false)
    return versionsLoading.run(
      (signal) => call(listClassVersions, { params: { scheme: at } }, { signal }),
      (reply) => {
        versions.value = reply.versions
      },
    )
  }

  /** @returns the new version; null when it was refused, with why in `saveFailure`. */
  async function save(key: ClassKey, version: number, reason: string, content: CaseClassEdit): Promise<number | null> {
    return change((signal, at) => call(editCaseClass, { params: { scheme: at, ...key }, body: { version, reason, content } }, { signal }), key)
  }

  async function end(key: ClassKey, version: number, reason: string): Promise<number | null> {
    return change((signal, at) => call(endCaseClass, { params: { scheme: at, ...key }, body: { version, reason } }, { signal }), key)
  }

  async function change(write: (signal: AbortSignal, at: string) => Promise<{ version: number }>, key: ClassKey): Promise<number | null> {
    const at = scheme.value?.id
    let version: number | null = null
    if (at === undefined) return null
    const isDone = await saving.run(
      (signal) => write(signal, at),
      (reply) => {
        version = reply.version
      },
    )
    if (!isDone) return null
    await load()
    chosen.value = key
    await loadDetail()
    return version
  }

  /** Looks through a table (`dryRun`) or takes it in. */
  async function importTable(file: File, options: ClassImportOptions): Promise<boolean> {
    const at = scheme.value?.id
    if (at === undefined) return false
    const form = new FormData()
    form.set('options', JSON.stringify(options))
    form.set('file', file, file.name)
    const isDone = await importing.run(
      (signal) => callUpload<ClassImportReport>(importCaseClasses.path, { scheme: at }, form, { signal, timeoutMilliseconds: IMPORT_TIMEOUT_MILLISECONDS }),
      (reply) => {
        report.value = reply
      },
    )
    if (isDone && !options.dryRun) {
      await load()
      if (chosen.value) await loadDetail()
    }
    return isDone
  }

  function forgetImport(): void {
    importing.reset()
    report.value = null
  }

  function tableAddress(content: 'present' | 'template', format: 'xlsx' | 'csv'): string {
    return apiAddress(exportCaseClasses.path, { scheme: scheme.value?.id ?? '' }, { content, format })
  }

  return {
    scheme, chosen, detail, versions, report, listStatus: listLoading.status, listFailure: listLoading.failure, detailStatus: detailLoading.status, detailFailure: detailLoading.failure, versionsStatus: versionsLoading.status,
    versionsFailure: versionsLoading.failure, saveStatus: saving.status, saveFailure: saving.failure, importStatus: importing.status, importFailure: importing.failure,
    load, loadDetail, choose, chooseScheme, loadVersions, save, end, importTable, forgetImport, tableAddress, forgetSaving: saving.reset,
  }
})
