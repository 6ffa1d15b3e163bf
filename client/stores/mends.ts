import { defineStore } from 'pinia'
import { v7 as uuidv7 } from 'uuid'
import { computed, ref, shallowRef } from 'vue'
import type { CoverageInput } from '../../server/contract/coverage.ts'
import type { Geometry } from '../../server/contract/geojson.ts'
import type { Mend, MendsDrawing } from '../../server/contract/mends.ts'
import { cancelPlanningRun, getPlanningDrawing, getPlanningRun, listPlanningRuns, type PlanningRun, type PlanningRunOf, startPlanningRun } from '../../server/contract/planning.ts'
import { createScenario } from '../../server/contract/scenarios.ts'
import { call } from '../api.ts'
import { orderMends } from '../mends/mend-order.ts'
import { scenarioEditOf } from '../mends/scenario-edits.ts'
import { isEnded } from './coverage.ts'
import { useLoading } from './loading.ts'
import type { MadeScenario } from './scenario.ts'

export type MendsRun = PlanningRunOf<'mends'>

/** What the map draws of the mend that is chosen: the change itself, and the homes that it serves. */
export interface MendPicture {
  geometry: Geometry
  homes: MendsDrawing['served'][number]['positions']
}

const isMends = (run: PlanningRun): run is MendsRun => run.kind === 'mends'

/** The mends of the coverage run that is open, and the one that is looked at. */
export const useMendsStore = defineStore('mends', () => {
  const run = shallowRef<MendsRun | null>(null)
  const drawing = shallowRef<MendsDrawing | null>(null)
  /** Rank of the mend that is looked at. */
  const chosen = ref<number | null>(null)
  const loading = useLoading()
  const drawingLoading = useLoading()
  const scenarioLoading = useLoading()

  const result = computed(() => run.value?.result ?? null)
  const isRunning = computed(() => run.value !== null && !isEnded(run.value))
  const mend = computed<Mend | null>(() => result.value?.mends.find(({ rank }) => rank === chosen.value) ?? null)
  const picture = computed<MendPicture | null>(() => mend.value && { geometry: mend.value.edit.geometry, homes: drawing.value?.served[mend.value.rank - 1]?.positions ?? [] })

  function hold(city: string, next: PlanningRun | null): void {
    if (!next || !isMends(next)) return
    run.value = next
    if (next.status !== 'finished' || drawing.value) return
    const { id } = next
    void drawingLoading.run(
      (signal) => call(getPlanningDrawing, { params: { city, run: id } }, { signal }),
      (reply) => {
        if (reply.kind === 'mends' && run.value?.id === id) drawing.value = reply.drawing
      },
    )
  }

  function clear(): void {
    loading.reset()
    drawingLoading.reset()
    scenarioLoading.reset()
    run.value = null
    drawing.value = null
    chosen.value = null
  }

  /** Asks for the mends of a coverage run; the same over the same data are answered from the store. */
  function start(city: string, coverageRun: string): Promise<boolean> {
    clear()
    return loading.run((signal) => call(startPlanningRun, { params: { city }, body: { kind: 'mends', input: { run: coverageRun } } }, { signal }), (reply) => hold(city, reply))
  }

  /** Takes up mends of a coverage run that were asked for before, if there are any. */
  function restore(city: string, coverageRun: string): Promise<boolean> {
    clear()
    return loading.run(
      async (signal) => {
        const { runs } = await call(listPlanningRuns, { params: { city }, query: { kind: 'mends', limit: 50 } }, { signal })
        const known = runs.find((one) => one.kind === 'mends' && one.input.run === coverageRun && (one.status === 'finished' || !isEnded(one)))
        return known ? call(getPlanningRun, { params: { city, run: known.id } }, { signal }) : null
      },
      (reply) => hold(city, reply),
    )
  }

  /** Asks how far the present run is. */
  async function refresh(city: string): Promise<void> {
    const id = run.value?.id
    if (id === undefined) return
    const reply = await call(getPlanningRun, { params: { city, run: id } })
    if (run.value?.id === id) hold(city, reply)
  }

  async function cancel(city: string): Promise<void> {
    const id = run.value?.id
    if (id === undefined) return
    const reply = await call(cancelPlanningRun, { params: { city, run: id } })
    if (run.value?.id === id) hold(city, reply)
  }

  /** Those taken one after the other, drawn in a scenario of their own under the same question. @returns null where it was not made; `scenarioFailure` says why */
  async function makeScenario(city: string, question: CoverageInput, title: string): Promise<MadeScenario | null> {
    const edits = orderMends(result.value?.mends ?? [], 'turn').map((one) => scenarioEditOf(one, uuidv7()))
    let made: MadeScenario | null = null
    await scenarioLoading.run((signal) => call(createScenario, { params: { city }, body: { title, question, edits } }, { signal }), (reply) => {
      made = reply
    })
    return made
  }

  function choose(rank: number | null): void {
    chosen.value = rank
  }

  /** The mend that serves most of a blind spot, and what it gains there. */
  function bestOf(spot: string): { mend: Mend; gain: number } | null {
    const best = result.value?.spots.find((one) => one.spot === spot)
    const found = best && result.value?.mends.find(({ rank }) => rank === best.mend)
    return best && found ? { mend: found, gain: best.gain } : null
  }

  return { run, result, isRunning, chosen, mend, picture, status: loading.status, failure: loading.failure, scenarioStatus: scenarioLoading.status, scenarioFailure: scenarioLoading.failure, makeScenario, start, restore, refresh, cancel, choose, bestOf, clear }
})
