/**
 * The demo's living city: reports and advances incidents through the same HTTP addresses that a real source would use.
 * Its speed multiplies the rates of arrival and handling; every timestamp is the server's.
 */
import type { Logger } from 'pino'
import { z } from 'zod'
import { Random } from '../../data/city/random.ts'
import type { Input, Reply } from '../contract/endpoint.ts'
import { getIncident, type Incident, type IncidentAction, type IncidentSummary, listCaseClasses, listIncidents, reportIncident, SimulatorState, transitionIncident, transitionOf } from '../contract/incidents.ts'
import { suggestDispatch } from '../contract/dispatch.ts'
import { listFeatures } from '../contract/layers.ts'
import { localTime } from './clocks.ts'
import { codesOf, personFor, pickPerson, type SimulatedPerson } from './simulated-people.ts'
import { openSimulatorApi, Refused } from './simulator-api.ts'
import { departmentOf, handlingPace, minutesInState, nextAction, nextDecision, pickReason, pickReporter, pickUsualClass, reportRate } from './simulation.ts'

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
  /** Lets it in as whoever it names. */
  accessToken?: string
  /** The people it acts as; it does everything about cases as one of them. */
  listPeople: () => Promise<readonly SimulatedPerson[]>
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
  /** Codes of the areas it lies in. */
  areaCodes: readonly string[]
}

interface OpenCase {
  id: string
  version: number
  streetCode: string | null
  communityCode: string | null
  state: IncidentSummary['state']
  severity: 1 | 2 | 3
  source: IncidentSummary['source']
  kind: 'part' | 'event'
  code: string
  largeCode: string
  department: string | null
  /** Milliseconds since 1970; null where no limit runs. */
  dueAt: number | null
  /** When it moves on, on the handling clock. */
  nextAt: number
}

/** Starts the simulator; it runs until `close`, through errors of the API with growing pauses. */
export function startSimulator(options: SimulatorOptions): Simulator {
  const { baseUrl, cityKey, timeZone, log, clock } = options
  const tickMilliseconds = options.tickMilliseconds ?? 500
  const requestsPerTick = Math.max(1, Math.floor(((options.requestsPerSecond ?? 20) * tickMilliseconds) / 1000))
  const random = new Random(`${options.seed}/simulator`)
  const stopping = new AbortController()
  const state: SimulatorState = { available: true, running: true, speed: options.speed ?? 10 }
  const { call, send } = openSimulatorApi(baseUrl, options.accessToken, stopping.signal)
  const pool = new Map<string, OpenCase>()
  let templates: Template[] = []
  let people: readonly SimulatedPerson[] = []
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

  function schedule(one: IncidentSummary, share = 1): OpenCase {
    const limit = one.dueAt === null ? null : (Date.parse(one.dueAt) - clock().getTime()) / MINUTE
    return {
      id: one.id, version: one.version, streetCode: one.streetCode, communityCode: one.communityCode, state: one.state, severity: one.severity, source: one.source, kind: one.classKind, code: one.classCode, largeCode: one.largeCode, department: one.department, dueAt: one.dueAt === null ? null : Date.parse(one.dueAt),
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
      for (const one of rows) if (one.position && conditions.has(`${one.classKind}:${one.classCode}`)) learned.push({ kind: one.classKind, code: one.classCode, position: one.position, address: one.address, areaCodes: codesOf(one) })
      if (nextCursor === null) break
      cursor = nextCursor
    }
    if (learned.length === 0) {
      const { rows } = await call(listFeatures, { params: { city: cityKey, kind: 'roads' }, query: { limit: 500 } })
      for (const road of rows) if (road.center) learned.push({ ...pickUsualClass(random), position: road.center, areaCodes: [], address: road.name && `${road.name}附近` })
    }
    templates = learned
    people = await options.listPeople()
  }

  async function reportOne(): Promise<void> {
    if (templates.length === 0) return
    const { kind, code, position, address, areaCodes } = random.pick(templates)
    const { source, reportedBy } = pickReporter(random)
    const reporter = source === 'collector' ? pickPerson(people, ['collector'], { areaCodes }, random) : source === 'hotline_12345' ? pickPerson(people, ['operator'], {}, random) : undefined
    const choices = conditions.get(`${kind}:${code}`) ?? []
    const condition = choices.length > 0 ? random.pick(choices) : undefined
    const [longitude, latitude] = position
    const degrees = JITTER_METERS / 111_000
    const incident = await send(reportIncident, {
      params: { city: cityKey },
      body: {
        source,
        // A collector reports in his own name, a hotline for whoever called.
        ...(source === 'collector' && reporter ? {} : { reportedBy }),
        classKind: kind,
        classCode: code,
        description: condition ? `${address ?? ''}${condition.name}：${condition.conditionZh}` : '',
        position: [longitude + random.normal(0, degrees) / Math.cos((latitude * Math.PI) / 180), latitude + random.normal(0, degrees)],
        placeMethod: 'gps',
        ...(address ? { address } : {}),
      },
    }, reporter)
    keep(incident as Incident)
  }

  async function chooseDepartment(one: OpenCase, dispatcher: SimulatedPerson): Promise<Record<string, string>> {
    const { suggestions } = await call(suggestDispatch, { params: { city: cityKey, id: one.id } }, dispatcher)
    const usual = departmentOf(one.kind, one.largeCode)
    const [first] = suggestions
    const chosen = suggestions.find(({ unit }) => unit.nameZh === usual) ?? first
    if (!chosen) return {}
    return { departmentId: chosen.unit.id, ...(chosen === first ? {} : { overrideReason: '按日常分工派遣' }) }
  }

  /** What an action needs, given the case and whoever does it. */
  async function needsOf(one: OpenCase, action: IncidentAction, person: SimulatedPerson): Promise<Partial<Input<typeof transitionIncident>['body']>> {
    const choices = conditions.get(`${one.kind}:${one.code}`) ?? []
    const opinion = pickReason(action, random)
    const due = Math.max(clock().getTime(), one.dueAt ?? 0)
    return {
      ...(opinion ? { opinion } : {}),
      ...(action === 'file' && choices.length > 0 ? { conditionOrdinal: random.pick(choices).ordinal } : {}),
      ...(action === 'dispatch' ? await chooseDepartment(one, person) : {}),
      ...(action === 'refuse' ? { refusalReason: random.pick(['out_of_scope', 'conditions_not_met', 'incomplete'] as const) } : {}),
      ...(action === 'request_extension' ? { newDueAt: new Date(due + random.integer(2, 24) * 60 * MINUTE).toISOString() } : {}),
      ...(action === 'request_special_close' ? { specialKind: 'informing' as const } : {}),
      ...(action === 'close' ? { closingConditionMet: true } : {}),
    }
  }

  /** Lets somebody whose button is enabled press it; up to three people look whether theirs is. */
  async function advanceOne(one: OpenCase): Promise<void> {
    let seen: Incident | undefined
    let action: IncidentAction | undefined
    for (let look = 0; look < 3; look++) {
      const next = action ?? nextAction(one.state, one.source, random)
      const open = seen?.requests.find((request) => request.status === 'asked' || request.status === 'endorsed')
      action = (open && nextDecision(open, random)) ?? next
      if (!action) break
      const person = pickPerson(people, transitionOf(action).roles, { areaCodes: codesOf(one), department: one.department, id: personFor(action, seen) }, random)
      if (!person) break
      seen = (await call(getIncident, { params: { city: cityKey, id: one.id } }, person)) as Incident
      const choice = seen.actions.find((known) => known.action === action)
      // The case has moved on, or something is asked that has to be decided first: the next look goes by what was seen.
      const isAsked = open === undefined && seen.requests.some((request) => (request.status === 'asked' || request.status === 'endorsed') && request.kind !== 'appeal')
      if (seen.version !== one.version || isAsked) {
        one = { ...one, version: seen.version, state: seen.state, department: seen.department }
        action = undefined
        continue
      }
      if (!choice?.allowed) {
        if (choice?.obstacle !== 'own_work' && choice?.obstacle !== 'holder') action = undefined
        continue
      }
      const body = { action, version: seen.version, ...(await needsOf(one, action, person)) }
      keep((await send(transitionIncident, { params: { city: cityKey, id: one.id }, body }, person)) as Incident)
      return
    }
    // Nobody could do anything with it now: it is looked at again later.
    pool.set(one.id, { ...one, nextAt: handlingClock + random.integer(10, 60) * MINUTE })
  }

  async function tryAdvance(one: OpenCase): Promise<void> {
    try {
      await advanceOne(one)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      pool.delete(one.id)
      if (error.code === 'unavailable' || error.code === 'timeout' || error.code === 'too_many_requests' || error.code === 'internal') throw error
      // Somebody was quicker, or it is out of that person's sight by now: it comes back with the next look at all open cases.
      if (error.code !== 'stale' && error.code !== 'not_found') log.warn({ err: error, id: one.id }, 'the simulator was refused')
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
      await tryAdvance(one)
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
