import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { nextTick, ref } from 'vue'
import {
  bindUrlState, decodeCamera, decodeDrawings, decodeFilter, decodeSelection, encodeCamera, encodeDrawings, encodeFilter, encodeSelection, searchOf, type UrlEntry,
} from '../../client/url-state.ts'
import type { DrawingState } from '../../client/stores/state.ts'

const DEFAULTS: DrawingState[] = [
  { id: 'water_bodies', visible: true, opacity: 1 },
  { id: 'grid_measure', visible: false, opacity: 0.8 },
  { id: 'roads', visible: true, opacity: 1 },
  { id: 'incidents', visible: true, opacity: 1 },
]

test('a camera comes back from the address within a pixel', () => {
  const camera = fc.record({
    zoom: fc.double({ min: 0, max: 22, noNaN: true }), latitude: fc.double({ min: -80, max: 80, noNaN: true }), longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    bearing: fc.double({ min: -180, max: 180, noNaN: true }), pitch: fc.double({ min: 0, max: 60, noNaN: true }),
  })
  fc.assert(
    fc.property(camera, (before) => {
      const after = decodeCamera(encodeCamera(before))
      expect(after).not.toBeNull()
      for (const key of ['latitude', 'longitude'] as const) expect(Math.abs(after![key] - before[key])).toBeLessThanOrEqual(0.0000051)
      expect(Math.abs(after!.zoom - before.zoom)).toBeLessThanOrEqual(0.0051)
    }),
  )
})

test('a level map looking north says neither bearing nor pitch', () => {
  expect(encodeCamera({ zoom: 12, latitude: 30.5, longitude: 114.3, bearing: -0, pitch: 0 })).toBe('12/30.5/114.3')
})

test.each(['', '12', '12/30', '12/x/114', '12/95/114', '12/30/200', '40/30/114', '12/30/114/0', '12/30/114/0/0/0', '///', '12/30/114/0/95'])('%j is no camera', (text) => {
  expect(decodeCamera(text)).toBeNull()
})

test('visible layers come back in their order with their opacity; the others are hidden', () => {
  const drawings: DrawingState[] = [{ id: 'roads', visible: true, opacity: 1 }, { id: 'incidents', visible: false, opacity: 1 }, { id: 'grid_measure', visible: true, opacity: 0.35 }, { id: 'water_bodies', visible: true, opacity: 1 }]
  const text = encodeDrawings(drawings, DEFAULTS)
  expect(text).toBe('roads,grid_measure.35,water_bodies')
  const again = decodeDrawings(text, DEFAULTS)
  expect(again.filter((one) => one.visible)).toEqual(drawings.filter((one) => one.visible))
  expect(again.map((one) => one.id).toSorted()).toEqual(DEFAULTS.map((one) => one.id).toSorted())
})

test('layers that no longer exist and impossible opacities are passed over', () => {
  expect(decodeDrawings('zones,roads.900,constructor', DEFAULTS).filter((one) => one.visible)).toEqual([{ id: 'roads', visible: true, opacity: 1 }])
})

test('a selection is a kind and an id, and nothing else', () => {
  const selected = { kind: 'green_spaces', id: '0192c0de-0000-7000-8000-000000000001' } as const
  expect(decodeSelection(encodeSelection(selected)!)).toEqual(selected)
  expect(decodeSelection('blind_spot:3')).toEqual({ kind: 'blind_spot', id: '3' })
  for (const text of ['', 'green_spaces', 'green_spaces:', 'users:1', 'green_spaces:1:2']) expect(decodeSelection(text)).toBeNull()
})

test('any filter comes back as it was', () => {
  const filter = fc.record(
    {
      status: fc.constantFrom('open' as const, 'overdue' as const, 'ended' as const), sources: fc.constantFrom('collector', 'collector,hotline_12345'), areas: fc.constantFrom('420101001', '420101001002,420101001003'),
      from: fc.constant('2026-11-01T00:00:00+08:00'), text: fc.string({ minLength: 1, maxLength: 40 }).filter((text) => text.trim() === text),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(filter, (before) => {
      expect(decodeFilter(encodeFilter(before))).toEqual(before)
    }),
  )
})

test('faulty parts of a filter are left out and the rest holds', () => {
  expect(decodeFilter('status:burning;sources:collector;__proto__:x;;text;from:yesterday;severities:1')).toEqual({ sources: 'collector', severities: '1' })
})

const theme = ref('night')
const zoom = ref('10/30/114')
const entries: UrlEntry[] = [
  { name: 'v', read: () => zoom.value, write: (text) => (zoom.value = text), fallback: null },
  { name: 'theme', read: () => theme.value, write: (text) => (theme.value = text), fallback: 'night' },
]
let stop: () => void = () => undefined

beforeEach(() => {
  vi.useFakeTimers()
  theme.value = 'night'
  zoom.value = '10/30/114'
})
afterEach(() => {
  stop()
  vi.useRealTimers()
})

test('the address holds what differs from the default, and keys of others stay', () => {
  expect(searchOf(entries, '?kiosk=1&v=3/0/0')).toBe('?v=10/30/114&kiosk=1')
  theme.value = 'day'
  expect(searchOf(entries, '')).toBe('?v=10/30/114&theme=day')
})

test('a link is taken over at the start, and many changes make one new address', async () => {
  window.history.replaceState({ router: 1 }, '', '/?v=12/31/115&theme=day')
  stop = bindUrlState(entries)
  expect([zoom.value, theme.value]).toEqual(['12/31/115', 'day'])
  const replace = vi.spyOn(window.history, 'replaceState')
  for (const step of ['12.1/31/115', '12.2/31/115', '12.3/31/115']) {
    zoom.value = step
    await nextTick()
    vi.advanceTimersByTime(100)
  }
  expect(replace).not.toHaveBeenCalled()
  vi.advanceTimersByTime(300)
  expect(replace).toHaveBeenCalledOnce()
  expect(window.location.search).toBe('?v=12.3/31/115&theme=day')
  expect(window.history.state).toEqual({ router: 1, current: '/?v=12.3/31/115&theme=day' })
})

test('going back changes the state without a reload, defaults included', () => {
  window.history.replaceState(null, '', '/?v=12/31/115&theme=day')
  stop = bindUrlState(entries)
  window.history.replaceState(null, '', '/?v=9/31/115')
  window.dispatchEvent(new PopStateEvent('popstate'))
  expect([zoom.value, theme.value]).toEqual(['9/31/115', 'night'])
})
