/** People at work on cases while what they work with is killed: each repeats what got no answer, as a real client does. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect } from 'vitest'
import { v7 as uuidv7 } from 'uuid'
import type { Incident } from '../../../../server/contract/incidents.ts'
import type { Db } from '../../../../server/db/db.ts'
import { sql } from '../../../../server/db/sql.ts'
import { wish } from './bring.ts'
import { checkChains, checkTables, compareCase } from './check.ts'
import { choose, ONWARD } from './choose.ts'
import { STREETS, type World } from './city.ts'
import { Desk } from './desk.ts'
import { aCase, apply, type Case } from './model.ts'
import type { CaseScheme } from './reference.ts'

/** So long after the last kill something that got no answer is no fault any more that passes. */
const PATIENCE = 120_000
const CLASSES = ['event 0104', 'event 0101', 'part 0101'] as const

export interface Told {
  cases: Case[]
  /** Steps, reports among them, and photographs that were answered. */
  steps: number
  photos: number
  /** Requests that got no answer and were repeated, and those of them that had been done all the same. */
  repeated: number
  replayed: number
}

/** When something was killed last: a request that takes long, such as a photograph's, may meet one kill after another. */
interface Faults {
  lastAt: number
}

/** A small generator with a known seed, so that a failing run can be played again. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Asks again until there is an answer. A server that is away, or whose database is, is all that may pass; any other failure is one. */
function patientFetch(base: string, world: World, told: Told, faults: Faults) {
  return async (address: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    const principal = world.principals.get(headers.get('x-test-person') ?? '')
    if (principal) headers.set('x-test-principal', Buffer.from(JSON.stringify(principal)).toString('base64url'))
    const began = Date.now()
    for (;;) {
      const answer = await fetch(`${base}${address}`, { ...init, headers }).catch((error: unknown) => (error instanceof TypeError ? undefined : Promise.reject(error)))
      const isBusy = answer?.status === 503 || (answer?.status === 409 && ((await answer.clone().json()) as { code: string }).code === 'in_progress')
      // A body can be cut off by the kill as well: it is read here, so that what is handed on is whole.
      const body = answer && !isBusy ? await answer.arrayBuffer().catch(() => undefined) : undefined
      if (answer && body) {
        if (answer.headers.get('idempotency-replayed') === 'true') told.replayed++
        return new Response(body, answer)
      }
      told.repeated++
      if (Date.now() > Math.max(began, faults.lastAt) + PATIENCE) throw new Error(`no answer from ${address} within ${PATIENCE / 1000} s of the last kill`)
      await new Promise((resolve) => setTimeout(resolve, 40))
    }
  }
}

export interface Wanted {
  base: string
  world: World
  scheme: CaseScheme
  workers: number
  kills: number
  /** Steps answered between two kills, at random up to so many. */
  between: number
  seed: number
  kill: (index: number) => Promise<void>
}

/** Lets people work while `kill` is called at random. @returns what they were told. @throws when any of it was not so. */
export async function workWhileKilled({ base, world, scheme, workers, kills, between, seed, kill }: Wanted): Promise<Told> {
  const told: Told = { cases: [], steps: 0, photos: 0, repeated: 0, replayed: 0 }
  const faults: Faults = { lastAt: 0 }
  const desk = new Desk({ fetch: patientFetch(base, world, told, faults) }, world, scheme.nextPhoto)
  const { rules, people } = world
  let isOver = false

  async function report(next: (below: number) => number): Promise<Case> {
    const street = STREETS[next(2)]!
    const classKey = CLASSES[next(CLASSES.length)]!
    const [classKind, classCode] = classKey.split(' ')
    const who = people[next(4)]!
    const answer = await desk.post<Incident>(who, '/incidents', { source: 'leader', classKind, classCode, position: street.place }, uuidv7())
    expect([answer.status, answer.body.detail]).toEqual([201, undefined])
    told.steps++
    const one = aCase(answer.body.id, { street: street.code, source: 'leader', reporter: who, classKey, state: 'pending_accept', action: 'submit', actor: who }, Date.parse(answer.body.reportedAt), rules)
    told.cases.push(one)
    return one
  }

  async function step(one: Case, next: (below: number) => number): Promise<boolean> {
    const now = Date.now()
    const chosen = choose(one, people, { action: next(9_999), person: next(9_999) }, now, rules, next(3) > 0 ? ONWARD : undefined)
    if (!chosen) return false
    const { action, who } = chosen
    const brings = await wish({ one, action, who, now, cases: told.cases, world, scheme }, next(9_999), false, (kind) => {
      told.photos++
      return desk.addPhoto(one, kind)
    })
    // Merging ties two people's cases together, which this test leaves to others.
    if (brings.fault !== null || action === 'merge_duplicate') return true
    const answer = await desk.press(who, one, action, brings.body, uuidv7())
    expect([action, answer.status, answer.body.detail]).toEqual([action, 201, undefined])
    told.steps++
    apply(one, action, who, Date.parse(answer.body.flow.at(-1)?.at ?? ''), brings.brought, rules)
    compareCase(answer.body, one)
    return true
  }

  async function work(index: number): Promise<void> {
    const next = numbersFrom(seed + index)
    while (!isOver) {
      const one = await report(next)
      for (let left = 3 + next(12); left > 0 && !isOver; left--) if (!(await step(one, next))) break
    }
  }

  let failure: unknown
  const all = Array.from({ length: workers }, (_, index) =>
    work(index).catch((error: unknown) => {
      failure ??= error
      isOver = true
    }),
  )
  const moreThan = async (steps: number) => {
    const deadline = Date.now() + PATIENCE
    while (told.steps < steps && !isOver) {
      if (Date.now() > deadline) throw new Error(`stuck at ${told.steps} steps`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  try {
    const next = numbersFrom(seed - 1)
    for (let index = 0; index < kills && !isOver; index++) {
      await moreThan(told.steps + 1 + next(between))
      if (isOver) break
      await kill(index)
      faults.lastAt = Date.now()
    }
    await moreThan(told.steps + workers)
  } finally {
    isOver = true
    await Promise.all(all)
  }
  if (failure !== undefined) throw failure
  for (const one of told.cases) await desk.look(one)
  return told
}

/** What is there after the kills. */
export interface Found {
  flowRows: number
  photos: number
  links: number
}

/** Holds the tables, the log and the files of the photographs against what people were told. @throws when anything is missing, doubled or half done. */
export async function checkTold(db: Db, world: World, { cases, photos }: Told, dataDirectory: string): Promise<Found> {
  const flowRows = await checkTables(db, world.city, cases)
  const rows = await db.query<{ original: string; sha256: string; shown: string; thumbnail: string }>(sql`
    select m.original_path as original, m.original_sha256 as sha256, m.shown_path as shown, m.thumbnail_path as thumbnail from case_media m join incidents i on i.id = m.incident_id where i.city_id = ${world.city.cityId}`)
  expect(rows).toHaveLength(photos)
  for (const { original, sha256, shown, thumbnail } of rows) {
    const read = (name: string) => readFile(path.join(dataDirectory, 'media', 'kept', name))
    expect(createHash('sha256').update(await read(original)).digest('hex')).toBe(sha256)
    expect((await read(shown)).length * (await read(thumbnail)).length).toBeGreaterThan(0)
  }
  return { flowRows, photos: rows.length, links: await checkChains(db, [world.city]) }
}
