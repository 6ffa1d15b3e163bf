import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { CoverageQuestion } from '../../server/contract/coverage.ts'
import type { Reply } from '../../server/contract/endpoint.ts'
import { PLANNING_EXPORT_PATH } from '../../server/contract/planning.ts'
import type { RunFileFormat } from '../../server/contract/run-files.ts'
import { getSitingChoices, type SitingDrawing } from '../../server/contract/planning-siting.ts'
import { createScenario, type ScenarioEdit } from '../../server/contract/scenarios.ts'
import { apiAddress, call } from '../api.ts'
import { useLoading } from './loading.ts'
import type { MadeScenario } from './scenario.ts'

/** What the map draws of sites: homes by whom they are served, and the sites themselves. */
export interface SitingPicture extends SitingDrawing {
  /** Number of the site that is looked at; null for none. */
  chosen: number | null
  /** Number of the site that is pointed at, in the list or on the map. */
  hovered: number | null
}

/** What sites can be chosen from, and the last question asked of a page. */
export const useSitingStore = defineStore('siting', () => {
  const choices = shallowRef<Reply<typeof getSitingChoices> | null>(null)
  const choicesOf = ref<string | null>(null)
  const scenarioLoading = useLoading()

  async function loadChoices(city: string): Promise<void> {
    if (choicesOf.value === city) return
    choices.value = null
    choicesOf.value = city
    const reply = await call(getSitingChoices, { params: { city } })
    if (choicesOf.value === city) choices.value = reply
  }

  /** A scenario of its own with the sites drawn in, under the question that they answer. @returns null where it was not made; `scenarioFailure` says why */
  async function makeScenario(city: string, question: CoverageQuestion, title: string, edits: ScenarioEdit[]): Promise<MadeScenario | null> {
    let made: MadeScenario | null = null
    await scenarioLoading.run((signal) => call(createScenario, { params: { city }, body: { title, question, edits } }, { signal }), (reply) => {
      made = reply
    })
    return made
  }

  function exportAddress(city: string, run: string, format: RunFileFormat): string {
    return apiAddress(PLANNING_EXPORT_PATH, { city, run }, { format })
  }

  return { choices, loadChoices, exportAddress, makeScenario, scenarioStatus: scenarioLoading.status, scenarioFailure: scenarioLoading.failure }
})
