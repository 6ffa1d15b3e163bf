/** Successful calls of everything that changes scenarios, and the gates of green spaces. */
import { keepEntrances } from '../../../../server/contract/entrances.ts'
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

/** A park with one gate on record: where a path crosses its boundary. */
async function aGatedPark({ api, db }: Scene) {
  const city = await aSmallCity(db)
  const green = await city.park([-100, 0, 100, 100])
  await city.path([[-50, 50], [200, 50]])
  const params = { city: city.key, green }
  const { entrances } = await api.call(keepEntrances, { params, body: {} })
  return { params: { ...params, entrance: entrances[0]?.id ?? '' }, position: entrances[0]?.position }
}

export const OF_SCENARIOS: Record<string, Prepare> = {
  createScenario: async (scene) => ({ params: { city: (await aScenario(scene)).city }, body: { title: '乙案', question: QUESTION, edits: [] } }),
  saveScenarioVersion: async (scene) => ({ params: await aScenario(scene), body: { version: 1, title: '送审稿', question: QUESTION, edits: [] } }),
  copyScenario: async (scene) => ({ params: await aScenario(scene), body: { version: 1, title: '乙案' } }),
  renameScenario: async (scene) => ({ params: await aScenario(scene), body: { version: 1, title: '丙案' } }),
  addEntrance: async (scene) => {
    const { params, position } = await aGatedPark(scene)
    return { params, body: { position } }
  },
  keepEntrances: async (scene) => ({ params: (await aGatedPark(scene)).params, body: {} }),
  endEntrance: async (scene) => ({ params: (await aGatedPark(scene)).params, body: {} }),
  endScenario: async (scene) => ({ params: await aScenario(scene), body: { version: 1 } }),
}
