import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { City } from '../../../server/contract/cities.ts'
import { i18n } from '../../../client/i18n/index.ts'
import ReportPage from '../../../client/ReportPage.vue'
import { useAccountStore } from '../../../client/stores/account.ts'
import { useIncidentsStore } from '../../../client/stores/incidents.ts'
import { useReportPlaceStore } from '../../../client/stores/report-place.ts'
import { useSessionStore } from '../../../client/stores/session.ts'

const scheme = { id: 'GBT30428.2-2013', titleZh: '国标', titleEn: 'Standard', largeClasses: [{ kind: 'event', code: '01', nameZh: '市容环境', nameEn: '' }], classes: [{ kind: 'event', code: '0112', largeCode: '01', nameZh: '暴露垃圾', nameEn: 'Litter', conditions: [] }] }
let asked: { path: string; key: string | null; body: Record<string, unknown> }[] = []
let answers: { status: number; body: unknown }[] = []

beforeEach(() => {
  setActivePinia(createPinia())
  asked = []
  answers = []
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    if (init.method !== 'POST') return new Promise(() => undefined)
    asked.push({ path, key: new Headers(init.headers).get('Idempotency-Key'), body: JSON.parse(String(init.body)) as Record<string, unknown> })
    const { status, body } = answers.shift() ?? { status: 201, body: { id: 'new-case', reportNumber: 'SL-20261127-00001' } }
    return Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' } }))
  })
  useSessionStore().city = { key: 'demo', timeZone: 'Asia/Shanghai' } as City
  useIncidentsStore().schemes = [scheme] as never
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

async function open(role: string) {
  useAccountStore().state = { mode: 'open', principal: { kind: 'person', id: 'x', name: '宋远', posts: [{ id: 'p', role, cityKey: 'demo', organisation: null, organisationId: null, areaCode: null }] } } as never
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/report', name: 'report', component: ReportPage }, { path: '/:rest(.*)', component: { render: () => null } }] })
  await router.push('/report')
  const page = mount(ReportPage, { attachTo: document.body, global: { plugins: [i18n, router], stubs: { MapSlot: true } } })
  await flushPromises()
  const send = async () => (await page.find('form').trigger('submit'), await flushPromises())
  const faults = () => page.findAll('.fault').map((one) => one.text())
  return { page, router, send, faults }
}

test('whoever does not report cases reads why, and finds no form', async () => {
  const { page } = await open('evaluator')
  expect(page.text()).toContain('您的岗位不能上报案件')
  expect(page.find('form').exists()).toBe(false)
  page.unmount()
})

test('what is missing is said at its field, and nothing is sent', async () => {
  const { page, send, faults } = await open('operator')
  expect(faults()).toEqual([])
  await send()
  expect(faults()).toEqual(['请选择小类', '请填写问题描述', '请确定位置'])
  expect(asked).toEqual([])
  page.unmount()
})

test('a click on the map is the place; after a cut line the same report is sent under the same key, and then the case is open', async () => {
  const { page, router, send, faults } = await open('operator')
  page.findComponent({ name: 'ElSelectV2' }).vm.$emit('update:modelValue', 'GBT30428.2-2013 event:0112')
  await page.find('textarea').setValue('路边垃圾未清')
  const place = useReportPlaceStore()
  expect(place.isWanted).toBe(true)
  place.pick(113.4277311, 31.3579)
  await flushPromises()
  answers = [{ status: 503, body: { type: 'x', title: 'x', status: 503, code: 'unavailable', detail: 'x' } }]
  await send()
  expect(page.find('[role=alert] .problem').text()).toContain('连不上服务器')
  await send()
  expect(faults()).toEqual([])
  expect(asked.map((one) => one.path)).toEqual(['/api/v1/cities/demo/incidents', '/api/v1/cities/demo/incidents'])
  expect(asked[0]?.body).toMatchObject({ classKind: 'event', classCode: '0112', description: '路边垃圾未清', position: [113.427731, 31.3579], placeMethod: 'map' })
  expect(new Set(asked.map((one) => one.key)).size).toBe(1)
  expect(router.currentRoute.value.path).toBe('/cases/new-case')
  page.unmount()
  // The map chooses again once nobody asks for a place.
  expect(place.isWanted).toBe(false)
})
