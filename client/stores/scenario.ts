import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { CoverageQuestion } from '../../server/contract/coverage.ts'
import {
  copyScenario, createScenario, endScenario, getScenarioVersion, getWhatIfGround, listScenarios, listScenarioVersions, renameScenario, saveScenarioVersion, type Scenario, SCENARIO_MOST_EDITS, type ScenarioEdit, type ScenarioVersionHead, type WhatIfGround,
} from '../../server/contract/scenarios.ts'
import type { Position } from '../../server/contract/geojson.ts'
import type { Reply } from '../../server/contract/endpoint.ts'
import { ApiError, call } from '../api.ts'
import { lifted, type MovableEdit, put, without } from '../scenario/edits.ts'
import { OtherGrounds } from '../scenario/other-grounds.ts'
import { OtherHomesError, type ServedHomes, sidesOf, type WhatIfSides } from '../scenario/served-homes.ts'
import { WhatIfThread } from '../scenario/what-if-thread.ts'
import type { WhatIfAnswer } from '../scenario/what-if-worker.ts'
import { type Failure, failureOf, useLoading } from './loading.ts'
import { useWholeAnswer } from './whole-answer.ts'

/** What the pointer draws: a park or facility, a gate, a path, a crossing, or which path is closed; `select` moves what is there. */
export type DrawingMode = 'select' | 'facility' | 'gate' | 'path' | 'crossing' | 'close_path'
type Held = Reply<typeof getScenarioVersion>
export type ScenarioQuestion = Held['question']
/** A scenario as it is answered when it was just made. */
export type MadeScenario = Reply<typeof createScenario>
/** What is done and undone. */
interface Working {
  edits: ScenarioEdit[]
  question: ScenarioQuestion | null
}
/** A side of a comparison: edits under a question. */
type Compare = { question: ScenarioQuestion | null; edits: readonly ScenarioEdit[] | null }
const isSame = (one: ScenarioQuestion | null, other: ScenarioQuestion | null) => JSON.stringify(one) === JSON.stringify(other)
const MOST_UNDO = 50
const SAVE_MILLISECONDS = 900
const GROUND_TIMEOUT_MILLISECONDS = 120_000

/** The scenario that is open: its edits with undo and redo, what they change, and the whole answer behind it. */
export const useScenarioStore = defineStore('scenario', () => {
  const city = ref<string | null>(null)
  const scenarios = shallowRef<Scenario[]>([])
  const version = shallowRef<Held | null>(null)
  const versions = shallowRef<ScenarioVersionHead[]>([])
  const edits = shallowRef<ScenarioEdit[]>([])
  /** Another question than the version's, until it is saved. */
  const asked = shallowRef<ScenarioQuestion | null>(null)
  const undone = shallowRef<Working[]>([])
  const done = shallowRef<Working[]>([])
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
  const whole = useWholeAnswer((error) => tellFailure(error))
  const listLoading = useLoading()
  const openLoading = useLoading()
  const groundLoading = useLoading()
  let thread: WhatIfThread | null = null
  const others = new OtherGrounds()
  let saveTimer: ReturnType<typeof setTimeout> | undefined

  const isOpen = computed(() => version.value !== null)
  const question = computed<ScenarioQuestion | null>(() => asked.value ?? version.value?.question ?? null)
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
    asked.value = null
    done.value = []
    undone.value = []
    saveStatus.value = 'saved'
    saveFailure.value = null
    mode.value = 'select'
    void loadGround()
    void loadVersions()
    askWhole()
  }

  async function loadVersions(): Promise<void> {
    const held = version.value
    if (!held || city.value === null) return
    versions.value = (await call(listScenarioVersions, { params: { city: city.value, scenario: held.scenario.id }, query: { limit: 50, named: 'true' } })).versions
  }

  const readGround = (key: string, of: ScenarioQuestion, signal?: AbortSignal): Promise<WhatIfGround> => call(getWhatIfGround, { params: { city: key }, body: of }, { ...(signal ? { signal } : {}), timeoutMilliseconds: GROUND_TIMEOUT_MILLISECONDS })

  async function loadGround(): Promise<void> {
    const [key, of] = [city.value, question.value]
    if (key === null || !of) return
    thread?.close()
    thread = new WhatIfThread()
    const own = thread
    answer.value = null
    before.value = null
    await groundLoading.run(
      async (signal) => {
        const ground = await readGround(key, of, signal)
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

  /** What is now is to be kept and answered; another question over another ground. */
  function settle(isOther: boolean): void {
    isMoving.value = false
    if (isOther) void loadGround()
    else void begin().catch(tellFailure)
    saveStatus.value = 'waiting'
    clearTimeout(saveTimer)
    saveTimer = setTimeout(() => void save(null), SAVE_MILLISECONDS)
  }

  const working = (): Working => ({ edits: edits.value, question: question.value })

  function take(next: Working): void {
    const isOther = !isSame(next.question, question.value)
    edits.value = next.edits
    asked.value = next.question
    settle(isOther)
  }

  function commit(next: Working): void {
    done.value = [...done.value, working()].slice(-MOST_UNDO)
    undone.value = []
    take(next)
  }

  const putEdit = (edit: ScenarioEdit): void => commit({ ...working(), edits: put(edits.value, edit) })
  const removeEdit = (id: string): void => commit({ ...working(), edits: without(edits.value, id) })
  /** The same edits under another rule, ruler or demand. */
  const ask = (next: ScenarioQuestion): void => commit({ ...working(), question: next })

  function undo(): void {
    const last = done.value.at(-1)
    if (!last) return
    done.value = done.value.slice(0, -1)
    undone.value = [...undone.value, working()]
    take(last)
  }

  function redo(): void {
    const next = undone.value.at(-1)
    if (!next) return
    undone.value = undone.value.slice(0, -1)
    done.value = [...done.value, working()]
    take(next)
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
    const [sent, sentQuestion] = [edits.value, question.value ?? held.question]
    try {
      const saved = await call(saveScenarioVersion, { params: { city: city.value, scenario: held.scenario.id }, body: { version: held.scenario.version, title, question: sentQuestion, edits: sent } })
      version.value = saved
      saveFailure.value = null
      saveStatus.value = edits.value === sent && isSame(question.value, sentQuestion) ? 'saved' : 'waiting'
      if (saveStatus.value === 'saved') asked.value = null
      if (title !== null) await loadVersions()
      askWhole()
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

  function askWhole(): void {
    if (version.value && city.value !== null) void whole.ask(city.value, version.value)
  }

  async function servedBy({ question: of, edits: changes }: Compare): Promise<ServedHomes> {
    const key = city.value
    if (!of || !changes || key === null || !thread) throw new Error('no ground was read')
    const own = isSame(of, question.value) ? thread : await others.of(of, () => readGround(key, of))
    return own.served(changes)
  }

  /** All homes by two sides, each under its own question. @throws ApiError conflict where they do not count the same */
  async function sides(from: Compare, to: Compare): Promise<WhatIfSides> {
    const [one, other] = [await servedBy(from), await servedBy(to)]
    try {
      return sidesOf(one, other)
    } catch (error) {
      if (!(error instanceof OtherHomesError)) throw error
      throw new ApiError('conflict', '两个版本按不同的对象计，不能逐户相比；可在下表中并排看。The two versions do not count the same people, so that homes cannot be compared one by one: the table has both.', { cause: error })
    }
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
    clearTimeout(saveTimer)
    thread?.close()
    thread = null
    others.close()
    asked.value = null
    openLoading.reset()
    groundLoading.reset()
    version.value = null
    versions.value = []
    edits.value = []
    answer.value = null
    before.value = null
    gates.value = []
    whole.clear()
    mode.value = 'select'
    isMoving.value = false
  }

  return {
    city, scenarios, version, versions, edits, mode, gateOf, gates, before, answer, demand, isMoving, movedKind, saveStatus, saveFailure, run: whole.run, baseRun: whole.baseRun, isOpen, question, canUndo, canRedo, isFull,
    listStatus: listLoading.status, listFailure: listLoading.failure, openStatus: openLoading.status, openFailure: openLoading.failure, groundStatus: groundLoading.status, groundFailure: groundLoading.failure,
    loadList, open, create, putEdit, removeEdit, ask, undo, redo, lift, move, putBack, save, reload, copy, rename, end, sides, loadGates, setMode, startGate, close,
  }
})
