import { flushPromises, shallowMount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { City } from '../../../server/contract/cities.ts'
import EvaluationPage from '../../../client/evaluation/EvaluationPage.vue'
import { i18n } from '../../../client/i18n/index.ts'
import { useAccountStore } from '../../../client/stores/account.ts'
import { useEvaluationStore } from '../../../client/stores/evaluation.ts'
import { useSessionStore } from '../../../client/stores/session.ts'

beforeEach(() => {
  setActivePinia(createPinia())
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-27T08:00:00Z') })
  useSessionStore().city = { key: 'demo', timeZone: 'Asia/Shanghai' } as City
  useAccountStore().state = { mode: 'open', principal: { kind: 'person', id: 'x', name: '宋远', posts: [{ id: 'p', role: 'leader', cityKey: 'demo', organisation: null, organisationId: null, areaCode: null }] } } as never
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

async function openWith(newest: string | null, status = 200): Promise<string | null> {
  vi.stubGlobal('fetch', (path: string) => (path.includes('/incidents?') ? Promise.resolve(new Response(JSON.stringify({ rows: newest === null ? [] : [{ reportedAt: newest }], nextCursor: null, asOf: '2026-11-27T08:00:00Z' }), { status })) : new Promise(() => undefined)))
  const page = shallowMount(EvaluationPage, { global: { plugins: [i18n] } })
  await flushPromises()
  page.unmount()
  return useEvaluationStore().period?.fromDay ?? null
}

test.each([
  ['cases of this month', '2026-11-20T00:00:00Z', '2026-10-01'],
  ['cases that ended years ago, late on the last evening of their month', '2024-03-31T15:30:00Z', '2024-03-01'],
  ['cases of the first morning of a month, by the city’s clock', '2024-03-31T16:30:00Z', '2024-04-01'],
  ['no case at all', null, '2026-10-01'],
])('a city with %s opens on the month that has something to show', async (_what, newest, month) => {
  expect(await openWith(newest)).toBe(month)
})

test('where the newest case cannot be told, the page opens as usual', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  expect(await openWith('2024-03-31T15:30:00Z', 500)).toBe('2026-10-01')
})
