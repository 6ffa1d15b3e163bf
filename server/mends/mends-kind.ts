/** Mends of a coverage run, as a kind of planning run. */
import type { CityRow } from '../cities/cities.ts'
import { MENDS_ENGINE_VERSION } from '../contract/planning-mends.ts'
import { takeComputationThread } from '../coverage/computation-thread.ts'
import { kindOf } from '../coverage/question.ts'
import { findWalkingSettings } from '../coverage/walking-queries.ts'
import type { PlanningKind } from '../planning/kind.ts'
import { analyseMends, getMendableRun } from './mends.ts'
import { findMendSettings } from './mends-queries.ts'
import { FORMULA, methodTexts } from './words.ts'

/** What is read beside the facilities themselves. */
const READS = ['buildings', 'population_cells', 'historic_districts', 'administrative_areas', 'leftover_plots', 'path_edges', 'green_entrances', 'water_bodies', 'roads']

export const mendsKind: PlanningKind<'mends'> = {
  kind: 'mends',
  engineVersion: MENDS_ENGINE_VERSION,
  async settle(db, city: CityRow, input) {
    const { run, question } = await getMendableRun(db, city.key, input.run)
    return {
      input,
      reads: [...new Set([kindOf(question.input.facility), ...READS])],
      basis: { coverage: { key: run.key, input: question.input }, mendSettings: (await findMendSettings(db, city.cityId)).version, ...(question.input.ruler === 'walk' ? { walkingSettings: (await findWalkingSettings(db, city.cityId)).version } : {}) },
    }
  },
  async execute(city, { input }, { db, signal, progress }) {
    const of = await getMendableRun(db, city.key, input.run)
    const thread = takeComputationThread()
    try {
      const { result, drawing } = await analyseMends(of, { db, thread, signal, progress: (stage, percent) => progress(stage, percent) })
      return { result, drawing, formula: FORMULA, ...methodTexts(result.settings) }
    } finally {
      thread.release()
    }
  },
}
