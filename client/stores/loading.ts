import { ref } from 'vue'
import { ApiError } from '../api.ts'

export type LoadStatus = 'idle' | 'loading' | 'ready' | 'failed'

/** A failure as panels show it: a code to choose words by, the server's own sentence, and the id to quote. */
export interface Failure {
  code: ApiError['code']
  message: string
  requestId: string | null
  fields: readonly { path: string; message: string }[]
}

/** Any thrown value as a Failure; what is not an ApiError is a fault of ours and is told to the browser's console too. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ApiError) return { code: error.code, message: error.message, requestId: error.requestId, fields: error.fields }
  console.error(error)
  return { code: 'internal', message: error instanceof Error ? error.message : String(error), requestId: null, fields: [] }
}

/**
 * State of one loading: status, failure, and a run that lets only the latest of overlapping calls write.
 * The earlier call is aborted; its late answer is dropped.
 */
export function useLoading() {
  const status = ref<LoadStatus>('idle')
  const failure = ref<Failure | null>(null)
  let controller: AbortController | null = null

  /** @returns true when the work finished and was still wanted. */
  async function run<T>(work: (signal: AbortSignal) => Promise<T>, accept: (value: T) => void): Promise<boolean> {
    controller?.abort()
    const own = new AbortController()
    controller = own
    status.value = 'loading'
    try {
      const value = await work(own.signal)
      if (own.signal.aborted) return false
      accept(value)
      failure.value = null
      status.value = 'ready'
      return true
    } catch (error) {
      if (own.signal.aborted) return false
      failure.value = failureOf(error)
      status.value = 'failed'
      return false
    }
  }

  /** Gives up what is under way and forgets the outcome. */
  function reset(): void {
    controller?.abort()
    controller = null
    status.value = 'idle'
    failure.value = null
  }

  return { status, failure, run, reset }
}
