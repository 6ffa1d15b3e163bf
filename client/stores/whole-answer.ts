/** The whole answer of a scenario's version, and of the city as it is, watched to their end. */
import { shallowRef } from 'vue'
import { type CoverageRun, getCoverageRun, startCoverageRun } from '../../server/contract/coverage.ts'
import type { getScenarioVersion } from '../../server/contract/scenarios.ts'
import type { Reply } from '../../server/contract/endpoint.ts'
import { call } from '../api.ts'
import { isEnded } from './coverage.ts'

const WATCH_MILLISECONDS = 800

/** @param failed hears of what kept an answer that is still wanted from being read */
export function useWholeAnswer(failed: (error: unknown) => void) {
  const run = shallowRef<CoverageRun | null>(null)
  const baseRun = shallowRef<CoverageRun | null>(null)
  let watching = 0

  /** Asks for both and watches them; asking again gives the former up. */
  async function ask(city: string, { scenario, number, question }: Reply<typeof getScenarioVersion>): Promise<void> {
    const own = ++watching
    run.value = null
    try {
      const base = await call(startCoverageRun, { params: { city }, body: question })
      const asked = await call(startCoverageRun, { params: { city }, body: { ...question, scenario: { id: scenario.id, version: number } } })
      if (own !== watching) return
      baseRun.value = base
      run.value = asked
      while (own === watching && run.value && baseRun.value && !(isEnded(run.value) && isEnded(baseRun.value))) {
        await new Promise((resolve) => setTimeout(resolve, WATCH_MILLISECONDS))
        const [nextBase, next] = await Promise.all([call(getCoverageRun, { params: { city, run: base.id } }), call(getCoverageRun, { params: { city, run: asked.id } })])
        if (own !== watching) return
        baseRun.value = nextBase
        run.value = next
      }
    } catch (error) {
      if (own === watching) failed(error)
    }
  }

  function clear(): void {
    watching += 1
    run.value = null
    baseRun.value = null
  }

  return { run, baseRun, ask, clear }
}
