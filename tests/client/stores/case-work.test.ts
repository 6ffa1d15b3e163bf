import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Incident } from '../../../server/contract/incidents.ts'
import { lastStep, useCaseWorkStore } from '../../../client/stores/case-work.ts'
import { useSelectionStore } from '../../../client/stores/selection.ts'

const incident = (version: number, flow: { action: string; actor: string }[] = []) => ({ id: 'a', version, flow, position: null }) as unknown as Incident
let answers: Record<string, { status: number; body: unknown }> = {}

beforeEach(() => {
  setActivePinia(createPinia())
  vi.stubGlobal('fetch', (path: string) => {
    const answer = answers[path.split('/').pop() ?? '']
    return Promise.resolve(new Response(JSON.stringify(answer?.body), { status: answer?.status ?? 500 }))
  })
})
afterEach(() => vi.unstubAllGlobals())

test('where somebody was faster, the case is read again and it can be said who did what', async () => {
  const selection = useSelectionStore()
  const work = useCaseWorkStore()
  selection.select({ kind: 'incidents', id: 'a' })
  selection.incident = incident(4)
  answers = {
    transitions: { status: 409, body: { type: 'about:blank', title: 'stale', status: 409, code: 'stale', detail: '林知远 已“受理”。' } },
    a: { status: 200, body: incident(5, [{ action: 'report', actor: '沈语嫣' }, { action: 'accept', actor: '林知远' }]) },
  }
  work.start('accept')
  await expect(work.act('demo', incident(4), 'accept', {})).rejects.toMatchObject({ code: 'stale' })
  expect(selection.incident?.version).toBe(5)
  expect(lastStep(selection.incident ?? incident(0))).toMatchObject({ who: '林知远', what: { zh: '受理', en: 'Accept' } })
  expect([work.started, work.isSending]).toEqual(['accept', false])
})

test('a step that went through closes its form and shows the case as it is now', async () => {
  const selection = useSelectionStore()
  const work = useCaseWorkStore()
  selection.select({ kind: 'incidents', id: 'a' })
  selection.incident = incident(4)
  answers = { transitions: { status: 201, body: incident(5) } }
  work.start('accept')
  await work.act('demo', incident(4), 'accept', {})
  expect([work.started, selection.incident?.version]).toEqual([null, 5])
})
