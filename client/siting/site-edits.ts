/** Chosen sites as the edits of a scenario. Pure but for the ids, which the caller makes. */
import type { SitingDrawing, SitingSite } from '../../server/contract/planning-siting.ts'
import { type DrawnShape, SCENARIO_MOST_EDITS, ScenarioEdit } from '../../server/contract/scenarios.ts'

export interface SiteEdits {
  edits: ScenarioEdit[]
  /** Numbers of sites that a scenario cannot draw: plots in several parts, and those beyond the most edits. */
  leftOut: number[]
}

/** The one polygon or the point of a site; null for what has several parts. */
function shapeOf({ geometry, position }: SitingDrawing['sites'][number]): unknown {
  if (!geometry) return { type: 'Point', coordinates: position }
  if (geometry.type !== 'MultiPolygon') return geometry
  return geometry.coordinates.length === 1 ? { type: 'Polygon', coordinates: geometry.coordinates[0] } : null
}

/** @param newId makes the id of an edit */
export function siteEdits(sites: readonly SitingSite[], drawn: SitingDrawing['sites'], nameOf: (site: SitingSite) => string, newId: () => string): SiteEdits {
  const shapes = new Map(drawn.map((site) => [site.number, shapeOf(site) as DrawnShape | null]))
  const edits: ScenarioEdit[] = []
  const leftOut: number[] = []
  for (const site of sites) {
    const { data } = ScenarioEdit.safeParse({ id: newId(), kind: 'facility', name: nameOf(site).slice(0, 80), geometry: shapes.get(site.number) })
    if (data && edits.length < SCENARIO_MOST_EDITS) edits.push(data)
    else leftOut.push(site.number)
  }
  return { edits, leftOut }
}
