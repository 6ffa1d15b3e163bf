import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useScenarioStore } from '../../../client/stores/scenario.ts'
import { type ComparisonView, decodeComparison, encodeComparison, useScenarioComparisonStore } from '../../../client/stores/scenario-comparison.ts'

type Held = NonNullable<ReturnType<typeof useScenarioStore>['version']>
const held = (id: string, number: number) => ({ scenario: { id, title: '', version: number }, number, title: null, question: { rule: 'R' }, edits: [], drift: [] }) as unknown as Held
const settle = () => vi.waitFor(() => expect(pending).toBe(0))
let pending = 0
let asked: string[] = []

/** Versions 1 to 3 are there; each is answered at once. */
function answer(path: string, body: unknown): [number, unknown] {
  const version = /\/versions\/(\d+)$/.exec(path)?.[1]
  if (version !== undefined) return Number(version) <= 3 ? [200, { ...held('a', Number(version)), title: `v${version}`, edits: [{ id: version, kind: 'close', feature: 'x', name: '' }] }] : [404, { type: 'about:blank', title: 'not found', status: 404, code: 'not_found', detail: `There is no version ${version}.` }]
  const of = (body as { scenario?: { version: number } }).scenario?.version ?? 0
  return [200, { id: `run-${of}`, status: 'finished', percent: 100, error: null, summary: { ratios: { population: { covered: 100 + of, total: 200, ratio: (100 + of) / 200 } } } }]
}

beforeEach(() => {
  setActivePinia(createPinia())
  asked = []
  vi.stubGlobal('fetch', async (path: string, { body }: { body?: string } = {}) => {
    pending += 1
    asked.push(path)
    await Promise.resolve()
    const [status, told] = answer(path.split('?')[0]!, body === undefined ? undefined : JSON.parse(body))
    pending -= 1
    return new Response(JSON.stringify(told), { status })
  })
})
afterEach(() => vi.unstubAllGlobals())

test('what is looked at is read from the address as it was written; what is none is passed over', () => {
  const views: ComparisonView[] = [{ kind: 'swipe', from: 0, to: 12, seam: 0.37 }, { kind: 'difference', from: 3, to: 0, level: 'cell' }]
  for (const view of views) expect(decodeComparison(encodeComparison(view))).toEqual(view)
  for (const text of ['', 'swipe', 'swipe/1/1/50', 'swipe/0/1/101', 'swipe/0/-1/50', 'swipe/0/01/50', 'difference/0/1/city', 'difference/0/1/county/x', 'other/0/1/50']) expect(decodeComparison(text), text).toBeNull()
})

test('an address that comes before its scenario waits for it; its sides are told by the whole answers that the table tells', async () => {
  const scenario = useScenarioStore()
  const comparison = useScenarioComparisonStore()
  comparison.show({ kind: 'swipe', from: 0, to: 2, seam: 0.5 })
  await nextTick()
  expect(asked).toEqual([])
  scenario.city = 'demo'
  scenario.version = held('a', 3)
  await vi.waitFor(() => expect(comparison.ratioOf(2)).not.toBeNull())
  expect([comparison.ratioOf(0), comparison.ratioOf(2)]).toEqual([{ covered: 100, total: 200, ratio: 0.5 }, { covered: 102, total: 200, ratio: 0.51 }])
  const count = asked.length
  comparison.compare([2])
  comparison.moveSeam(0.8)
  await settle()
  expect(comparison.rows.map(({ run }) => run?.id)).toEqual(['run-0', 'run-2'])
  expect(asked.length).toBe(count)
})

test('a version that is not there says so and leaves the other side as it is', async () => {
  const scenario = useScenarioStore()
  const comparison = useScenarioComparisonStore()
  scenario.city = 'demo'
  scenario.version = held('a', 3)
  await nextTick()
  comparison.show({ kind: 'difference', from: 1, to: 9, level: 'street' })
  await vi.waitFor(() => expect(comparison.compared.get(9)?.failure?.code).toBe('not_found'))
  await vi.waitFor(() => expect(comparison.ratioOf(1)).not.toBeNull())
  expect(comparison.compared.get(1)?.failure).toBeNull()
})

test('the seam stays on the map; the state worked on goes on being looked at as it is saved; another scenario, drawing and closing end it', async () => {
  const scenario = useScenarioStore()
  const comparison = useScenarioComparisonStore()
  scenario.city = 'demo'
  scenario.version = held('a', 2)
  await nextTick()
  comparison.show({ kind: 'swipe', from: 0, to: 2, seam: 0.5 })
  comparison.moveSeam(1.7)
  expect(comparison.view).toMatchObject({ seam: 1 })
  scenario.version = held('a', 3)
  await nextTick()
  expect(comparison.view).toMatchObject({ from: 0, to: 3 })
  scenario.setMode('facility')
  await nextTick()
  expect(comparison.view).toBeNull()
  comparison.show({ kind: 'swipe', from: 0, to: 3, seam: 0.5 })
  expect(scenario.mode).toBe('select')
  await nextTick()
  scenario.version = held('b', 1)
  await nextTick()
  expect(comparison.view).toBeNull()
  await settle()
})
