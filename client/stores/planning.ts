import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import {
  cancelPlanningRun, getPlanningDrawing, getPlanningRun, listPlanningRuns, type PlanningDrawing, type PlanningKindName, type PlanningQuestion, type PlanningRun, type PlanningRunHead, type PlanningRunOf, startPlanningRun,
} from '../../server/contract/planning.ts'
import { call } from '../api.ts'
import { isEnded } from './coverage.ts'
import { useLoading } from './loading.ts'

type Drawings = { [One in PlanningDrawing as One['kind']]: One['drawing'] }
type DrawingOf<Kind extends PlanningKindName> = Drawings[Kind]

/** The planning run that is open, of whatever kind: asked, watched, cancelled, read. The address names it (`plan=`). */
export const usePlanningStore = defineStore('planning', () => {
  const run = shallowRef<PlanningRun | null>(null)
  const drawing = shallowRef<PlanningDrawing | null>(null)
  const recent = shallowRef<PlanningRunHead[]>([])
  /** Which of the sites, mends … of the answer is looked at, by its number in the answer. */
  const chosen = ref<number | null>(null)
  /** Which of them is pointed at, in the list or on the map. */
  const hovered = ref<number | null>(null)
  const runLoading = useLoading()
  const drawingLoading = useLoading()

  const runId = computed(() => run.value?.id ?? null)
  const isRunning = computed(() => run.value !== null && !isEnded(run.value))
  /** A cancelled run whose best so far may still be on its way. */
  const isSettling = computed(() => run.value?.status === 'cancelled' && run.value.result === null)

  function forgetAnswer(): void {
    drawingLoading.reset()
    drawing.value = null
    chosen.value = null
    hovered.value = null
  }

  function hold(next: PlanningRun): void {
    run.value = next
  }

  function start(city: string, body: PlanningQuestion): Promise<boolean> {
    forgetAnswer()
    return runLoading.run((signal) => call(startPlanningRun, { params: { city }, body }, { signal }), hold)
  }

  /** Takes up a run by its id: from the address after a reload, or from the list of recent ones. */
  function openRun(city: string, id: string): Promise<boolean> {
    if (run.value?.id !== id) forgetAnswer()
    return runLoading.run((signal) => call(getPlanningRun, { params: { city, run: id } }, { signal }), hold)
  }

  /** Asks how far the present run is. */
  async function refresh(city: string): Promise<void> {
    const id = run.value?.id
    if (id === undefined) return
    const reply = await call(getPlanningRun, { params: { city, run: id } })
    if (run.value?.id === id) hold(reply)
  }

  async function cancel(city: string): Promise<void> {
    const id = run.value?.id
    if (id === undefined) return
    const reply = await call(cancelPlanningRun, { params: { city, run: id } })
    if (run.value?.id === id) hold(reply)
  }

  /** Word of the live feed on a run: stage and percent; the best so far and the answer are fetched. */
  function applyProgress(event: { runId: string; status: string; stage: string; percent: number }): void {
    const held = run.value
    if (!held || held.id !== event.runId || isEnded(held) || event.status !== 'running') return
    run.value = { ...held, status: 'running', stage: event.stage, percent: event.percent }
  }

  async function loadRecent(city: string, kind: PlanningKindName): Promise<void> {
    recent.value = (await call(listPlanningRuns, { params: { city }, query: { kind, limit: 20 } })).runs
  }

  function loadDrawing(city: string): Promise<boolean> {
    const id = run.value?.id
    if (id === undefined) return Promise.resolve(false)
    return drawingLoading.run(
      (signal) => call(getPlanningDrawing, { params: { city, run: id } }, { signal, timeoutMilliseconds: 60_000 }),
      (reply) => {
        drawing.value = reply
      },
    )
  }

  /** The open run where it is of this kind. */
  function runOf<Kind extends PlanningKindName>(kind: Kind): PlanningRunOf<Kind> | null {
    return run.value?.kind === kind ? (run.value as PlanningRunOf<Kind>) : null
  }

  function drawingOf<Kind extends PlanningKindName>(kind: Kind): DrawingOf<Kind> | null {
    return drawing.value?.kind === kind ? (drawing.value.drawing as unknown as DrawingOf<Kind>) : null
  }

  function choose(number: number | null): void {
    chosen.value = number
  }

  function hover(number: number | null): void {
    hovered.value = number
  }

  /** Puts the answer away and takes its picture off the map. */
  function close(): void {
    runLoading.reset()
    run.value = null
    forgetAnswer()
  }

  /** Forgets what belongs to the city left behind. */
  function clear(): void {
    close()
    recent.value = []
  }

  return {
    run, runId, isRunning, isSettling, drawing, recent, chosen,
    runStatus: runLoading.status, runFailure: runLoading.failure, drawingStatus: drawingLoading.status, drawingFailure: drawingLoading.failure,
    start, openRun, refresh, cancel, applyProgress, loadRecent, loadDrawing, runOf, drawingOf, choose, hovered, hover, close, clear,
  }
})
