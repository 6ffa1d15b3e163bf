/** The HTTP addresses as the simulator uses them: the same that the console and every source use. */
import { v7 as uuidv7 } from 'uuid'
import { API_PREFIX, type Endpoint, type Input, type Reply } from '../contract/endpoint.ts'
import { Problem } from '../contract/errors.ts'

/** A refusal of the API. */
export class Refused extends Error {
  readonly code: string

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title)
    this.code = problem.code
  }
}

export interface SimulatorApi {
  /** @param person whom it acts as; without one, as the source of reports. @throws Refused */
  call<E extends Endpoint>(endpoint: E, input: Input<E>, person?: { login: string }): Promise<Reply<E>>
  /** Sends what changes something: after a broken connection once more under the same key, so that it happens once. */
  send<E extends Endpoint>(endpoint: E, input: Input<E>, person?: { login: string }): Promise<Reply<E>>
}

const PATIENCE_MILLISECONDS = 30_000

export function openSimulatorApi(baseUrl: string, accessToken: string | undefined, stopping: AbortSignal): SimulatorApi {
  async function call<E extends Endpoint>(endpoint: E, input: Input<E>, person?: { login: string }, key?: string): Promise<Reply<E>> {
    const given = input as { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown }
    const path = endpoint.path.replace(/:([a-z]+)/gi, (_whole, name: string) => encodeURIComponent(String(given.params?.[name])))
    const query = new URLSearchParams(Object.entries(given.query ?? {}).map(([name, value]) => [name, String(value)])).toString()
    const response = await fetch(`${baseUrl}${API_PREFIX}${path}${query ? `?${query}` : ''}`, {
      method: endpoint.method,
      headers: {
        'content-type': 'application/json',
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
        ...(person ? { 'x-persona': person.login } : {}),
      },
      ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
      signal: AbortSignal.any([stopping, AbortSignal.timeout(PATIENCE_MILLISECONDS)]),
    })
    const body: unknown = await response.json()
    if (!response.ok) throw new Refused(Problem.parse(body))
    return endpoint.reply.parse(body) as Reply<E>
  }
  return {
    call: (endpoint, input, person) => call(endpoint, input, person),
    async send(endpoint, input, person) {
      const key = uuidv7()
      try {
        return await call(endpoint, input, person, key)
      } catch (error) {
        if (error instanceof Refused || stopping.aborted) throw error
        return call(endpoint, input, person, key)
      }
    },
  }
}
