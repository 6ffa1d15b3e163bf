import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { LIGHTS } from '../../server/contract/clocks.ts'
import type { Reply } from '../../server/contract/endpoint.ts'
import { listIncidentLights } from '../../server/contract/incident-lights.ts'
import type { IncidentFilterInput, IncidentSummary } from '../../server/contract/incidents.ts'
import { call } from '../api.ts'
import { useLoading } from './loading.ts'

/** What a light is read from; seconds since 1970, null where the clock has no end or does not rest. */
interface Marks {
  blueAt: number | null
  amberAt: number | null
  dueAt: number | null
  darkRedAt: number | null
  standsAt: number | null
  isSupervised: boolean
}

/** A light as the map carries it: 0 without a clock, else its place in LIGHTS and one. */
export function lightNumber(marks: Marks | undefined, now: number): number {
  if (!marks || marks.blueAt === null || marks.amberAt === null || marks.dueAt === null || marks.darkRedAt === null) return 0
  if (marks.isSupervised) return LIGHTS.indexOf('dark_red') + 1
  const measured = Math.min(now / 1000, marks.standsAt ?? Infinity)
  if (measured > marks.darkRedAt) return LIGHTS.indexOf('dark_red') + 1
  if (measured > marks.dueAt) return LIGHTS.indexOf('red') + 1
  if (measured >= marks.amberAt) return LIGHTS.indexOf('amber') + 1
  return LIGHTS.indexOf(measured >= marks.blueAt ? 'blue' : 'green') + 1
}

function marksOf(reply: Reply<typeof listIncidentLights>): Map<string, Marks> {
  const at = (column: readonly (number | null)[], row: number) => column[row] ?? null
  return new Map(
    reply.ids.map((id, row) => [
      id,
      { blueAt: at(reply.blueAt, row), amberAt: at(reply.amberAt, row), dueAt: at(reply.dueAt, row), darkRedAt: at(reply.darkRedAt, row), standsAt: at(reply.standsAt, row), isSupervised: reply.supervised[row] ?? false },
    ]),
  )
}

/** The clocks of the points on the map, read when the map is coloured by light and kept true by the live feed. */
export const useIncidentLightsStore = defineStore('incident-lights', () => {
  const marks = shallowRef<ReadonlyMap<string, Marks>>(new Map())
  const isCut = shallowRef(false)
  const loading = useLoading()

  function load(city: string, filter: IncidentFilterInput): Promise<boolean> {
    return loading.run(
      (signal) => call(listIncidentLights, { params: { city }, query: filter }, { signal }),
      (reply) => {
        marks.value = marksOf(reply)
        isCut.value = reply.isCut
      },
    )
  }

  function applyEvents(incidents: readonly IncidentSummary[]): void {
    const next = new Map(marks.value)
    const seconds = (instant: string | null) => (instant === null ? null : Math.floor(Date.parse(instant) / 1000))
    for (const { id, clock, isSupervised } of incidents) {
      if (clock === null) next.delete(id)
      else next.set(id, { blueAt: seconds(clock.blueAt), amberAt: seconds(clock.amberAt), dueAt: seconds(clock.dueAt), darkRedAt: seconds(clock.darkRedAt), standsAt: seconds(clock.pausedAt), isSupervised })
    }
    marks.value = next
  }

  /**
   * The light of every row of the map's columns.
   * @param now server time, ms since 1970
   */
  function lightsOf(ids: readonly string[], now: number): Uint8Array {
    return Uint8Array.from(ids, (id) => lightNumber(marks.value.get(id), now))
  }

  function clear(): void {
    loading.reset()
    marks.value = new Map()
  }

  return { marks, isCut, status: loading.status, failure: loading.failure, load, applyEvents, lightsOf, clear }
})
