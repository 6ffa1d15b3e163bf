import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { City } from '../../../server/contract/cities.ts'
import type { SavedFilter } from '../../../server/contract/workbench.ts'
import { i18n } from '../../../client/i18n/index.ts'
import { useAccountStore } from '../../../client/stores/account.ts'
import { useIncidentsStore } from '../../../client/stores/incidents.ts'
import { useSavedFiltersStore } from '../../../client/stores/saved-filters.ts'
import { useSessionStore } from '../../../client/stores/session.ts'
import { urlStateOf, viewOf } from '../../../client/workbench/saved-filter-state.ts'
import SavedFilterDialog from '../../../client/workbench/SavedFilterDialog.vue'
import SavedFilters from '../../../client/workbench/SavedFilters.vue'

const NOW = Date.parse('2026-11-23T08:00:00Z')
const kept = (over: Partial<SavedFilter> = {}): SavedFilter => ({ id: '0192d000-0000-7000-8000-000000000001', name: '东津超时', share: 'own', urlState: 'f=status%3Aoverdue%3Bareas%3A990102003000&sort=due', owner: '郑书航', isMine: true, version: 3, updatedAt: '2026-11-23T07:00:00Z', ...over })

let asked: { method: string; path: string; body: unknown }[] = []
let answers: { status: number; body: unknown }[] = []
const problem = (code: string, detail: string) => ({ type: `urn:xiucheng:problem:${code}`, title: detail, status: 409, code, detail })

beforeEach(() => {
  setActivePinia(createPinia())
  asked = []
  answers = []
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    asked.push({ method: init.method ?? 'GET', path, body: init.body ? JSON.parse(String(init.body)) : undefined })
    const answer = answers.shift() ?? { status: 200, body: { filters: [] } }
    return Promise.resolve(new Response(JSON.stringify(answer.body), { status: answer.status, headers: { 'content-type': answer.status < 400 ? 'application/json' : 'application/problem+json' } }))
  })
  useSessionStore().city = { key: 'demo', timeZone: 'Asia/Shanghai' } as City
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

describe('what a saved filter keeps', () => {
  test('filter and order come back as they were', () => {
    const view = { filter: { queue: 'checking' as const, classes: 'event:0112,part:01', text: '井盖 %;&' }, sort: 'due' as const }
    expect(viewOf(urlStateOf(view, NOW), NOW)).toEqual(view)
  })
  test('“the last 24 hours” are those before it is used, not before it was saved', () => {
    const saved = urlStateOf({ filter: { from: '2026-11-22T08:00:00.000Z' }, sort: 'reported' }, NOW)
    expect(viewOf(saved, NOW + 86_400_000).filter.from).toBe('2026-11-23T08:00:00.000Z')
  })
  test('what this version does not know is left out', () => {
    expect(viewOf('f=states%3Anonsense%3Btext%3A%E6%A0%91&sort=by_moon&x=1', NOW)).toEqual({ filter: { text: '树' }, sort: 'reported' })
  })
  test('the text can be stored as the query of an address', () => {
    expect(urlStateOf({ filter: { text: '井盖 破损' }, sort: 'due' }, NOW)).toMatch(/^[\x21-\x7e]*$/)
  })
})

test('one click shows the cases of a saved filter, in its order', async () => {
  answers = [{ status: 200, body: { filters: [kept(), kept({ id: '0192d000-0000-7000-8000-000000000002', name: '全市热线', share: 'city', isMine: false, owner: '宋远' })] } }]
  const rail = mount(SavedFilters, { global: { plugins: [i18n] } })
  await flushPromises()
  const names = rail.findAll('.use').map((one) => one.find('.name').text())
  expect(names).toEqual(['东津超时', '全市热线'])
  await rail.findAll('.use')[0]?.trigger('click')
  const incidents = useIncidentsStore()
  expect([incidents.filter, incidents.sort]).toEqual([{ status: 'overdue', areas: '990102003000' }, 'due'])
  expect(rail.findAll('.use')[0]?.attributes('aria-current')).toBe('true')
  // Only one's own can be changed, and only by a person.
  expect(rail.findAll('.edit')).toHaveLength(0)
  useAccountStore().state = { principal: { kind: 'person', id: 'x', name: '郑书航', posts: [] } } as never
  await flushPromises()
  expect(rail.findAll('.edit')).toHaveLength(1)
  rail.unmount()
})

test('a change made elsewhere meanwhile is told, and the newer one is what is open then', async () => {
  const saved = useSavedFiltersStore()
  saved.filters = [kept()]
  answers = [
    { status: 409, body: problem('stale', '该筛选已被修改，请刷新后再试。The view was changed meanwhile; read it again.') },
    { status: 200, body: { filters: [kept({ version: 4, name: '东津超时件' })] } },
    { status: 200, body: kept({ version: 5, name: '东津' }) },
  ]
  const dialog = mount(SavedFilterDialog, { props: { present: 'f=&sort=reported', modelValue: kept() }, global: { plugins: [i18n], stubs: { teleport: true, transition: true } }, attachTo: document.body })
  await flushPromises()
  await dialog.find('input.control').setValue('东津')
  await dialog.find('form').trigger('submit')
  await flushPromises()
  expect(dialog.find('[role="alert"]').text()).toBe('该筛选已被修改，请刷新后再试。')
  expect(asked.map(({ method }) => method)).toEqual(['PATCH', 'GET'])
  await dialog.find('form').trigger('submit')
  await flushPromises()
  expect(asked[2]).toMatchObject({ method: 'PATCH', body: { version: 4, name: '东津', share: 'own' } })
  expect(saved.filters.map(({ name, version }) => [name, version])).toEqual([['东津', 5]])
  dialog.unmount()
})

test('giving one up asks once more, and it is gone from the rail', async () => {
  const saved = useSavedFiltersStore()
  saved.filters = [kept()]
  answers = [{ status: 200, body: { id: kept().id } }]
  const dialog = mount(SavedFilterDialog, { props: { present: 'f=&sort=reported', modelValue: kept() }, global: { plugins: [i18n], stubs: { teleport: true, transition: true } }, attachTo: document.body })
  await flushPromises()
  const remove = dialog.find('.danger')
  await remove.trigger('click')
  expect(asked).toEqual([])
  expect(remove.text()).toBe('确定删除')
  await remove.trigger('click')
  await flushPromises()
  expect(asked[0]).toMatchObject({ method: 'POST', path: `/api/v1/cities/demo/saved-filters/${kept().id}/end`, body: { version: 3 } })
  expect(saved.filters).toEqual([])
  dialog.unmount()
})
