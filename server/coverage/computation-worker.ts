import { parentPort } from 'node:worker_threads'
import { COMPUTATIONS, type Computations } from './computation.ts'

export interface ComputationRequest {
  name: keyof Computations
  input: unknown
}

/** `heard`: the share that is done, 0 to 1; then the end. */
export type ComputationAnswer = { heard: number } | { output: unknown } | { error: string }

parentPort?.on('message', ({ name, input }: ComputationRequest) => {
  let answer: ComputationAnswer
  try {
    answer = { output: (COMPUTATIONS[name] as (given: unknown, heard: (share: number) => void) => unknown)(input, (share) => parentPort?.postMessage({ heard: share } satisfies ComputationAnswer)) }
  } catch (error) {
    answer = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
  parentPort?.postMessage(answer)
})
