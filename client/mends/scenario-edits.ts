/** Mends as the edits of a scenario: what was found becomes what is drawn. Pure but for the ids, which the caller makes. */
import type { Mend } from '../../server/contract/mends.ts'
import { ScenarioEdit } from '../../server/contract/scenarios.ts'

type Coordinates = readonly unknown[]

/** One mend as one edit. @param id of the new edit; @throws ZodError for a geometry that a scenario cannot hold */
export function scenarioEditOf({ edit, name, center }: Mend, id: string): ScenarioEdit {
  const named = { id, name: (name ?? '').slice(0, 80) }
  if (edit.kind === 'gate') return ScenarioEdit.parse({ ...named, kind: 'gate', feature: edit.facilityId, position: center })
  if (edit.kind === 'open') return ScenarioEdit.parse({ ...named, kind: 'open', feature: edit.facilityId })
  if (edit.kind === 'facility') {
    const { type, coordinates } = edit.geometry
    // A scenario draws one polygon; of a plot in several parts the first.
    return ScenarioEdit.parse({ ...named, kind: 'facility', geometry: type === 'MultiPolygon' ? { type: 'Polygon', coordinates: (coordinates as Coordinates)[0] } : { type, coordinates } })
  }
  return ScenarioEdit.parse({ ...named, kind: 'path', line: edit.geometry.coordinates, isCrossing: edit.kind === 'crossing' })
}
