import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import {
  type BlindSpot, cancelCoverageRun, COVERAGE_EXPORT_PATH, type COVERAGE_EXPORT_FORMATS, type CoverageInput, type CoverageRun, type CoverageUnit, type Demand,
  getCoverageMap, getCoverageRun, listBlindSpots, listCoverageRuns, listCoverageUnits, listServiceRules, type ServiceRule, startCoverageRun,
} from '../../server/contract/coverage.ts'
import { apiAddress, call } from '../api.ts'
import { useLoading } from './loading.ts'
import type { CoverageState } from './state.ts'

export type UnitLevel = CoverageUnit['level']
const OTHER_LEVELS = ['county', 'community', 'cell'] as const satisfies readonly UnitLevel[]

const DEFAULT_INPUT: CoverageInput = { facility: 'green', layers: [], rule: 'GARDEN_CITY_2022', demand: 'residential', everyFeature: false, clipToCity: false }

/** Whether a run has come to its end, well or not. */
export function isEnded(run: Pick<CoverageRun, 'status'>): boolean {
  return run.status === 'finished' || run.status === 'failed' || run.status === 'cancelled'
}

/** The coverage question, its run, and the answer: ratio, units, blind spots and their shapes. */
export const useCoverageStore = defineStore('coverage', () => {
  const input = ref<CoverageInput>({ ...DEFAULT_INPUT })
  const run = shallowRef<CoverageRun | null>(null)
  /** The served area, or the streets within the walk. */
  const served = shallowRef<CoverageState['served']>(null)
  const areStreetsCut = ref(false)
  const blindSpotShapes = shallowRef<CoverageState['blindSpotShapes']>([])
  const blindSpots = shallowRef<BlindSpot[]>([])
  const blindSpotTotal = ref(0)
  const units = shallowRef<CoverageUnit[]>([])
  const unitLevel = ref<UnitLevel>('street')
  /** Until one is chosen, a city without streets is told by what it has. */
  let isLevelChosen = false
  const unitDemand = ref<Demand | null>(null)
  const rules = shallowRef<ServiceRule[]>([])
  const recent = shallowRef<CoverageRun[]>([])
  const rulesLoading = useLoading()
  const runLoading = useLoading()
  const resultLoading = useLoading()
  const unitsLoading = useLoading()

  const runId = computed(() => run.value?.id ?? null)
  const isRunning = computed(() => run.value !== null && !isEnded(run.value))

  function setInput(next: CoverageInput): void {
    input.value = next
  }

  function loadRules(city: string): Promise<boolean> {
    return rulesLoading.run(
      (signal) => call(listServiceRules, { params: { city } }, { signal }),
      (reply) => {
        rules.value = reply.rules
      },
    )
  }

  async function loadRecent(city: string): Promise<void> {
    recent.value = (await call(listCoverageRuns, { params: { city }, query: { limit: 20 } })).runs
  }

  function forgetResult(): void {
    resultLoading.reset()
    unitsLoading.reset()
    served.value = null
    blindSpotShapes.value = []
    blindSpots.value = []
    blindSpotTotal.value = 0
    units.value = []
  }

  /** Asks the question as it stands. */
  function start(city: string): Promise<boolean> {
    const body = input.value
    forgetResult()
    return runLoading.run(
      (signal) => call(startCoverageRun, { params: { city }, body }, { signal }),
      (reply) => {
        run.value = reply
      },
    )
  }

  /** Takes up a run by its id: from the address after a reload, or from the list of recent ones. */
  function openRun(city: string, id: string): Promise<boolean> {
    if (run.value?.id !== id) forgetResult()
    return runLoading.run(
      (signal) => call(getCoverageRun, { params: { city, run: id } }, { signal }),
      (reply) => {
        run.value = reply
      },
    )
  }

  /** Asks how far the present run is. */
  async function refresh(city: string): Promise<void> {
    const id = run.value?.id
    if (id === undefined) return
    const reply = await call(getCoverageRun, { params: { city, run: id } })
    if (run.value?.id === id) run.value = reply
  }

  async function cancel(city: string): Promise<void> {
    const id = run.value?.id
    if (id === undefined) return
    const reply = await call(cancelCoverageRun, { params: { city, run: id } })
    if (run.value?.id === id) run.value = reply
  }

  /** Word of the live feed on a run; stage and percent only, the summary is fetched when it has finished. */
  function applyProgress(event: { runId: string; status: string; stage: string; percent: number }): void {
    const held = run.value
    if (!held || held.id !== event.runId || isEnded(held) || event.status !== 'running') return
    run.value = { ...held, status: 'running', stage: event.stage as CoverageRun['stage'], percent: event.percent }
  }

  /** Shapes and table of a finished run. */
  function loadResult(city: string): Promise<boolean> {
    const id = run.value?.id
    if (id === undefined) return Promise.resolve(false)
    return resultLoading.run(
      (signal) => Promise.all([call(getCoverageMap, { params: { city, run: id } }, { signal, timeoutMilliseconds: 60_000 }), call(listBlindSpots, { params: { city, run: id }, query: { limit: 5000 } }, { signal })]),
      ([shapes, list]) => {
        served.value = shapes.served ?? shapes.streets?.geometry ?? null
        areStreetsCut.value = shapes.streets?.isCut ?? false
        blindSpotShapes.value = shapes.blindSpots
        blindSpots.value = list.blindSpots
        blindSpotTotal.value = list.total
      },
    )
  }

  function setUnitLevel(level: UnitLevel): void {
    isLevelChosen = true
    unitLevel.value = level
  }

  function setUnitDemand(demand: Demand | null): void {
    unitDemand.value = demand
  }

  function loadUnits(city: string): Promise<boolean> {
    const id = run.value?.id
    if (id === undefined) return Promise.resolve(false)
    const more = unitDemand.value ? { demand: unitDemand.value } : {}
    const at = (level: UnitLevel, signal: AbortSignal) => call(listCoverageUnits, { params: { city, run: id }, query: { level, ...more } }, { signal })
    return unitsLoading.run(
      async (signal) => {
        const asked = { level: unitLevel.value, ...(await at(unitLevel.value, signal)) }
        if (isLevelChosen || asked.units.length > 0) return asked
        for (const level of OTHER_LEVELS) {
          const reply = await at(level, signal)
          if (reply.units.length > 0) return { level, ...reply }
        }
        return asked
      },
      (reply) => {
        unitLevel.value = reply.level
        units.value = reply.units
      },
    )
  }

  function exportAddress(city: string, format: (typeof COVERAGE_EXPORT_FORMATS)[number]): string | null {
    return run.value ? apiAddress(COVERAGE_EXPORT_PATH, { city, run: run.value.id }, { format }) : null
  }

  /** Puts the answer away and takes its shapes off the map; the question stays. */
  function close(): void {
    runLoading.reset()
    run.value = null
    forgetResult()
  }

  /** Forgets what belongs to the city left behind. */
  function clear(): void {
    close()
    rulesLoading.reset()
    rules.value = []
    recent.value = []
    input.value = { ...DEFAULT_INPUT }
  }

  return {
    input, run, runId, isRunning, served, areStreetsCut, blindSpotShapes, blindSpots, blindSpotTotal, units, unitLevel, unitDemand, rules, recent,
    rulesStatus: rulesLoading.status, rulesFailure: rulesLoading.failure, runStatus: runLoading.status, runFailure: runLoading.failure,
    resultStatus: resultLoading.status, resultFailure: resultLoading.failure, unitsStatus: unitsLoading.status, unitsFailure: unitsLoading.failure,
    setInput, loadRules, loadRecent, start, openRun, refresh, cancel, applyProgress, loadResult, setUnitLevel, setUnitDemand, loadUnits, exportAddress, close, clear,
  }
})
