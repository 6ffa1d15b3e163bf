import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { type CoverageRun, type CoverageUnit, type Demand, getCoverageRun, startCoverageRun } from '../../server/contract/coverage.ts'
import { getScenarioVersion, type ScenarioEdit } from '../../server/contract/scenarios.ts'
import { call } from '../api.ts'
import { isEnded } from './coverage.ts'
import { type Failure, failureOf } from './loading.ts'
import { type ScenarioQuestion, useScenarioStore } from './scenario.ts'

export const DIFFERENCE_LEVELS = ['county', 'street', 'community', 'cell'] as const satisfies readonly CoverageUnit['level'][]
export type DifferenceLevel = (typeof DIFFERENCE_LEVELS)[number]

/** The city as it is, as the number of a version. */
export const AS_IT_IS = 0
export const MOST_COMPARED = 4

/** Two sides against each other: what differs by unit, or both on one map with a seam between them. Sides are numbers of versions, AS_IT_IS among them. */
export type ComparisonView = { from: number; to: number } & ({ kind: 'difference'; level: DifferenceLevel } | { kind: 'swipe'; /** Share of the map that the first side has, 0 to 1. */ seam: number })

/** A version with its edits and its whole answer, as far as they are there. */
export interface Compared {
  number: number
  title: string | null
  edits: readonly ScenarioEdit[] | null
  /** What it asks; the city as it is is asked what is asked now. */
  question: ScenarioQuestion | null
  run: CoverageRun | null
  failure: Failure | null
}

const WATCH_MILLISECONDS = 800

/** `swipe/0/7/50` or `difference/0/7/community`. */
export function encodeComparison(view: ComparisonView): string {
  return [view.kind, view.from, view.to, view.kind === 'swipe' ? Math.round(view.seam * 100) : view.level].join('/')
}

/** @returns null when the text is no comparison. */
export function decodeComparison(text: string): ComparisonView | null {
  const [kind, from = '', to = '', last = '', ...more] = text.split('/')
  if (more.length > 0 || from === to || ![from, to].every((one) => /^(0|[1-9]\d{0,8})$/.test(one))) return null
  const sides = { from: Number(from), to: Number(to) }
  if (kind === 'swipe') return /^\d{1,3}$/.test(last) && Number(last) <= 100 ? { kind, ...sides, seam: Number(last) / 100 } : null
  const level = DIFFERENCE_LEVELS.find((one) => one === last)
  return kind === 'difference' && level ? { kind, ...sides, level } : null
}

/** Versions of the scenario that is open beside each other, and two of them against each other. The numbers of all of it are those of whole runs. */
export const useScenarioComparisonStore = defineStore('scenario-comparison', () => {
  const scenario = useScenarioStore()
  const compared = shallowRef<ReadonlyMap<number, Compared>>(new Map())
  /** Those of the table. */
  const listed = shallowRef<readonly number[]>([])
  const view = ref<ComparisonView | null>(null)
  let asked = 0

  const scenarioId = computed(() => scenario.version?.scenario.id ?? null)
  const rows = computed(() => listed.value.flatMap((number) => compared.value.get(number) ?? []))

  function set(number: number, more: Partial<Compared>): void {
    const before = compared.value.get(number) ?? { number, title: null, edits: null, question: null, run: null, failure: null }
    compared.value = new Map(compared.value).set(number, { ...before, ...more })
  }

  async function follow(own: number, city: string, id: string, number: number): Promise<void> {
    const version = number === AS_IT_IS ? null : await call(getScenarioVersion, { params: { city, scenario: id, version: number } })
    const question = version?.question ?? scenario.question
    if (own !== asked || !question) return
    set(number, { title: version?.title ?? null, edits: version?.edits ?? [], question })
    let run = await call(startCoverageRun, { params: { city }, body: version ? { ...question, scenario: { id, version: number } } : question })
    while (own === asked) {
      set(number, { run })
      if (isEnded(run)) return
      await new Promise((resolve) => setTimeout(resolve, WATCH_MILLISECONDS))
      run = await call(getCoverageRun, { params: { city, run: run.id } })
    }
  }

  /** Sees to it that versions are there, with their whole answers; those that are or are under way are left as they are. */
  function need(numbers: readonly number[]): void {
    const [city, id, own] = [scenario.city, scenarioId.value, asked]
    if (city === null || id === null) return
    for (const number of numbers) {
      const present = compared.value.get(number)
      if (present && present.failure === null) continue
      set(number, { failure: null })
      follow(own, city, id, number).catch((error: unknown) => {
        if (own === asked) set(number, { failure: failureOf(error) })
      })
    }
  }

  /** Lists the city as it is and up to four versions. */
  function compare(numbers: readonly number[]): void {
    listed.value = [AS_IT_IS, ...numbers.slice(0, MOST_COMPARED)]
    need(listed.value)
  }

  /** What is served of what the question counts, by the whole answer; null while there is none. */
  function ratioOf(number: number) {
    const ratios = compared.value.get(number)?.run?.summary?.ratios
    return ratios?.[(scenario.demand?.name ?? 'population') as Demand] ?? null
  }

  function show(next: ComparisonView): void {
    view.value = next
    if (scenario.mode !== 'select') scenario.setMode('select')
  }

  function moveSeam(share: number): void {
    if (view.value?.kind === 'swipe') view.value = { ...view.value, seam: Math.min(1, Math.max(0, share)) }
  }

  function close(): void {
    view.value = null
  }

  watch(view, (shown) => {
    if (shown) need([shown.from, shown.to])
  })
  watch(scenarioId, (_id, before) => {
    asked += 1
    compared.value = new Map()
    listed.value = []
    if (before !== null) view.value = null
    // What is in the address may be there before its scenario.
    else if (view.value) need([view.value.from, view.value.to])
  })
  // The city as it is answers what is asked now.
  watch(() => JSON.stringify(scenario.question), () => {
    const held = compared.value.get(AS_IT_IS)
    if (!held || JSON.stringify(held.question) === JSON.stringify(scenario.question)) return
    compared.value = new Map([...compared.value].filter(([number]) => number !== AS_IT_IS))
    if (listed.value.includes(AS_IT_IS) || view.value?.from === AS_IT_IS || view.value?.to === AS_IT_IS) need([AS_IT_IS])
  })
  // The state that is being worked on goes on being looked at as it is saved anew.
  watch(
    () => scenario.version?.number,
    (number, before) => {
      const shown = view.value
      if (!shown || number === undefined || before === undefined || number !== before + 1 || scenario.versions.some((one) => one.number === before)) return
      if (shown.from === before || shown.to === before) view.value = { ...shown, from: shown.from === before ? number : shown.from, to: shown.to === before ? number : shown.to }
    },
  )
  // Whoever draws wants to see what is drawn.
  watch(() => scenario.mode, (mode) => {
    if (mode !== 'select' && view.value?.kind === 'swipe') view.value = null
  })

  return { compared, rows, view, compare, ratioOf, show, moveSeam, close }
})
