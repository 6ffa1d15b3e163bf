import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { type CoverageUnit, type Demand, listCoverageUnits, type PlacedCoverageUnit } from '../../server/contract/coverage.ts'
import { call } from '../api.ts'
import type { WhatIfSides } from '../scenario/served-homes.ts'
import { useLoading } from './loading.ts'
import { useScenarioStore } from './scenario.ts'
import { useScenarioComparisonStore } from './scenario-comparison.ts'

export interface UnitDifference {
  code: string
  name: string | null
  /** The feature that bears its code now, and its box; null where none does. */
  id: string | null
  boundingBox: PlacedCoverageUnit['boundingBox']
  was: CoverageUnit
  is: CoverageUnit
  /** Of what is served, in the unit of the demand. */
  change: number
  /** In percentage points; null where either has no ratio. */
  points: number | null
}

/** Of land, less than half a square metre is the rounding of an overlay. */
const LEAST_M2 = 0.5

/** Every unit of both sides, the greatest change first. Less change than can be told is none. */
export function differencesOf(before: readonly CoverageUnit[], after: readonly PlacedCoverageUnit[], demand: Demand): UnitDifference[] {
  const least = demand === 'residential' ? LEAST_M2 : 0
  const was = new Map(before.map((unit) => [unit.code, unit]))
  return after
    .flatMap((is): UnitDifference[] => {
      const one = was.get(is.code)
      if (!one) return []
      const isSame = Math.abs(is.covered - one.covered) <= least
      return [{ code: is.code, name: is.name, id: is.id, boundingBox: is.boundingBox, was: one, is, change: isSame ? 0 : is.covered - one.covered, points: one.ratio === null || is.ratio === null ? null : isSame ? 0 : (is.ratio - one.ratio) * 100 }]
    })
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || (a.code < b.code ? -1 : 1))
}

/** Two versions of the scenario that is open against each other: homes on the map, and units with what is served of them. */
export const useScenarioDifferenceStore = defineStore('scenario-difference', () => {
  const scenario = useScenarioStore()
  const comparison = useScenarioComparisonStore()
  /** All units of the level; the map colours those that do not differ too. */
  const all = shallowRef<UnitDifference[]>([])
  const units = computed(() => all.value.filter(({ change }) => change !== 0))
  /** Code of the unit that is looked at. */
  const chosen = ref<string | null>(null)
  const answer = shallowRef<WhatIfSides | null>(null)
  const loading = useLoading()
  /** What units are told of: land where the question is about it. */
  const demand = computed<Demand>(() => (scenario.before?.area?.kind === 'residential' ? 'residential' : ((scenario.demand?.name ?? 'population') as Demand)))

  const view = computed(() => (comparison.view?.kind === 'difference' ? comparison.view : null))
  const sideOf = (number: number | undefined) => (number === undefined ? undefined : comparison.compared.get(number))
  const from = computed(() => sideOf(view.value?.from) ?? null)
  const to = computed(() => sideOf(view.value?.to) ?? null)
  /** Why there is no difference to be seen: a version is not there, its whole answer failed, or the reading did. */
  const failure = computed(() => from.value?.failure ?? to.value?.failure ?? loading.failure.value)
  const runOf = (side: typeof from) => (side.value?.run?.status === 'finished' ? side.value.run.id : undefined)

  watch([() => runOf(from), () => runOf(to), () => view.value?.level, () => scenario.before], ([before, after, level]) => {
    const [city, was, is] = [scenario.city, from.value, to.value]
    if (city === null || !scenario.before || before === undefined || after === undefined || level === undefined || !was?.edits || !is?.edits) {
      loading.reset()
      all.value = []
      chosen.value = null
      answer.value = null
      return
    }
    void loading.run(
      async (signal) => {
        const unitsOf = async (run: string) => (await call(listCoverageUnits, { params: { city, run }, query: { level, demand: demand.value } }, { signal })).units
        const [one, other] = [await unitsOf(before), await unitsOf(after)]
        return { units: differencesOf(one, other, demand.value), answer: await scenario.sides(was, is) }
      },
      (found) => {
        all.value = found.units
        if (!found.units.some(({ code }) => code === chosen.value)) chosen.value = null
        answer.value = found.answer
      },
    )
  })

  const byId = computed(() => new Map(all.value.flatMap((unit) => (unit.id === null ? [] : [[unit.id, unit]]))))
  /** Layer of the tiles that draws the units of the level. */
  const drawnBy = computed(() => (view.value?.level === 'cell' ? 'unit_grids' : 'administrative_areas'))

  /** Looks at a unit; at none when it is the one that was looked at. */
  function choose(code: string | null): void {
    chosen.value = chosen.value === code ? null : code
  }

  return { view, from, to, all, byId, drawnBy, chosen, choose, units, answer, demand, status: loading.status, failure }
})
