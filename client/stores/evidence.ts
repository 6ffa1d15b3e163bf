import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { EVIDENCE_UPLOAD_PATH, type addEvidence, type Evidence, type EvidenceKind, getEvidenceImage, getEvidenceOriginal, getEvidenceThumbnail, listEvidence } from '../../server/contract/evidence.ts'
import type { Reply } from '../../server/contract/endpoint.ts'
import { ApiError, apiAddress, call, callUploadWithProgress } from '../api.ts'
import { useLoading } from './loading.ts'

/** One photo on its way: nobody has to guess whether it arrived. */
export interface Upload {
  id: number
  name: string
  kind: EvidenceKind
  file: File
  status: 'waiting' | 'sending' | 'stored' | 'failed' | 'cancelled'
  /** Share of its bytes sent, 0 to 1. */
  progress: number
  /** Why it was not stored: our own check before it was sent, or what the server said. */
  problem: 'no_image' | 'too_large' | 'too_many' | ApiError | null
}

/** Photos of the case that is open, and those on their way to it. */
export const useEvidenceStore = defineStore('evidence', () => {
  const incident = shallowRef<string | null>(null)
  const evidence = shallowRef<Evidence[]>([])
  /** Photos a case may have, and bytes of one; 0 while not known. */
  const limit = shallowRef(0)
  const limitBytes = shallowRef(0)
  const uploads = shallowRef<Upload[]>([])
  const loading = useLoading()
  const isSending = computed(() => uploads.value.some((one) => one.status === 'waiting' || one.status === 'sending'))
  const underWay = new Map<number, AbortController>()
  let lastId = 0

  function load(city: string, id: string): Promise<boolean> {
    if (incident.value !== id) {
      for (const controller of underWay.values()) controller.abort()
      incident.value = id
      evidence.value = []
      uploads.value = []
    }
    return loading.run(
      (signal) => call(listEvidence, { params: { city, id } }, { signal }),
      (reply) => {
        evidence.value = reply.evidence
        limit.value = reply.limit
        limitBytes.value = reply.limitBytes
      },
    )
  }

  function mark(id: number, change: Partial<Upload>): void {
    uploads.value = uploads.value.map((one) => (one.id === id ? { ...one, ...change } : one))
  }

  /** What can be known without sending it. A camera that names no type is left to the server, which looks into the file. */
  function obstacle({ file }: Upload): Upload['problem'] {
    if (file.type !== '' && !file.type.startsWith('image/')) return 'no_image'
    if (limitBytes.value > 0 && file.size > limitBytes.value) return 'too_large'
    return limit.value > 0 && evidence.value.length >= limit.value ? 'too_many' : null
  }

  async function send(city: string, target: string, upload: Upload): Promise<void> {
    // Given up while it waited for its turn.
    if (uploads.value.find((one) => one.id === upload.id)?.status === 'cancelled') return
    const problem = obstacle(upload)
    if (problem !== null) return mark(upload.id, { status: 'failed', problem })
    mark(upload.id, { status: 'sending', problem: null, progress: 0 })
    const controller = new AbortController()
    underWay.set(upload.id, controller)
    const form = new FormData()
    form.set('kind', upload.kind)
    form.set('file', upload.file, upload.name)
    try {
      const reply = await callUploadWithProgress<Reply<typeof addEvidence>>(EVIDENCE_UPLOAD_PATH, { city, id: target }, form, { signal: controller.signal, onProgress: (progress) => mark(upload.id, { progress }) })
      mark(upload.id, { status: 'stored', progress: 1 })
      if (incident.value === target && !evidence.value.some((one) => one.id === reply.evidence.id)) evidence.value = [...evidence.value, reply.evidence]
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      mark(upload.id, error.code === 'cancelled' ? { status: 'cancelled' } : { status: 'failed', problem: error })
    } finally {
      underWay.delete(upload.id)
    }
  }

  /** Sends photos one after the other, so that a weak line is not shared by many. */
  async function add(city: string, kind: EvidenceKind, files: readonly File[]): Promise<void> {
    const target = incident.value
    if (target === null) return
    const added = files.map((file): Upload => ({ id: ++lastId, name: file.name, kind, file, status: 'waiting', progress: 0, problem: null }))
    uploads.value = [...uploads.value, ...added]
    for (const upload of added) await send(city, target, upload)
  }

  async function retry(city: string, id: number): Promise<void> {
    const upload = uploads.value.find((one) => one.id === id)
    if (!upload || incident.value === null) return
    mark(id, { status: 'waiting' })
    await send(city, incident.value, upload)
  }

  /** Gives a photo up that waits or is being sent; what the server has already is kept. */
  function cancel(id: number): void {
    const controller = underWay.get(id)
    if (controller) controller.abort()
    else mark(id, { status: 'cancelled' })
  }

  /** A form that opens anew does not tell of what the one before it sent. */
  function forgetStored(): void {
    uploads.value = uploads.value.filter((one) => one.status !== 'stored' && one.status !== 'cancelled')
  }

  const addressOf = (endpoint: { path: string }) => (city: string, one: string): string => apiAddress(endpoint.path, { city, id: incident.value ?? '', evidence: one })

  return {
    incident, evidence, limit, limitBytes, uploads, isSending, status: loading.status, failure: loading.failure, load, add, retry, cancel, forgetStored,
    imageAddress: addressOf(getEvidenceImage), thumbnailAddress: addressOf(getEvidenceThumbnail), originalAddress: addressOf(getEvidenceOriginal),
  }
})
