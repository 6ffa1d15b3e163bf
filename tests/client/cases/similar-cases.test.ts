import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { City } from '../../../server/contract/cities.ts'
import type { DuplicateList } from '../../../server/contract/duplicates.ts'
import type { Incident } from '../../../server/contract/incidents.ts'
import SimilarCases from '../../../client/cases/SimilarCases.vue'
import { i18n } from '../../../client/i18n/index.ts'
import { useAccountStore } from '../../../client/stores/account.ts'
import { useSessionStore } from '../../../client/stores/session.ts'

const side = (id: string, over: object = {}) => ({
  id, reportNumber: `SL-${id}`, caseNumber: null, className: '暴露生活垃圾', state: 'pending_accept' as const, source: 'hotline_12345' as const, severity: 3 as const, description: `描述 ${id}`, address: '玉带西街', position: [113.4, 31.3] as [number, number],
  streetName: null, reportedAt: '2026-11-23T07:00:00Z', department: null, photos: [{ id: `photo-${id}`, kind: 'near' }], photoCount: 2, version: 7, ...over,
})
const list: DuplicateList = {
  about: side('this'), candidates: [{ ...side('older'), distanceMeters: 11.2, secondsBefore: 3600 }, { ...side('filed', { state: 'disposing' }), distanceMeters: 30, secondsBefore: -60 }],
  rule: { distanceMeters: 50, windowHours: 24 }, casesAtPlace: 31, isSuspiciousPlace: true,
}
const incident = (allowed: boolean) =>
  ({ id: 'this', version: 4, position: [113.4, 31.3], endedAt: null, actions: [{ action: 'merge_duplicate', allowed, to: 'void', obstacle: allowed ? null : 'role', reason: allowed ? null : { zh: '需要受理员', en: 'needs an operator' } }] }) as unknown as Incident

let asked: { path: string; body: unknown }[] = []
beforeEach(() => {
  setActivePinia(createPinia())
  asked = []
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    asked.push({ path, body: init.body ? JSON.parse(String(init.body)) : undefined })
    return Promise.resolve(new Response(JSON.stringify(path.endsWith('/duplicates') ? list : { id: 'this', version: 5 })))
  })
  useSessionStore().city = { key: 'demo', timeZone: 'Asia/Shanghai' } as City
  useAccountStore().state = { principal: { kind: 'person', id: 'x', name: '林知远', posts: [{ id: 'p', role: 'operator', cityKey: 'demo' }] } } as never
})
afterEach(() => vi.unstubAllGlobals())

async function shown(allowed: boolean) {
  const wrapper = mount(SimilarCases, { props: { incident: incident(allowed) }, global: { plugins: [i18n] } })
  await flushPromises()
  return wrapper
}

test('the nearest stands beside the case with photo, text, distance and age; a crowded coordinate is pointed out', async () => {
  const wrapper = await shown(true)
  const [card] = wrapper.findAll('article')
  expect(card?.find('.near').text()).toBe('相距 11 m · 早 1 小时')
  expect(card?.findAll('.text').map((one) => one.text())).toEqual(['描述 this', '描述 older'])
  expect(card?.findAll('img').map((one) => one.attributes('src'))).toEqual(['/api/v1/cities/demo/incidents/this/evidence/photo-this/thumbnail', '/api/v1/cities/demo/incidents/older/evidence/photo-older/thumbnail'])
  expect(wrapper.find('.suspicious').text()).toContain('同一坐标上已有 31 件案件')
})

test('one click merges this case into the other, or the other into this one with the version that was seen', async () => {
  const wrapper = await shown(true)
  await wrapper.find('article header .button').trigger('click')
  await flushPromises()
  expect(asked.find(({ body }) => body !== undefined)).toEqual({ path: '/api/v1/cities/demo/incidents/this/transitions', body: { action: 'merge_duplicate', version: 4, masterId: 'older' } })
  asked = []
  await wrapper.find('.reverse .button').trigger('click')
  await flushPromises()
  expect(asked.find(({ body }) => body !== undefined)).toEqual({ path: '/api/v1/cities/demo/incidents/older/transitions', body: { action: 'merge_duplicate', version: 7, masterId: 'this' } })
  // A case that was filed already is nobody's to be merged away.
  await wrapper.findAll('.fold')[1]?.trigger('click')
  expect(wrapper.findAll('article')[1]?.find('.reverse').exists()).toBe(false)
})

test('whoever may not merge sees why', async () => {
  const wrapper = await shown(false)
  const button = wrapper.find('article header .button')
  expect([button.attributes('aria-disabled'), button.attributes('title')]).toEqual(['true', '需要受理员'])
  await button.trigger('click')
  expect(asked.every(({ body }) => body === undefined)).toBe(true)
})
