import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Evidence } from '../../../server/contract/evidence.ts'
import { ApiError } from '../../../client/api.ts'
import { useEvidenceStore } from '../../../client/stores/evidence.ts'

/** An upload that the test lets arrive, fail or hang. */
class FakeRequest {
  static open: FakeRequest[] = []
  upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {}
  onload?: () => void
  onerror?: () => void
  onabort?: () => void
  status = 0
  responseText = ''
  timeout = 0
  form: FormData | null = null
  open(): void {}
  setRequestHeader(): void {}
  send(form: FormData): void {
    this.form = form
    FakeRequest.open.push(this)
  }
  abort(): void {
    this.onabort?.()
  }
  answer(status: number, body: unknown): void {
    this.status = status
    this.responseText = JSON.stringify(body)
    this.onload?.()
  }
}

const photo = (name: string, bytes = 10, type = 'image/jpeg') => new File([new Uint8Array(bytes)], name, { type })
const stored = (id: string) => ({ evidence: { id, kind: 'after' } as Evidence, stored: 1, limit: 3, replayed: false })
const settle = () => new Promise((resolve) => setTimeout(resolve))

beforeEach(() => {
  setActivePinia(createPinia())
  FakeRequest.open = []
  vi.stubGlobal('XMLHttpRequest', FakeRequest)
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify({ evidence: [], limit: 3, limitBytes: 100 }))))
})
afterEach(() => vi.unstubAllGlobals())

test('photos go one after the other, each telling how far it is, and are with the case when they have arrived', async () => {
  const store = useEvidenceStore()
  await store.load('demo', 'case')
  const done = store.add('demo', 'after', [photo('a.jpg'), photo('b.jpg')])
  await settle()
  expect(FakeRequest.open).toHaveLength(1)
  FakeRequest.open[0]?.upload.onprogress?.({ loaded: 4, total: 10 })
  expect(store.uploads.map(({ status, progress }) => [status, progress])).toEqual([['sending', 0.4], ['waiting', 0]])
  FakeRequest.open[0]?.answer(201, stored('1'))
  await settle()
  FakeRequest.open[1]?.answer(201, stored('2'))
  await done
  expect(store.evidence.map(({ id }) => id)).toEqual(['1', '2'])
  expect(store.uploads.map(({ status }) => status)).toEqual(['stored', 'stored'])
})

test('one under way and one that waits can be given up, and sent again later', async () => {
  const store = useEvidenceStore()
  await store.load('demo', 'case')
  const done = store.add('demo', 'after', [photo('a.jpg'), photo('b.jpg')])
  await settle()
  const [first, second] = store.uploads
  store.cancel(second?.id ?? 0)
  store.cancel(first?.id ?? 0)
  await done
  expect(store.uploads.map(({ status }) => status)).toEqual(['cancelled', 'cancelled'])
  expect(FakeRequest.open).toHaveLength(1)
  const again = store.retry('demo', second?.id ?? 0)
  await settle()
  FakeRequest.open[1]?.answer(201, stored('2'))
  await again
  expect(store.uploads.map(({ status }) => status)).toEqual(['cancelled', 'stored'])
})

test('what cannot be stored is not sent, and the server’s refusal is kept with its photo', async () => {
  const store = useEvidenceStore()
  await store.load('demo', 'case')
  await store.add('demo', 'after', [photo('notes.pdf', 5, 'application/pdf'), photo('huge.jpg', 101)])
  expect(store.uploads.map(({ problem }) => problem)).toEqual(['no_image', 'too_large'])
  expect(FakeRequest.open).toHaveLength(0)
  const done = store.add('demo', 'after', [photo('strange.heic', 5, '')])
  await settle()
  FakeRequest.open[0]?.answer(415, { type: 'about:blank', title: 'unsupported file', status: 415, code: 'unsupported_file', detail: '不支持这种文件。It is not an image.' })
  await done
  const last = store.uploads.at(-1)
  expect([last?.status, last?.problem instanceof ApiError && last.problem.code]).toEqual(['failed', 'unsupported_file'])
})

test('another case takes nothing of the one before with it', async () => {
  const store = useEvidenceStore()
  await store.load('demo', 'case')
  const done = store.add('demo', 'after', [photo('a.jpg')])
  await settle()
  await store.load('demo', 'other')
  await done
  expect([store.uploads, store.evidence]).toEqual([[], []])
})
