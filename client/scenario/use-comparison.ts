/** The whole answers of up to four versions of a scenario beside each other, and of the city as it is. */
import { onBeforeUnmount, shallowRef } from 'vue'
import { type CoverageRun, getCoverageRun, startCoverageRun } from '../../server/contract/coverage.ts'
import { getScenarioVersion, type ScenarioVersionHead } from '../../server/contract/scenarios.ts'
import { call } from '../api.ts'
import { isEnded } from '../stores/coverage.ts'
import { type Failure, failureOf } from '../stores/loading.ts'

export const MOST_COMPARED = 4
const WATCH_MILLISECONDS = 800

export interface Compared {
  /** 0 for the city as it is. */
  number: number
  title: string | null
  run: CoverageRun | null
  failure: Failure | null
}

/** Asks for the answers of versions and watches them until each has ended. */
export function useComparison() {
  const rows = shallowRef<Compared[]>([])
  let asked = 0

  function set(number: number, more: Partial<Compared>): void {
    rows.value = rows.value.map((row) => (row.number === number ? { ...row, ...more } : row))
  }

  async function follow(own: number, city: string, scenario: string, number: number): Promise<void> {
    const { question } = await call(getScenarioVersion, { params: { city, scenario, version: Math.max(1, number) } })
    let run = await call(startCoverageRun, { params: { city }, body: number === 0 ? question : { ...question, scenario: { id: scenario, version: number } } })
    for (;;) {
      if (own !== asked) return
      set(number, { run })
      if (isEnded(run)) return
      await new Promise((resolve) => setTimeout(resolve, WATCH_MILLISECONDS))
      run = await call(getCoverageRun, { params: { city, run: run.id } })
    }
  }

  /** @param versions the newest first; those beyond four are left out */
  function compare(city: string, scenario: string, versions: readonly Pick<ScenarioVersionHead, 'number' | 'title'>[]): void {
    const own = ++asked
    const wanted = [{ number: 0, title: null }, ...versions.slice(0, MOST_COMPARED)]
    rows.value = wanted.map(({ number, title }) => ({ number, title, run: null, failure: null }))
    for (const { number } of wanted) {
      follow(own, city, scenario, number).catch((error: unknown) => {
        if (own === asked) set(number, { failure: failureOf(error) })
      })
    }
  }

  onBeforeUnmount(() => (asked += 1))
  return { rows, compare }
}
