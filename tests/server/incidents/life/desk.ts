/** How people reach the server: over HTTP, each by his own name. */
import type { Principal } from '../../../../server/access/principal.ts'
import type { Problem } from '../../../../server/contract/errors.ts'
import type { Incident } from '../../../../server/contract/incidents.ts'
import type { Db } from '../../../../server/db/db.ts'
import type { TestApi } from '../../../helpers/api.ts'
import { checkClocks, compareCase } from './check.ts'
import type { World } from './city.ts'
import type { Case, Person } from './model.ts'
import type { CaseScheme } from './reference.ts'
import { checkRests } from './rests.ts'

/** A server whose clock the play moves, and who calls it. */
export interface Stage {
  db: Db
  api: TestApi
  scheme: CaseScheme
  clock: { at: number }
  principals: Map<string, Principal>
}

export interface Answer<T> {
  status: number
  body: T & Problem
  replayed: boolean
}

/** Answers are not packed: that would cost more than the rest of the way. */
const PLAIN = { 'accept-encoding': 'identity' }

export class Desk {
  private readonly api: Pick<TestApi, 'fetch'>
  private readonly address: string
  private readonly nextPhoto: () => Buffer

  constructor(api: Pick<TestApi, 'fetch'>, { city }: World, nextPhoto: () => Buffer) {
    this.api = api
    this.address = `/api/v1/cities/${city.key}`
    this.nextPhoto = nextPhoto
  }

  async post<T>(who: Person, address: string, body: unknown, key?: string): Promise<Answer<T>> {
    const response = await this.api.fetch(`${this.address}${address}`, {
      method: 'POST', headers: { 'content-type': 'application/json', ...PLAIN, 'x-test-person': who.id, ...(key === undefined ? {} : { 'idempotency-key': key }) }, body: JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as T & Problem, replayed: response.headers.get('idempotency-replayed') === 'true' }
  }

  press(who: Person, one: Case, action: string, body: Record<string, unknown>, key?: string): Promise<Answer<Incident>> {
    return this.post(who, `/incidents/${one.id}/transitions`, { action, version: one.version, ...body }, key)
  }

  /** Reads a case as the program sees it, and holds it against the test's books; with the time of the server's clock, how far its limits are gone as well. */
  async look(one: Case, now?: number): Promise<void> {
    const response = await this.api.fetch(`${this.address}/incidents/${one.id}`, { headers: PLAIN })
    const view = (await response.json()) as Incident
    compareCase(view, one)
    checkClocks(view)
    if (now !== undefined) checkRests(view, now)
  }

  /** Adds a photograph to a case. @returns its id. */
  async addPhoto(one: Case, kind: string): Promise<string> {
    const form = new FormData()
    form.append('kind', kind)
    form.append('file', new Blob([new Uint8Array(this.nextPhoto())], { type: 'image/jpeg' }), 'photo.jpg')
    const response = await this.api.fetch(`${this.address}/incidents/${one.id}/evidence`, { method: 'POST', headers: PLAIN, body: form })
    const { evidence } = (await response.json()) as { evidence: { id: string } }
    return evidence.id
  }
}
