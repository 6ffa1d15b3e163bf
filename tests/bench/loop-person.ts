/** Somebody at the workbench: looks at his queue, opens a case, thinks, presses an action with what it needs. Over HTTP, with a session of his own. */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Incident, IncidentAction, IncidentState, IncidentSummary } from '../../server/contract/incidents.ts'
import type { QueueKey } from '../../server/contract/queues.ts'
import type { Role } from '../../server/contract/permissions.ts'
import { PASSWORD, type Staff, type Worker } from './loop-town.ts'

/** Whose work lies in which queues. */
const WORK: Partial<Record<Role, readonly QueueKey[]>> = {
  operator: ['pending_accept', 'pending_check'], shift_leader: ['pending_filing', 'pending_close'], dispatcher: ['pending_dispatch'], disposal_person: ['pending_dispose', 'disposing'],
  department_manager: ['pending_confirm'], checker: ['checking'],
}

/** The straight step from each state, and what now and then happens instead. */
const STEPS: Partial<Record<IncidentState, { straight: IncidentAction; instead?: IncidentAction }>> = {
  pending_accept: { straight: 'accept' }, pending_filing: { straight: 'file' }, pending_dispatch: { straight: 'dispatch', instead: 'return_to_filing' }, pending_dispose: { straight: 'claim' },
  disposing: { straight: 'submit_result', instead: 'refuse_assignment' }, disposed: { straight: 'confirm', instead: 'send_back' }, pending_check: { straight: 'send_check', instead: 'rework' },
  checking: { straight: 'check_passed', instead: 'check_failed' }, pending_close: { straight: 'close' },
}
const INSTEAD_SHARE = 0.04

export interface Acknowledged {
  id: string
  /** The version that the step made. */
  version: number
  action: IncidentAction
  by: string
}

/** What happened, added up over everybody. */
export class Tally {
  readonly acknowledged: Acknowledged[] = []
  readonly stepMilliseconds: number[] = []
  readonly queueMilliseconds: number[] = []
  readonly caseMilliseconds: number[] = []
  /** Somebody was quicker. */
  conflicts = 0
  /** Nothing to do in any of one's queues. */
  idle = 0
  /** Refusals and failures that no rule of the work explains, by status and code. */
  readonly errors = new Map<string, number>()
  /** The first few, in words. */
  readonly errorWords: string[] = []

  fail(code: string, words: string): void {
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1)
    if (this.errorWords.length < 5) this.errorWords.push(`${code}: ${words.slice(0, 300)}`)
  }
}

export interface Town {
  base: string
  cityKey: string
  staff: Staff
  /** Small photographs, to prove steps with; none where the city asks for none. */
  photos: readonly Buffer[]
  random(): number
}

interface Answer {
  status: number
  body: Record<string, unknown>
  milliseconds: number
}

export interface Person extends Worker {
  cookie: string
}

async function ask(town: Town, person: Pick<Person, 'cookie'> | undefined, path: string, init: RequestInit = {}): Promise<Answer & { headers: Headers }> {
  const began = performance.now()
  const response = await fetch(`${town.base}/api/v1${path}`, { ...init, headers: { 'sec-fetch-site': 'same-origin', ...(person ? { cookie: person.cookie } : {}), ...(init.headers as Record<string, string> | undefined) } })
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}, milliseconds: performance.now() - began, headers: response.headers }
}

const postJson = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({ method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })

/** @throws Error when the door stays shut. */
export async function signIn(town: Town, worker: Worker): Promise<Person> {
  const answer = await ask(town, undefined, '/session', postJson({ login: worker.login, password: PASSWORD }))
  const cookie = answer.headers.getSetCookie().map((line) => /^(\w+=[^;]+)/.exec(line)?.[1]).find((pair) => pair !== undefined)
  if (answer.status >= 300 || cookie === undefined) throw new Error(`${worker.login} could not sign in: ${answer.status} ${JSON.stringify(answer.body)}`)
  return { ...worker, cookie }
}

const pick = <T>(town: Town, from: readonly T[]): T | undefined => from[Math.floor(town.random() * from.length)]

/** Looks at one of his queues and the counts of all, and takes up one of its first cases. */
async function takeUp(town: Town, person: Person, tally: Tally): Promise<Incident | undefined> {
  const queue = pick(town, WORK[person.role] ?? [])
  const [page, counts] = await Promise.all([ask(town, person, `/cities/${town.cityKey}/incidents?queue=${queue}&limit=50`), ask(town, person, `/cities/${town.cityKey}/queues`)])
  for (const answer of [page, counts]) if (answer.status !== 200) tally.fail(`queue ${answer.status} ${String(answer.body['code'])}`, JSON.stringify(answer.body))
  tally.queueMilliseconds.push(page.milliseconds, counts.milliseconds)
  const row = pick(town, (page.body['rows'] as IncidentSummary[] | undefined) ?? [])
  if (!row) return undefined
  const seen = await ask(town, person, `/cities/${town.cityKey}/incidents/${row.id}`)
  tally.caseMilliseconds.push(seen.milliseconds)
  if (seen.status === 200) return seen.body as unknown as Incident
  // A case that another has taken out of his sight meanwhile.
  if (seen.status !== 404) tally.fail(`case ${seen.status} ${String(seen.body['code'])}`, JSON.stringify(seen.body))
  return undefined
}

async function addPhoto(town: Town, person: Person, incident: Incident, kind: string, tally: Tally): Promise<string[]> {
  if (town.photos.length === 0) return []
  const form = new FormData()
  form.append('kind', kind)
  form.append('file', new Blob([new Uint8Array(town.photos[incident.version % town.photos.length] ?? Buffer.alloc(0))], { type: 'image/jpeg' }), 'photo.jpg')
  const answer = await ask(town, person, `/cities/${town.cityKey}/incidents/${incident.id}/evidence`, { method: 'POST', body: form })
  const id = (answer.body['evidence'] as { id: string } | undefined)?.id ?? (answer.body['id'] as string | undefined)
  if (answer.status < 300 && id !== undefined) return [id]
  if (answer.status !== 404 && answer.status !== 409) tally.fail(`photo ${answer.status} ${String(answer.body['code'])}`, JSON.stringify(answer.body))
  return []
}

/** What an action needs beside its name. */
async function needsOf(town: Town, person: Person, incident: Incident, action: IncidentAction, tally: Tally): Promise<Record<string, unknown>> {
  if (action === 'file') return { conditionOrdinal: incident.classKind === 'event' ? 1 : undefined }
  if (action === 'dispatch') return { departmentId: pick(town, town.staff.departmentIds), overrideReason: '就近处置' }
  if (action === 'close') return { closingConditionMet: true }
  if (action === 'submit_result') return { mediaIds: await addPhoto(town, person, incident, 'after', tally) }
  if (action === 'check_passed' || action === 'check_failed') return { mediaIds: await addPhoto(town, person, incident, 'check', tally), opinion: '现场仍有残留' }
  return { opinion: '请重新办理' }
}

/** Presses an action on the case as he saw it. */
export async function press(town: Town, person: Person, incident: Incident, action: IncidentAction, tally: Tally): Promise<Answer> {
  const needs = await needsOf(town, person, incident, action, tally)
  const answer = await ask(town, person, `/cities/${town.cityKey}/incidents/${incident.id}/transitions`, postJson({ action, version: incident.version, ...needs }, { 'idempotency-key': randomUUID() }))
  if (answer.status === 201) {
    tally.stepMilliseconds.push(answer.milliseconds)
    tally.acknowledged.push({ id: incident.id, version: Number(answer.body['version']), action, by: person.name })
  } else if (answer.status === 409) tally.conflicts++
  // Sent on to another department meanwhile: out of his sight.
  else if (answer.status === 404) tally.conflicts++
  else tally.fail(`${action} ${answer.status} ${String(answer.body['code'])}`, JSON.stringify(answer.body))
  return answer
}

/** One turn: queue, case, thought, action. */
export async function work(town: Town, person: Person, thinkMilliseconds: number, tally: Tally): Promise<void> {
  const incident = await takeUp(town, person, tally)
  // Nobody thinks for the same time twice.
  if (thinkMilliseconds > 0) await pause(thinkMilliseconds * (0.75 + 0.5 * town.random()))
  const steps = incident && STEPS[incident.state]
  const wished = steps?.instead && town.random() < INSTEAD_SHARE ? [steps.instead, steps.straight] : steps ? [steps.straight] : []
  const action = wished.find((one) => incident?.actions.some((choice) => choice.action === one && choice.allowed))
  if (incident && action) await press(town, person, incident, action, tally)
  else {
    tally.idle++
    if (thinkMilliseconds < 50) await pause(50)
  }
}
