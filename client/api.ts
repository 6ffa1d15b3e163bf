/** The only way of the client to the server's requests; the live feed has its own in live.ts. */
import { API_PREFIX, type Endpoint, type Input, type Reply } from '../server/contract/endpoint.ts'
import { type ErrorCode, Problem } from '../server/contract/errors.ts'
import { presenceHeaders } from './presence.ts'

/** What went wrong with a request; the console decides by `code`, never by the sentence. */
export class ApiError extends Error {
  readonly code: ErrorCode
  readonly status: number
  /** To be quoted when asking for help; null when no server answered. */
  readonly requestId: string | null
  readonly fields: readonly { path: string; message: string }[]

  constructor(code: ErrorCode, message: string, details: { status?: number; requestId?: string | null; fields?: readonly { path: string; message: string }[]; cause?: unknown } = {}) {
    super(message, { cause: details.cause })
    this.name = 'ApiError'
    this.code = code
    this.status = details.status ?? 0
    this.requestId = details.requestId ?? null
    this.fields = details.fields ?? []
  }
}

export interface CallOptions {
  signal?: AbortSignal
  /** Default 30 s; a request without an answer by then is `timeout`. */
  timeoutMilliseconds?: number
  headers?: Record<string, string>
}

/** Codes that say that the session has ended or still owes a step. */
const SESSION_CODES: readonly ErrorCode[] = ['unauthenticated', 'second_factor_needed', 'password_change_needed']
let tellSessionEnded: (() => void) | null = null

/** Hears of every answer that refuses because of the session; the account store then looks at how things stand. */
export function onSessionEnded(heard: () => void): void {
  tellSessionEnded = heard
}

const DEFAULT_TIMEOUT_MILLISECONDS = 30_000
const UPLOAD_TIMEOUT_MILLISECONDS = 30 * 60_000

/** The address of an endpoint's path under the API, its `:name` parts filled in and the query appended. */
export function apiAddress(path: string, params: Record<string, unknown> = {}, query: Record<string, unknown> = {}): string {
  const filled = path.replace(/:([A-Za-z]+)/g, (_whole, name: string) => {
    const value = params[name]
    if (value === undefined || value === null) throw new Error(`The address ${path} needs a value for "${name}".`)
    return encodeURIComponent(String(value))
  })
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return `${API_PREFIX}${filled}${text === '' ? '' : `?${text}`}`
}

/** The problem that an answer tells, by its status and body. */
function problemFrom(status: number, text: string): ApiError {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    parsed = null
  }
  const problem = Problem.safeParse(parsed)
  if (problem.success) {
    const { code, detail, title, requestId, errors } = problem.data
    return new ApiError(code, detail ?? title, { status, requestId: requestId ?? null, fields: errors ?? [] })
  }
  const code: ErrorCode = status === 401 ? 'unauthenticated' : status === 403 ? 'forbidden' : status === 404 ? 'not_found' : status === 413 ? 'too_large' : status === 429 ? 'too_many_requests' : status >= 502 ? 'unavailable' : 'internal'
  return new ApiError(code, `HTTP ${status}`, { status })
}

async function send(address: string, init: RequestInit, options: CallOptions): Promise<Response> {
  const timeout = AbortSignal.timeout(options.timeoutMilliseconds ?? DEFAULT_TIMEOUT_MILLISECONDS)
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout
  let response: Response
  try {
    response = await fetch(address, { ...init, signal, headers: { Accept: 'application/json', ...presenceHeaders(), ...init.headers, ...options.headers } })
  } catch (cause) {
    if (options.signal?.aborted) throw new ApiError('cancelled', 'The request was given up.', { cause })
    if (timeout.aborted) throw new ApiError('timeout', 'The server did not answer in time.', { cause })
    throw new ApiError('unavailable', 'The server cannot be reached.', { cause })
  }
  if (!response.ok) {
    const problem = problemFrom(response.status, await response.text())
    // Signing in is refused with the same codes, and its form says so itself.
    if (SESSION_CODES.includes(problem.code) && !address.startsWith(`${API_PREFIX}/session`)) tellSessionEnded?.()
    throw problem
  }
  return response
}

/**
 * Calls an endpoint of the contract.
 * @throws ApiError with the server's code; `unavailable` when no server answers, `timeout` when it takes too long, `cancelled` when given up.
 */
export async function call<E extends Endpoint>(endpoint: E, input: Input<E>, options: CallOptions = {}): Promise<Reply<E>> {
  const { params, query, body } = input as { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown }
  const init: RequestInit = { method: endpoint.method }
  if (body !== undefined) {
    init.body = JSON.stringify(body)
    init.headers = { 'Content-Type': 'application/json' }
  }
  const response = await send(apiAddress(endpoint.path, params, query), init, options)
  return (await response.json()) as Reply<E>
}

export interface FetchedFile {
  blob: Blob
  fileName: string
}

async function sendForFile(address: string, init: RequestInit, options: CallOptions): Promise<FetchedFile> {
  const response = await send(address, init, { ...options, headers: { Accept: '*/*', ...options.headers } })
  return { blob: await response.blob(), fileName: /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? 'export' }
}

/** Calls an endpoint that answers with a file. Errors as with `call`. */
export function callFile<E extends Endpoint>(endpoint: E, input: Input<E>, options: CallOptions = {}): Promise<FetchedFile> {
  const { params, query, body } = input as { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown }
  const init: RequestInit = { method: endpoint.method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }) }
  return sendForFile(apiAddress(endpoint.path, params, query), init, options)
}

/** Fetches a file under the API. Errors as with `call`. */
export function fetchFile(path: string, params: Record<string, unknown>, query: Record<string, unknown>, options: CallOptions = {}): Promise<FetchedFile> {
  return sendForFile(apiAddress(path, params, query), {}, options)
}

/** Fetches bytes under the API: points as columns. Errors as with `call`. */
export async function callBytes(path: string, params: Record<string, unknown>, query: Record<string, unknown>, options: CallOptions = {}): Promise<ArrayBuffer> {
  const response = await send(apiAddress(path, params, query), { headers: { Accept: 'application/octet-stream, application/vnd.xiucheng.points' } }, options)
  return response.arrayBuffer()
}

/** Sends a form with a file; a large file may take minutes. Errors as with `call`. */
export async function callUpload<T>(path: string, params: Record<string, unknown>, form: FormData, options: CallOptions = {}): Promise<T> {
  const response = await send(apiAddress(path, params), { method: 'POST', body: form }, { timeoutMilliseconds: UPLOAD_TIMEOUT_MILLISECONDS, ...options })
  return (await response.json()) as T
}

/**
 * The same, telling on the way how much of it has left: `fetch` cannot say that.
 * @param onProgress share of the bytes sent, 0 to 1
 */
export function callUploadWithProgress<T>(path: string, params: Record<string, unknown>, form: FormData, { signal, onProgress }: { signal: AbortSignal; onProgress: (share: number) => void }): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', apiAddress(path, params))
    request.timeout = UPLOAD_TIMEOUT_MILLISECONDS
    request.setRequestHeader('Accept', 'application/json')
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) return resolve(JSON.parse(request.responseText) as T)
      const problem = problemFrom(request.status, request.responseText)
      if (SESSION_CODES.includes(problem.code)) tellSessionEnded?.()
      reject(problem)
    }
    request.onerror = () => reject(new ApiError('unavailable', 'The server cannot be reached.'))
    request.ontimeout = () => reject(new ApiError('timeout', 'The server did not answer in time.'))
    request.onabort = () => reject(new ApiError('cancelled', 'The request was given up.'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(form)
  })
}
