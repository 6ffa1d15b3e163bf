/** Reads what a run needs of a city and lays it out in typed arrays. */
import type { Demand } from '../contract/coverage.ts'
import type { Queryable } from '../db/db.ts'
import * as queries from './input-queries.ts'

export const UNIT_LEVELS = ['county', 'street', 'community', 'cell'] as const
export type UnitLevel = (typeof UNIT_LEVELS)[number]

export interface Level {
  level: UnitLevel
  units: { code: string; name: string | null; parentCode: string | null }[]
  shapes: Uint8Array[]
}

/** Where people are counted: buildings with residents, or the centroids of population cells. */
export type PeopleSource = 'buildings' | 'population_cells'

export interface PointSet {
  kind: PeopleSource
  rowIds: number[]
  /** x, y interleaved, metres. */
  points: Float64Array
  /** Residents; unknown counts as 0. */
  people: Float64Array
}

/** Buildings tell where people live more closely than cells; they are used when they hold (nearly) all of the people. */
const COMPLETE_SHARE = 0.95

/** The source of people, or null where the city has none. */
export function peopleSourceOf(demand: { cells: number; cellPeople: number; buildingPeople: number }): PeopleSource | null {
  if (demand.buildingPeople > 0 && demand.buildingPeople >= COMPLETE_SHARE * demand.cellPeople) return 'buildings'
  return demand.cells > 0 ? 'population_cells' : null
}

/** The demands that a city has data for. */
export async function findAvailableDemands(db: Queryable, cityId: number): Promise<{ demands: Demand[]; people: PeopleSource | null }> {
  const found = await queries.findDemand(db, cityId)
  const people = peopleSourceOf(found)
  const demands: Demand[] = []
  if (found.residential > 0) demands.push('residential')
  if (people) demands.push('population')
  if (found.buildings > 0) demands.push('buildings')
  return { demands, people }
}

/** Reads buildings or cells as points. */
export async function readPoints(db: Queryable, cityId: number, srid: number, kind: PeopleSource, heard: () => void): Promise<PointSet> {
  const rows = await queries.listDemandPoints(db, cityId, srid, kind, heard)
  const points = new Float64Array(rows.length * 2)
  const people = new Float64Array(rows.length)
  rows.forEach((row, index) => {
    points[index * 2] = row.x
    points[index * 2 + 1] = row.y
    people[index] = row.people ?? 0
  })
  return { kind, rowIds: rows.map((row) => row.rowId), points, people }
}

/** The levels of units that the city has, largest first. */
export async function readLevels(db: Queryable, cityId: number, srid: number, heard: () => void): Promise<Level[]> {
  const levels: Level[] = []
  for (const level of UNIT_LEVELS) {
    const rows = level === 'cell' ? await queries.listGridCells(db, cityId, srid, heard) : await queries.listAreas(db, cityId, srid, level)
    heard()
    if (rows.length > 0) levels.push({ level, units: rows.map(({ code, name, parentCode }) => ({ code, name, parentCode })), shapes: rows.map((row) => row.wkb) })
  }
  return levels
}
