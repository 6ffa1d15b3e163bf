import fc from 'fast-check'
import { createPinia, setActivePinia } from 'pinia'
import { expect, test } from 'vitest'
import { lightOf, LIGHTS } from '../../../server/contract/clocks.ts'
import type { IncidentSummary } from '../../../server/contract/incidents.ts'
import { lightNumber, useIncidentLightsStore } from '../../../client/stores/incident-lights.ts'

const START = Date.parse('2026-11-23T08:00:00Z')
const iso = (seconds: number) => new Date(START + seconds * 1000).toISOString()
const clock = fc
  .tuple(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 4, maxLength: 4 }), fc.option(fc.integer({ min: 0, max: 1000 })), fc.boolean())
  .map(([instants, paused, isSupervised]) => {
    const [blueAt = 0, amberAt = 0, dueAt = 0, darkRedAt = 0] = [...instants].sort((a, b) => a - b)
    return { clock: { stage: 'dispose' as const, blueAt: iso(blueAt), amberAt: iso(amberAt), dueAt: iso(dueAt), darkRedAt: iso(darkRedAt), pausedAt: paused === null ? null : iso(paused), stoppedAt: null }, isSupervised }
  })

test('the map says the same light as the list, at any instant', () => {
  setActivePinia(createPinia())
  const store = useIncidentLightsStore()
  fc.assert(
    fc.property(clock, fc.integer({ min: -10, max: 1010 }), (one, second) => {
      store.applyEvents([{ id: 'a', ...one } as IncidentSummary])
      const now = START + second * 1000
      const light = lightOf(one.clock, now, one.isSupervised)
      expect([...store.lightsOf(['a', 'unknown'], now)]).toEqual([light === null ? 0 : LIGHTS.indexOf(light) + 1, 0])
    }),
  )
})

test('a clock without an end has no light, and a case that ends loses its own', () => {
  setActivePinia(createPinia())
  expect(lightNumber({ blueAt: null, amberAt: null, dueAt: null, darkRedAt: null, standsAt: null, isSupervised: true }, START)).toBe(0)
  const store = useIncidentLightsStore()
  store.applyEvents([{ id: 'a', clock: { stage: 'close', blueAt: iso(1), amberAt: iso(2), dueAt: iso(3), darkRedAt: iso(4), pausedAt: null, stoppedAt: null }, isSupervised: false } as IncidentSummary])
  expect([...store.lightsOf(['a'], START + 3500)]).toEqual([4])
  store.applyEvents([{ id: 'a', clock: null, isSupervised: false } as IncidentSummary])
  expect([...store.lightsOf(['a'], START)]).toEqual([0])
})
