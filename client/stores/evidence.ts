import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { EVIDENCE_UPLOAD_PATH, type addEvidence, type Evidence, type EvidenceKind, getEvidenceImage, getEvidenceOriginal, getEvidenceThumbnail, listEvidence } from '../../server/contract/evidence.ts'
import type { Reply } from '../../server/contract/endpoint.ts'
import { apiAddress, call, callUpload } from '../api.ts'
import { failureOf, useLoading } from './loading.ts'

/** One photo on its way: nobody has to guess whether it arrived. */
export interface Upload {
  id: number
  name: string
  kind: EvidenceKind
  file: File
  status: 'waiting' | 'sending' | 'stored' | 'failed'
  why: string | null
}

/** Photos of the case that is open, and those on their way to it. */
export const useEvidenceStore = defineStore('evidence', () => {
  const incident = shallowRef<string | null>(null)
  const evidence = shallowRef<Evidence[]>([])
  const limit = shallowRef(0)
  const uploads = shallowRef<Upload[]>([])
  const loading = useLoading()
  const isSending = computed(() => uploads.value.some((one) => one.status === 'waiting' || one.status === 'sending'))
  let lastId = 0

  function load(city: string, id: string): Promise<boolean> {
    if (incident.value !== id) {
      incident.value = id
      evidence.value = []
      uploads.value = []
    }
    return loading.run(
      (signal) => call(listEvidence, { params: { city, id } }, { signal }),
      (reply) => {
        evidence.value = reply.evidence
        limit.value = reply.limit
      },
    )
  }

  function mark(id: number, change: Partial<Upload>): void {
    uploads.value = uploads.value.map((one) => (one.id === id ? { ...one, ...change } : one))
  }

  async function send(city: string, target: string, upload: Upload): Promise<void> {
    mark(upload.id, { status: 'sending', why: null })
    const form = new FormData()
    form.set('kind', upload.kind)
    form.set('file', upload.file, upload.name)
    try {
      const reply = await callUpload<Reply<typeof addEvidence>>(EVIDENCE_UPLOAD_PATH, { city, id: target }, form)
      mark(upload.id, { status: 'stored' })
      if (incident.value === target && !evidence.value.some((one) => one.id === reply.evidence.id)) evidence.value = [...evidence.value, reply.evidence]
    } catch (error) {
      mark(upload.id, { status: 'failed', why: failureOf(error).message })
    }
  }

  /** Sends photos one after the other, so that a weak line is not shared by many. */
  async function add(city: string, kind: EvidenceKind, files: readonly File[]): Promise<void> {
    const target = incident.value
    if (target === null) return
    const added = files.map((file): Upload => ({ id: ++lastId, name: file.name, kind, file, status: 'waiting', why: null }))
    uploads.value = [...uploads.value, ...added]
    for (const upload of added) await send(city, target, upload)
  }

  async function retry(city: string, id: number): Promise<void> {
    const upload = uploads.value.find((one) => one.id === id)
    if (upload && incident.value !== null) await send(city, incident.value, upload)
  }

  const addressOf = (endpoint: { path: string }) => (city: string, one: string): string => apiAddress(endpoint.path, { city, id: incident.value ?? '', evidence: one })

  return {
    incident, evidence, limit, uploads, isSending, status: loading.status, failure: loading.failure, load, add, retry,
    imageAddress: addressOf(getEvidenceImage), thumbnailAddress: addressOf(getEvidenceThumbnail), originalAddress: addressOf(getEvidenceOriginal),
  }
})
