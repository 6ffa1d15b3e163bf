/** Successful calls of everything that changes scenarios. */
import { createScenario } from '../../../../server/contract/scenarios.ts'
import { aSmallCity } from '../../coverage/a-small-city.ts'
import type { Prepare, Scene } from './scene.ts'

const QUESTION = { radiusMeters: 300, demand: 'population' } as const

async function aScenario({ api, db }: Scene) {
  const city = await aSmallCity(db)
  await city.park([0, 0, 100, 100])
  await city.building([200, 0, 10, 10], 5)
  const { scenario } = await api.call(createScenario, { params: { city: city.key }, body: { title: '甲案', question: QUESTION, edits: [] } })
  return { city: city.key, scenario: scenario.id }
}

export const OF_SCENARIOS: Record<string, Prepare> = {
  createScenario: async (scene) => ({ params: { city: (await aScenario(scene)).city }, body: { title: '乙案', question: QUESTION, edits: [] } }),
  saveScenarioVersion: async (scene) => ({ params: await aScenario(scene), body: { version: 1, title: '送审稿', question: QUESTION, edits: [] } }),
  copyScenario: async (scene) => ({ params: await aScenario(scene), body: { version: 1, title: '乙案' } }),
  renameScenario: async (scene) => ({ params: await aScenario(scene), body: { version: 1, title: '丙案' } }),
  endScenario: async (scene) => ({ params: await aScenario(scene), body: { version: 1 } }),
}
