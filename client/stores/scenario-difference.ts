import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { type CoverageUnit, type Demand, listCoverageUnits } from '../../server/contract/coverage.ts'
import { getScenarioVersion, type ScenarioEdit } from '../../server/contract/scenarios.ts'
import { call } from '../api.ts'
import type { WhatIfAnswer } from '../scenario/what-if-worker.ts'
import { useLoading } from './loading.ts'
import { useScenarioStore } from './scenario.ts'

export type DifferenceLevel = Exclude<CoverageUnit['level'], 'city'>
/** One side: a version, or 0 for the city as it is, with its whole run. */
export interface DifferenceSide {
  number: number
  title: string
  run: string
}
export interface UnitDifference {
  code: string
  name: string | null
  was: CoverageUnit
  is: CoverageUnit
  /** Of what is served, in the unit of the demand. */
  change: number
  /** In percentage points; null where either has no ratio. */
  points: number | null
}

/** Of land, less than half a square metre is the rounding of an overlay. */
const LEAST_M2 = 0.5

/** What differs of two sides by unit, the greatest change first; units without any are left out. */
export function differencesOf(before: readonly CoverageUnit[], after: readonly CoverageUnit[], demand: Demand): UnitDifference[] {
  const least = demand === 'residential' ? LEAST_M2 : 0
  const was = new Map(before.map((unit) => [unit.code, unit]))
  return after
    .flatMap((is): UnitDifference[] => {
      const one = was.get(is.code)
      if (!one || Math.abs(is.covered - one.covered) <= least) return []
      return [{ code: is.code, name: is.name, was: one, is, change: is.covered - one.covered, points: one.ratio === null || is.ratio === null ? null : (is.ratio - one.ratio) * 100 }]
    })
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || (a.code < b.code ? -1 : 1))
}

/** Two versions of the scenario that is open against each other: homes on the map, and units with what is served of them. */
export const useScenarioDifferenceStore = defineStore('scenario-difference', () => {
  const scenario = useScenarioStore()
  const from = shallowRef<DifferenceSide | null>(null)
  const to = shallowRef<DifferenceSide | null>(null)
  const level = ref<DifferenceLevel>('community')
  const units = shallowRef<UnitDifference[]>([])
  const answer = shallowRef<WhatIfAnswer | null>(null)
  const loading = useLoading()
  /** What units are told of: land where the question is about it. */
  const demand = computed<Demand>(() => (scenario.answer?.area?.kind === 'residential' ? 'residential' : ((scenario.demand?.name ?? 'population') as Demand)))

  async function editsOf(city: string, id: string, { number }: DifferenceSide, signal: AbortSignal): Promise<ScenarioEdit[]> {
    return number === 0 ? [] : (await call(getScenarioVersion, { params: { city, scenario: id, version: number } }, { signal })).edits
  }

  async function show(before: DifferenceSide, after: DifferenceSide, by: DifferenceLevel): Promise<void> {
    const [city, held] = [scenario.city, scenario.version]
    if (city === null || !held) return
    from.value = before
    to.value = after
    level.value = by
    await loading.run(
      async (signal) => {
        const unitsOf = async (run: string) => (await call(listCoverageUnits, { params: { city, run }, query: { level: by, demand: demand.value } }, { signal })).units
        const id = held.scenario.id
        const [one, other, was, is] = [await unitsOf(before.run), await unitsOf(after.run), await editsOf(city, id, before, signal), await editsOf(city, id, after, signal)]
        return { units: differencesOf(one, other, demand.value), answer: await scenario.difference(was, is) }
      },
      (found) => {
        units.value = found.units
        answer.value = found.answer
      },
    )
  }

  function close(): void {
    loading.reset()
    from.value = null
    to.value = null
    units.value = []
    answer.value = null
  }

  return { from, to, level, units, answer, demand, status: loading.status, failure: loading.failure, show, close }
})
