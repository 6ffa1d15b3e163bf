/** Use case of the measures that colour unit grid cells. */
import type { CityRow } from '../cities/cities.ts'
import type { Reply } from '../contract/endpoint.ts'
import type { FeatureKind, GridMeasure, listGridMeasure as listGridMeasureEndpoint } from '../contract/layers.ts'
import type { Queryable } from '../db/db.ts'
import { countedIncident, openIncident, overdueIncident } from '../incidents/incidents.ts'
import { type Unit, unitLabel } from './labels.ts'
import { listGridValues } from './measure-queries.ts'

type Answer = Reply<typeof listGridMeasureEndpoint>

const DAY_MS = 86_400_000

const UNITS: Record<GridMeasure, Unit> = { open_incidents: 'incidents', overdue_incidents: 'incidents', incidents_30_days: 'incidents', population: 'people', parts: 'parts', green_share: 'percent' }

/** Kinds a measure of things that stand still is computed from: while their versions stay, so does the answer. */
const STANDS_ON: Partial<Record<GridMeasure, FeatureKind[]>> = {
  population: ['unit_grids', 'buildings', 'population_cells'],
  parts: ['unit_grids', 'parts'],
  green_share: ['unit_grids', 'green_spaces'],
}

export type GridMeasures = (city: CityRow, measure: GridMeasure, at: Date) => Promise<Answer>

/** Measures of one application; those of things that stand still are remembered until these change. */
export function createGridMeasures(db: Queryable): GridMeasures {
  const remembered = new Map<string, { versions: string; answer: Promise<Answer> }>()

  async function compute(city: CityRow, measure: GridMeasure, at: Date): Promise<Answer> {
    const rows = await listGridValues(db, measure, {
      cityId: city.cityId,
      measureSrid: city.measureSrid,
      open: openIncident,
      overdue: overdueIncident(at),
      counted: countedIncident,
      since: new Date(at.getTime() - 30 * DAY_MS).toISOString(),
    })
    return { measure, unit: unitLabel(UNITS[measure]).zh, asOf: at.toISOString(), ids: rows.map(({ id }) => id), codes: rows.map(({ code }) => code), values: rows.map(({ value }) => value) }
  }

  return (city, measure, at) => {
    const kinds = STANDS_ON[measure]
    if (!kinds) return compute(city, measure, at)
    const key = `${city.cityId} ${measure}`
    const versions = kinds.map((kind) => city.tileVersions[kind] ?? 0).join()
    const known = remembered.get(key)
    if (known?.versions === versions) return known.answer
    const entry = { versions, answer: compute(city, measure, at) }
    remembered.set(key, entry)
    // A failure is not remembered: the next one asks again.
    entry.answer.catch(() => remembered.get(key) === entry && remembered.delete(key))
    return entry.answer
  }
}
