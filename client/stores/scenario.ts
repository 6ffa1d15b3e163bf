import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { type CoverageQuestion, type CoverageRun, getCoverageRun, startCoverageRun } from '../../server/contract/coverage.ts'
import {
  copyScenario, createScenario, endScenario, getScenarioVersion, getWhatIfGround, listScenarios, listScenarioVersions, renameScenario, saveScenarioVersion, type Scenario, SCENARIO_MOST_EDITS, type ScenarioEdit, type ScenarioVersionHead, type WhatIfGround,
} from '../../server/contract/scenarios.ts'
import type { Position } from '../../server/contract/geojson.ts'
import type { Reply } from '../../server/contract/endpoint.ts'
import { call } from '../api.ts'
import { lifted, type MovableEdit, put, without } from '../scenario/edits.ts'
import { WhatIfThread } from '../scenario/what-if-thread.ts'
import type { WhatIfAnswer, WhatIfSides } from '../scenario/what-if-worker.ts'
import { isEnded } from './coverage.ts'
import { type Failure, failureOf, useLoading } from './loading.ts'

/** What the pointer draws: a park or facility, a gate, a path, a crossing, or which path is closed; `select` moves what is there. */
export type DrawingMode = 'select' | 'facility' | 'gate' | 'path' | 'crossing' | 'close_path'
type Held = Reply<typeof getScenarioVersion>
/** A scenario as it is answered when it was just made. */
export type MadeScenario = Reply<typeof createScenario>
const MOST_UNDO = 50
const SAVE_MILLISECONDS = 900
const WATCH_MILLISECONDS = 800
const GROUND_TIMEOUT_MILLISECONDS = 120_000

/** The scenario that is open: its edits with undo and redo, what they change, and the whole answer behind it. */
export const useScenarioStore = defineStore('scenario', () => {
  const city = ref<string | null>(null)
  const scenarios = shallowRef<Scenario[]>([])
  const version = shallowRef<Held | null>(null)
  const versions = shallowRef<ScenarioVersionHead[]>([])
  const edits = shallowRef<ScenarioEdit[]>([])
  const undone = shallowRef<ScenarioEdit[][]>([])
  const done = shallowRef<ScenarioEdit[][]>([])
  const mode = ref<DrawingMode>('select')
  /** The facility that a gate belongs to while one is being put in. */
  const gateOf = ref<{ id: string; name: string } | null>(null)
  /** Gates of the facility that is chosen which can be shut, those that are shut among them. */
  const gates = shallowRef<Position[]>([])
  const before = shallowRef<WhatIfAnswer | null>(null)
  const answer = shallowRef<WhatIfAnswer | null>(null)
  const demand = shallowRef<WhatIfGround['demand'] | null>(null)
  const isMoving = ref(false)
  /** What is moved: only shapes have a radius. */
  const movedKind = ref<MovableEdit['kind'] | null>(null)
  const saveStatus = ref<'saved' | 'waiting' | 'saving' | 'failed'>('saved')
  const saveFailure = shallowRef<Failure | null>(null)
  const run = shallowRef<CoverageRun | null>(null)
  const baseRun = shallowRef<CoverageRun | null>(null)
  const listLoading = useLoading()
  const openLoading = useLoading()
  const groundLoading = useLoading()
  let thread: WhatIfThread | null = null
  let saveTimer: ReturnType<typeof setTimeout> | undefined
  let watching = 0

  const isOpen = computed(() => version.value !== null)
  const question = computed<Held['question'] | null>(() => version.value?.question ?? null)
  const canUndo = computed(() => done.value.length > 0)
  const canRedo = computed(() => undone.value.length > 0)
  const isFull = computed(() => edits.value.length >= SCENARIO_MOST_EDITS)

  function loadList(key: string): Promise<boolean> {
    city.value = key
    return listLoading.run((signal) => call(listScenarios, { params: { city: key }, query: { limit: 100 } }, { signal }), (reply) => {
      scenarios.value = reply.scenarios
    })
  }

  function hold(next: Held): void {
    version.value = next
    edits.value = next.edits
    done.value = []
    undone.value = []
    saveStatus.value = 'saved'
    saveFailure.value = null
    mode.value = 'select'
    void loadGround()
    void loadVersions()
    void askWhole()
  }

  async function loadVersions(): Promise<void> {
    const held = version.value
    if (!held || city.value === null) return
    versions.value = (await call(listScenarioVersions, { params: { city: city.value, scenario: held.scenario.id }, query: { limit: 50, named: 'true' } })).versions
  }

  async function loadGround(): Promise<void> {
    const [key, asked] = [city.value, question.value]
    if (key === null || !asked) return
    thread?.close()
    thread = new WhatIfThread()
    const own = thread
    answer.value = null
    before.value = null
    await groundLoading.run(
      async (signal) => {
        const ground = await call(getWhatIfGround, { params: { city: key }, body: asked }, { signal, timeoutMilliseconds: GROUND_TIMEOUT_MILLISECONDS })
        return { base: await own.load(ground), state: await own.begin(edits.value), demand: ground.demand }
      },
      (loaded) => {
        demand.value = loaded.demand
        before.value = loaded.base
        answer.value = loaded.state
      },
    )
  }

  function open(key: string, scenario: string, number: number): Promise<boolean> {
    city.value = key
    return openLoading.run((signal) => call(getScenarioVersion, { params: { city: key, scenario, version: number } }, { signal }), hold)
  }

  function create(key: string, title: string, asked: CoverageQuestion): Promise<boolean> {
    city.value = key
    return openLoading.run((signal) => call(createScenario, { params: { city: key }, body: { title, question: asked, edits: [] } }, { signal }), hold)
  }

  async function begin(): Promise<void> {
    const own = thread
    if (!own || !before.value) return
    const told = await own.begin(edits.value)
    if (own === thread) answer.value = told
  }

  function tellFailure(error: unknown): void {
    saveFailure.value = failureOf(error)
  }

  /** The edits as they are now are to be kept and answered. */
  function settle(): void {
    isMoving.value = false
    void begin().catch(tellFailure)
    saveStatus.value = 'waiting'
    clearTimeout(saveTimer)
    saveTimer = setTimeout(() => void save(null), SAVE_MILLISECONDS)
  }

  function commit(next: ScenarioEdit[]): void {
    done.value = [...done.value, edits.value].slice(-MOST_UNDO)
    undone.value = []
    edits.value = next
    settle()
  }

  const putEdit = (edit: ScenarioEdit): void => commit(put(edits.value, edit))
  const removeEdit = (id: string): void => commit(without(edits.value, id))

  function undo(): void {
    const last = done.value.at(-1)
    if (!last) return
    done.value = done.value.slice(0, -1)
    undone.value = [...undone.value, edits.value]
    edits.value = last
    settle()
  }

  function redo(): void {
    const next = undone.value.at(-1)
    if (!next) return
    undone.value = undone.value.slice(0, -1)
    done.value = [...done.value, edits.value]
    edits.value = next
    settle()
  }

  /** Takes an edit up from the ground, to be moved about. */
  function lift(edit: MovableEdit): void {
    isMoving.value = true
    movedKind.value = edit.kind
    void thread?.begin(lifted(edits.value, edit)).catch(tellFailure)
  }

  /** A drawing was given up: the state is what it was. */
  function putBack(): void {
    isMoving.value = false
    void begin().catch(tellFailure)
  }

  /** What an edit would change where it is now. */
  function move(edit: MovableEdit): void {
    const own = thread
    own?.move(edit, (told) => {
      if (own === thread && isMoving.value) answer.value = told
    }, tellFailure)
  }

  /** Writes the next version; with a title, one to come back to. */
  async function save(title: string | null): Promise<boolean> {
    const held = version.value
    if (!held || city.value === null) return false
    clearTimeout(saveTimer)
    saveStatus.value = 'saving'
    const sent = edits.value
    try {
      const saved = await call(saveScenarioVersion, { params: { city: city.value, scenario: held.scenario.id }, body: { version: held.scenario.version, title, question: held.question, edits: sent } })
      version.value = saved
      saveFailure.value = null
      saveStatus.value = edits.value === sent ? 'saved' : 'waiting'
      if (title !== null) await loadVersions()
      void askWhole()
      return true
    } catch (error) {
      saveFailure.value = failureOf(error)
      saveStatus.value = 'failed'
      return false
    }
  }

  /** Goes on from the newest version that somebody else saved; what was not kept here is let go. */
  function reload(): Promise<boolean> {
    const held = version.value
    if (!held || city.value === null) return Promise.resolve(false)
    const key = city.value
    return openLoading.run(async (signal) => {
      const { scenarios: newest } = await call(listScenarios, { params: { city: key }, query: { limit: 200 } }, { signal })
      const number = newest.find(({ id }) => id === held.scenario.id)?.version ?? held.number
      return call(getScenarioVersion, { params: { city: key, scenario: held.scenario.id, version: number } }, { signal })
    }, hold)
  }

  function copy(title: string): Promise<boolean> {
    const held = version.value
    if (!held || city.value === null) return Promise.resolve(false)
    const key = city.value
    return openLoading.run((signal) => call(copyScenario, { params: { city: key, scenario: held.scenario.id }, body: { version: held.number, title } }, { signal }), hold)
  }

  async function rename(title: string): Promise<void> {
    const held = version.value
    if (!held || city.value === null) return
    const scenario = await call(renameScenario, { params: { city: city.value, scenario: held.scenario.id }, body: { version: held.scenario.version, title } })
    version.value = { ...held, scenario }
  }

  async function end(): Promise<void> {
    const held = version.value
    if (!held || city.value === null) return
    await call(endScenario, { params: { city: city.value, scenario: held.scenario.id }, body: { version: held.scenario.version } })
    const key = city.value
    close()
    await loadList(key)
  }

  /** Asks for the whole answer of the version, and of the city as it is, and watches both to their end. */
  async function askWhole(): Promise<void> {
    const [held, key] = [version.value, city.value]
    if (!held || key === null) return
    const own = ++watching
    run.value = null
    try {
      const base = await call(startCoverageRun, { params: { city: key }, body: held.question })
      const asked = await call(startCoverageRun, { params: { city: key }, body: { ...held.question, scenario: { id: held.scenario.id, version: held.number } } })
      if (own !== watching) return
      baseRun.value = base
      run.value = asked
      while (own === watching && run.value && baseRun.value && !(isEnded(run.value) && isEnded(baseRun.value))) {
        await new Promise((resolve) => setTimeout(resolve, WATCH_MILLISECONDS))
        const [nextBase, next] = await Promise.all([call(getCoverageRun, { params: { city: key, run: base.id } }), call(getCoverageRun, { params: { city: key, run: asked.id } })])
        if (own !== watching) return
        baseRun.value = nextBase
        run.value = next
      }
    } catch (error) {
      if (own === watching) tellFailure(error)
    }
  }

  /** What edits change against other edits, home by home. @throws Error where no ground is there */
  function difference(was: readonly ScenarioEdit[], is: readonly ScenarioEdit[]): Promise<WhatIfAnswer> {
    return thread?.difference(was, is) ?? Promise.reject(new Error('no ground was read'))
  }

  /** All homes by two lists of edits. @throws Error where no ground is there */
  function sides(was: readonly ScenarioEdit[], is: readonly ScenarioEdit[]): Promise<WhatIfSides> {
    return thread?.sides(was, is) ?? Promise.reject(new Error('no ground was read'))
  }

  /** Reads the gates of a facility; none for null. */
  async function loadGates(feature: string | null): Promise<void> {
    const own = thread
    const read = feature === null || !own ? [] : await own.gates(feature)
    if (own === thread) gates.value = read
  }

  function setMode(next: DrawingMode): void {
    mode.value = next
    if (next !== 'gate') gateOf.value = null
  }

  function startGate(feature: { id: string; name: string }): void {
    gateOf.value = feature
    mode.value = 'gate'
  }

  function close(): void {
    watching += 1
    clearTimeout(saveTimer)
    thread?.close()
    thread = null
    openLoading.reset()
    groundLoading.reset()
    version.value = null
    versions.value = []
    edits.value = []
    answer.value = null
    before.value = null
    gates.value = []
    run.value = null
    baseRun.value = null
    mode.value = 'select'
    isMoving.value = false
  }

  return {
    city, scenarios, version, versions, edits, mode, gateOf, gates, before, answer, demand, isMoving, movedKind, saveStatus, saveFailure, run, baseRun, isOpen, question, canUndo, canRedo, isFull,
    listStatus: listLoading.status, listFailure: listLoading.failure, openStatus: openLoading.status, openFailure: openLoading.failure, groundStatus: groundLoading.status, groundFailure: groundLoading.failure,
    loadList, open, create, putEdit, removeEdit, undo, redo, lift, move, putBack, save, reload, copy, rename, end, difference, sides, loadGates, setMode, startGate, close,
  }
})
