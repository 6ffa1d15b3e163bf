/**
 * The demo's living city: reports and advances incidents through the same HTTP addresses that a real source would use.
 * Its speed multiplies the rates of arrival and handling; every timestamp is the server's.
 */
import type { Logger } from 'pino'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { Random } from '../../data/city/random.ts'
import { API_PREFIX, type Endpoint, type Input, type Reply } from '../contract/endpoint.ts'
import { getIncident, type Incident, type IncidentAction, type IncidentSummary, listCaseClasses, listIncidents, reportIncident, SimulatorState, transitionIncident } from '../contract/incidents.ts'
import { Problem } from '../contract/errors.ts'
import { listFeatures } from '../contract/layers.ts'
import { localTime } from './clocks.ts'
import { departmentOf, handlingPace, minutesInState, nextAction, pickActor, pickReason, pickReporter, pickUsualClass, reportRate } from './simulation.ts'

export type SimulatorState = z.infer<typeof SimulatorState>

export interface Simulator {
  readonly cityKey: string
  readonly state: SimulatorState
  set(next: { running: boolean; speed: number }): SimulatorState
  /** Stops for good; resolves when nothing is under way. */
  close(): Promise<void>
}

export interface SimulatorOptions {
  /** Where the API is reached on this machine, e.g. `http://127.0.0.1:8080`. */
  baseUrl: string
  /** Lets it in where nobody comes in without an account. */
  accessToken?: string
  cityKey: string
  timeZone: string
  log: Logger
  clock: () => Date
  seed: string
  speed?: number
  /** Milliseconds between two looks at what is due. */
  tickMilliseconds?: number
  /** Requests per second at most, however fast the city runs. */
  requestsPerSecond?: number
}

const MINUTE = 60_000
/** A case this much older than the simulation had been left behind by a stop, and is brought forward first. */
const LEFT_BEHIND = 3 * 24 * 60 * MINUTE
/** So long, in the city's own pace, the cases left behind take to be cleared. */
const CLEARING = 90 * MINUTE
const REFRESH = 60_000
const LARGEST_POOL = 3_000
const TEMPLATE_PAGES = 6
const LONGEST_PAUSE = 60_000
/** Metres by which a new case lies beside the one it is modelled on. */
const JITTER_METERS = 25

/** What a new report is modelled on: an earlier one, so that hot spots, classes and words stay those of the city. */
interface Template {
  kind: 'part' | 'event'
  code: string
  position: readonly [number, number]
  address: string | null
}

interface OpenCase {
  id: string
  version: number
  state: IncidentSummary['state']
  severity: 1 | 2 | 3
  source: IncidentSummary['source']
  kind: 'part' | 'event'
  code: string
  largeCode: string
  department: string | null
  /** When it moves on, on the handling clock. */
  nextAt: number
}

/** A refusal of the API. */
class Refused extends Error {
  readonly code: string

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title)
    this.code = problem.code
  }
}

/** Starts the simulator; it runs until `close`, through errors of the API with growing pauses. */
export function startSimulator(options: SimulatorOptions): Simulator {
  const { baseUrl, cityKey, timeZone, log, clock } = options
  const tickMilliseconds = options.tickMilliseconds ?? 500
  const requestsPerTick = Math.max(1, Math.floor(((options.requestsPerSecond ?? 20) * tickMilliseconds) / 1000))
  const random = new Random(`${options.seed}/simulator`)
  const stopping = new AbortController()
  const state: SimulatorState = { available: true, running: true, speed: options.speed ?? 10 }
  const pool = new Map<string, OpenCase>()
  let templates: Template[] = []
  let conditions = new Map<string, { ordinal: number; conditionZh: string; name: string }[]>()
  /** The clock by which cases are handled: faster with the speed, slower at night. Milliseconds. */
  let handlingClock = 0
  /** Expected arrivals not yet drawn against. */
  let arrivals = 0
  let nextArrival = -Math.log(1 - random.next())
  let refreshedAt = -Infinity
  let lastTickAt = performance.now()
  let failures = 0
  let timer: NodeJS.Timeout | undefined
  let ticking: Promise<void> | undefined

  async function call<E extends Endpoint>(endpoint: E, input: Input<E>, key?: string): Promise<Reply<E>> {
    const given = input as { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown }
    const path = endpoint.path.replace(/:([a-z]+)/gi, (_whole, name: string) => encodeURIComponent(String(given.params?.[name])))
    const query = new URLSearchParams(Object.entries(given.query ?? {}).map(([name, value]) => [name, String(value)])).toString()
    const response = await fetch(`${baseUrl}${API_PREFIX}${path}${query ? `?${query}` : ''}`, {
      method: endpoint.method,
      headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }), ...(options.accessToken === undefined ? {} : { authorization: `Bearer ${options.accessToken}` }) },
      ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
      signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(30_000)]),
    })
    const body: unknown = await response.json()
    if (!response.ok) throw new Refused(Problem.parse(body))
    return endpoint.reply.parse(body) as Reply<E>
  }

  /** Sends what changes something: after a broken connection once more under the same key, so that it happens once. */
  async function send<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<Reply<E>> {
    const key = uuidv7()
    try {
      return await call(endpoint, input, key)
    } catch (error) {
      if (error instanceof Refused || stopping.signal.aborted) throw error
      return call(endpoint, input, key)
    }
  }

  function schedule(one: IncidentSummary, share = 1): OpenCase {
    const limit = one.dueAt === null ? null : (Date.parse(one.dueAt) - clock().getTime()) / MINUTE
    return {
      id: one.id, version: one.version, state: one.state, severity: one.severity, source: one.source, kind: one.classKind, code: one.classCode, largeCode: one.largeCode, department: one.department,
      nextAt: handlingClock + share * minutesInState(one.state, one.severity, limit, random) * MINUTE,
    }
  }

  function keep(one: IncidentSummary | Incident): void {
    if (one.endedAt !== null || one.isDrill) pool.delete(one.id)
    else pool.set(one.id, schedule(one))
  }

  /** Learns which cases are open now, also those that people reported or moved. */
  async function refresh(): Promise<void> {
    const known = new Map(pool)
    pool.clear()
    let cursor: string | undefined
    do {
      const page: Reply<typeof listIncidents> = await call(listIncidents, { params: { city: cityKey }, query: { status: 'open', limit: 500, ...(cursor ? { cursor } : {}) } })
      for (const one of page.rows) {
        const before = known.get(one.id)
        if (before && before.version === one.version) pool.set(one.id, before)
        else {
          const isLeftBehind = Date.parse(one.reportedAt) < clock().getTime() - LEFT_BEHIND && one.state !== 'suspended'
          // Whoever was found in the middle of a state has part of it behind already.
          const found = schedule(one, random.next())
          pool.set(one.id, isLeftBehind ? { ...found, nextAt: Math.min(found.nextAt, handlingClock + random.next() * CLEARING) } : found)
        }
      }
      cursor = page.nextCursor ?? undefined
    } while (cursor && pool.size < LARGEST_POOL)
    refreshedAt = performance.now()
  }

  /** Learns what is usually reported where; without any history, from the middle of the roads. */
  async function learn(): Promise<void> {
    const { schemes } = await call(listCaseClasses, {})
    const scheme = schemes.find((one) => one.id === 'GBT30428.2-2013')
    conditions = new Map(scheme?.classes.map((one) => [`${one.kind}:${one.code}`, one.conditions.map(({ ordinal, conditionZh }) => ({ ordinal, conditionZh, name: one.nameZh }))]))
    const learned: Template[] = []
    let cursor: string | undefined
    for (let page = 0; page < TEMPLATE_PAGES; page++) {
      const { rows, nextCursor } = await call(listIncidents, { params: { city: cityKey }, query: { limit: 500, ...(cursor ? { cursor } : {}) } })
      for (const one of rows) if (one.position && conditions.has(`${one.classKind}:${one.classCode}`)) learned.push({ kind: one.classKind, code: one.classCode, position: one.position, address: one.address })
      if (nextCursor === null) break
      cursor = nextCursor
    }
    if (learned.length === 0) {
      const { rows } = await call(listFeatures, { params: { city: cityKey, kind: 'roads' }, query: { limit: 500 } })
      for (const road of rows) if (road.center) learned.push({ ...pickUsualClass(random), position: road.center, address: road.name && `${road.name}附近` })
    }
    templates = learned
  }

  async function reportOne(): Promise<void> {
    if (templates.length === 0) return
    const { kind, code, position, address } = random.pick(templates)
    const choices = conditions.get(`${kind}:${code}`) ?? []
    const condition = choices.length > 0 ? random.pick(choices) : undefined
    const [longitude, latitude] = position
    const degrees = JITTER_METERS / 111_000
    const incident = await send(reportIncident, {
      params: { city: cityKey },
      body: {
        ...pickReporter(random),
        classKind: kind,
        classCode: code,
        description: condition ? `${address ?? ''}${condition.name}：${condition.conditionZh}` : '',
        position: [longitude + random.normal(0, degrees) / Math.cos((latitude * Math.PI) / 180), latitude + random.normal(0, degrees)],
        placeMethod: 'gps',
        ...(address ? { address } : {}),
      },
    })
    keep(incident as Incident)
  }

  function needsOf(one: OpenCase, action: IncidentAction): { conditionOrdinal?: number; department?: string; opinion?: string } {
    const choices = conditions.get(`${one.kind}:${one.code}`) ?? []
    const opinion = pickReason(action, random)
    return {
      ...(action === 'file' && choices.length > 0 ? { conditionOrdinal: random.pick(choices).ordinal } : {}),
      ...(action === 'dispatch' ? { department: departmentOf(one.kind, one.largeCode) } : {}),
      ...(opinion ? { opinion } : {}),
    }
  }

  async function advanceOne(one: OpenCase): Promise<void> {
    const action = nextAction(one.state, one.source, random)
    if (!action) {
      pool.delete(one.id)
      return
    }
    try {
      const body = { action, version: one.version, actor: pickActor(action, one.department, random), ...needsOf(one, action) }
      keep((await send(transitionIncident, { params: { city: cityKey, id: one.id }, body })) as Incident)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      pool.delete(one.id)
      // Somebody was quicker: go on from what they did. Any other refusal is that case's own; it is let be until the next look.
      if (error.code === 'stale') keep((await call(getIncident, { params: { city: cityKey, id: one.id } })) as Incident)
      else if (error.code === 'unavailable' || error.code === 'timeout' || error.code === 'too_many_requests' || error.code === 'internal') throw error
      else log.warn({ err: error, action, id: one.id }, 'the simulator was refused')
    }
  }

  async function work(elapsed: number): Promise<void> {
    if (templates.length === 0) await learn()
    if (performance.now() - refreshedAt > REFRESH) await refresh()
    const { hour, weekday } = localTime(clock(), timeZone)
    handlingClock += elapsed * state.speed * handlingPace(hour)
    arrivals += (elapsed / 1000) * state.speed * reportRate(hour, weekday)
    let left = requestsPerTick
    for (; arrivals >= nextArrival && left > 0; left--) {
      arrivals -= nextArrival
      nextArrival = -Math.log(1 - random.next())
      await reportOne()
    }
    // What cannot be sent within the limit stays expected, but never piles up for longer than a tick at full rate.
    arrivals = Math.min(arrivals, requestsPerTick)
    const due = [...pool.values()].filter((one) => one.nextAt <= handlingClock).sort((a, b) => a.nextAt - b.nextAt)
    for (const one of due.slice(0, left)) {
      if (stopping.signal.aborted || !state.running) return
      await advanceOne(one)
    }
  }

  async function tick(): Promise<void> {
    const now = performance.now()
    // After a pause or a sleep of the machine the city goes on from where it was, not in a rush.
    const elapsed = Math.min(now - lastTickAt, 4 * tickMilliseconds)
    lastTickAt = now
    let pause = tickMilliseconds
    try {
      await work(elapsed)
      failures = 0
    } catch (error) {
      pause = Math.min(LONGEST_PAUSE, 1000 * 2 ** failures++)
      if (!stopping.signal.aborted) log.warn({ err: error, pause }, 'the simulator could not reach the API; it tries again')
    }
    ticking = undefined
    plan(pause)
  }

  function plan(milliseconds: number): void {
    clearTimeout(timer)
    if (stopping.signal.aborted || !state.running) return
    timer = setTimeout(() => {
      ticking ??= tick()
    }, milliseconds).unref()
  }

  plan(0)
  return {
    cityKey,
    get state() {
      return { ...state }
    },
    set({ running, speed }) {
      if (running && !state.running) lastTickAt = performance.now()
      state.running = running
      state.speed = speed
      if (!ticking) plan(0)
      return { ...state }
    },
    async close() {
      stopping.abort(new Error('the simulator is stopping'))
      clearTimeout(timer)
      await ticking
    },
  }
}
