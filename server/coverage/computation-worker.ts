import { parentPort } from 'node:worker_threads'
import { COMPUTATIONS, type Computations } from './computation.ts'

export interface ComputationRequest {
  name: keyof Computations
  input: unknown
}

export type ComputationAnswer = { output: unknown } | { error: string }

parentPort?.on('message', ({ name, input }: ComputationRequest) => {
  let answer: ComputationAnswer
  try {
    answer = { output: (COMPUTATIONS[name] as (given: unknown) => unknown)(input) }
  } catch (error) {
    answer = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
  parentPort?.postMessage(answer)
})
