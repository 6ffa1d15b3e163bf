import { ref } from 'vue'
import { ApiError } from './api.ts'
import { useFailure } from './use-failure.ts'

/** One form being sent: busy meanwhile, and the sentence of what went wrong. */
export function useSubmit() {
  const { sentenceOf } = useFailure()
  const isBusy = ref(false)
  const problem = ref<string | null>(null)

  /** @returns whether it went well. */
  async function submit(work: () => Promise<unknown>): Promise<boolean> {
    if (isBusy.value) return false
    isBusy.value = true
    problem.value = null
    try {
      await work()
      return true
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      problem.value = sentenceOf(error)
      return false
    } finally {
      isBusy.value = false
    }
  }

  return { isBusy, problem, submit }
}
