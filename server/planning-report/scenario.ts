/** The scenario of a run, as a report names and draws it. */
import type { ScenarioEdit } from '../contract/scenarios.ts'
import type { Queryable } from '../db/db.ts'
import { findScenario, findVersion } from '../scenarios/queries.ts'

export interface RunScenario {
  title: string
  version: number
  editCount: number
  /** Edits with a place, as GeoJSON. */
  shapes: { type: string; coordinates: unknown }[]
}

function shapeOf(edit: ScenarioEdit): RunScenario['shapes'] {
  if ('geometry' in edit) return [edit.geometry]
  if ('line' in edit) return [{ type: 'LineString', coordinates: edit.line }]
  return 'position' in edit ? [{ type: 'Point', coordinates: edit.position }] : []
}

/** Nothing where the scenario is of another city; a scenario that was put away since is named all the same. */
export async function findScenarioOfRun(db: Queryable, cityId: number, { id, version }: { id: string; version: number }): Promise<RunScenario | null> {
  const scenario = await findScenario(db, cityId, id)
  const edits = scenario && (await findVersion(db, scenario.scenarioId, version))?.edits
  return scenario && edits ? { title: scenario.title, version, editCount: edits.length, shapes: edits.flatMap(shapeOf) } : null
}
