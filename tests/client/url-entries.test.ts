import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { nextTick } from 'vue'
import { usePanelsStore } from '../../client/stores/panels.ts'
import { usePlanningStore } from '../../client/stores/planning.ts'
import { useSessionStore } from '../../client/stores/session.ts'
import { useViewStore } from '../../client/stores/view.ts'
import { urlEntries } from '../../client/url-entries.ts'
import { applySearch } from '../../client/url-state.ts'

const RUN = '01a21dac-db04-77b9-a52c-146d3aeb68a6'

beforeEach(() => {
  setActivePinia(createPinia())
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ id: RUN, kind: 'siting', status: 'finished' }), { status: 200 }))
  useSessionStore().city = { key: 'demo' } as never
})
afterEach(() => vi.unstubAllGlobals())

test.each(['run', 'plan'])('the link of an answer (%s) opens beside its question', async (key) => {
  const panels = usePanelsStore()
  applySearch(urlEntries(() => false), `?${key}=${RUN}`, true)
  await vi.waitFor(() => expect(panels.leftTab).toBe('planning'))
})

test('on a phone it leaves the map free', async () => {
  const panels = usePanelsStore()
  panels.isLeftOpen = false
  applySearch(urlEntries(() => false), `?run=${RUN}`, true)
  await new Promise((resolve) => setTimeout(resolve))
  await Promise.resolve()
  expect([panels.isLeftOpen, panels.leftTab]).toEqual([false, 'layers'])
})

test.each([
  ['goes to its answer', `?plan=${RUN}`, { kind: 'box', box: [113.4, 31.3, 113.41, 31.31], maxZoom: 16 }],
  ['stays where its address says', `?v=14/31.5/113.5&plan=${RUN}`, { kind: 'camera' }],
] as const)('the link of an answer %s', async (_name, search, wish) => {
  useSessionStore().city = { key: 'demo', boundingBox: [113, 31, 114, 32] } as never
  const [planning, view] = [usePlanningStore(), useViewStore()]
  applySearch(urlEntries(() => false), search, true)
  await vi.waitFor(() => expect(usePanelsStore().leftTab).toBe('planning'))
  planning.drawing = { kind: 'supply', drawing: { points: { positions: [113.4, 31.3, 113.41, 31.31] } } } as never
  await nextTick()
  expect(view.wish).toMatchObject(wish)
})
