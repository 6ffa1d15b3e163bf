/** Reads what a run needs of a city and lays it out in typed arrays. */
import type { CoverageRatio, Demand } from '../contract/coverage.ts'
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

/** Those of the people who are told apart: all residents, those of 65 and older, those of 14 and younger. */
export const PEOPLE_GROUPS = ['population', 'elders', 'children'] as const
export type PeopleGroup = (typeof PEOPLE_GROUPS)[number]

/** Facilities that are a demand themselves, and what their capacity counts. */
const FACILITY_DEMANDS = {
  hospitals: { classes: ['hospital'], unit: 'beds' },
  schools: { classes: ['school', 'school_primary', 'school_middle', 'primary_school', 'middle_school', 'high_school'], unit: 'pupils' },
} as const
export type FacilityDemand = keyof typeof FACILITY_DEMANDS

export const isPeopleGroup = (demand: Demand): demand is PeopleGroup => PEOPLE_GROUPS.some((group) => group === demand)
export const isFacilityDemand = (demand: Demand): demand is FacilityDemand => Object.hasOwn(FACILITY_DEMANDS, demand)

/** A weight for each point of a set: what one demand sums. */
export interface Weighing {
  demand: Demand
  unit: CoverageRatio['unit']
  weights: Float64Array
}

export interface PointSet {
  kind: PeopleSource | 'facilities'
  rowIds: number[]
  /** x, y interleaved, metres. */
  points: Float64Array
  /** Residents; unknown counts as 0. */
  people: Float64Array
  /** The demands that these points tell of. */
  weighings: Weighing[]
}

/** Buildings tell where people live more closely than cells; they are used when they hold (nearly) all of the people. */
const COMPLETE_SHARE = 0.95

/** The source of people, or null where the city has none. */
export function peopleSourceOf(demand: { cells: number; cellPeople: number; buildingPeople: number }): PeopleSource | null {
  if (demand.buildingPeople > 0 && demand.buildingPeople >= COMPLETE_SHARE * demand.cellPeople) return 'buildings'
  return demand.cells > 0 ? 'population_cells' : null
}

/** The source of a group, or null where nobody of it is on record. */
function groupSourceOf(cells: number, buildings: number): PeopleSource | null {
  if (buildings > 0 && buildings >= COMPLETE_SHARE * cells) return 'buildings'
  return cells > 0 ? 'population_cells' : null
}

export interface AvailableDemands {
  demands: Demand[]
  people: PeopleSource | null
  /** Where each group is counted; a group may be known in cells only. */
  sources: Record<PeopleGroup, PeopleSource | null>
}

/** The demands that a city has data for. */
export async function findAvailableDemands(db: Queryable, cityId: number): Promise<AvailableDemands> {
  const found = await queries.findDemand(db, cityId)
  const people = peopleSourceOf(found)
  const sources = { population: people, elders: groupSourceOf(found.cellElders, found.buildingElders), children: groupSourceOf(found.cellChildren, found.buildingChildren) }
  const classes = await queries.listFacilityClasses(db, cityId)
  const demands: Demand[] = []
  if (found.residential > 0) demands.push('residential')
  // Rows in which nobody lives tell of no people: nothing could be measured by them.
  if (found.cellPeople > 0 || found.buildingPeople > 0) demands.push('population')
  if (found.buildings > 0) demands.push('buildings')
  for (const group of ['elders', 'children'] as const) if (sources[group]) demands.push(group)
  for (const [demand, { classes: own }] of Object.entries(FACILITY_DEMANDS)) if (own.some((one) => classes.includes(one))) demands.push(demand as FacilityDemand)
  return { demands, people, sources }
}

/** The kind of points that tell of a demand; null for land, and where the city has none. */
export function pointsOf(demand: Demand, { sources }: Pick<AvailableDemands, 'sources'>): PointSet['kind'] | null {
  if (demand === 'buildings') return 'buildings'
  if (isFacilityDemand(demand)) return 'facilities'
  return isPeopleGroup(demand) ? sources[demand] : null
}

function layOut(rows: readonly { rowId: number; x: number; y: number }[]): { rowIds: number[]; points: Float64Array } {
  const points = new Float64Array(rows.length * 2)
  rows.forEach((row, index) => {
    points[index * 2] = row.x
    points[index * 2 + 1] = row.y
  })
  return { rowIds: rows.map((row) => row.rowId), points }
}

/** Reads buildings or cells as points, with the groups of people that are counted there. */
export async function readPoints(db: Queryable, cityId: number, srid: number, kind: PeopleSource, heard: () => void, sources?: AvailableDemands['sources']): Promise<PointSet> {
  const rows = await queries.listDemandPoints(db, cityId, srid, kind, heard)
  const column = (read: (row: queries.PointRow) => number | null) => Float64Array.from(rows, (row) => read(row) ?? 0)
  const of = { population: column((row) => row.people), elders: column((row) => row.elders), children: column((row) => row.children) }
  const weighings: Weighing[] = kind === 'buildings' ? [{ demand: 'buildings', unit: 'buildings', weights: new Float64Array(rows.length).fill(1) }] : []
  for (const group of PEOPLE_GROUPS) if (sources?.[group] === kind) weighings.push({ demand: group, unit: 'people', weights: of[group] })
  return { kind, ...layOut(rows), people: of.population, weighings }
}

/** Reads hospitals or schools that are not closed as points. Each weighs its beds or pupils where all of them state theirs, else 1: a sum of both would mean nothing. */
export async function readFacilityPoints(db: Queryable, cityId: number, srid: number, demand: FacilityDemand, heard: () => void): Promise<PointSet> {
  const { classes, unit } = FACILITY_DEMANDS[demand]
  const rows = await queries.listFacilityPoints(db, cityId, srid, classes, heard)
  const isStated = rows.every(({ capacity }) => capacity !== null && capacity > 0)
  return {
    kind: 'facilities', ...layOut(rows), people: new Float64Array(rows.length),
    weighings: [{ demand, unit: isStated ? unit : 'facilities', weights: Float64Array.from(rows, ({ capacity }) => (isStated ? capacity! : 1)) }],
  }
}

/** Reads the points that tell of a demand; of land, the homes on it. */
export function readDemandPoints(db: Queryable, cityId: number, srid: number, demand: Demand, available: AvailableDemands, heard: () => void): Promise<PointSet> {
  if (isFacilityDemand(demand)) return readFacilityPoints(db, cityId, srid, demand, heard)
  const source = demand === 'buildings' ? 'buildings' : available.sources[isPeopleGroup(demand) ? demand : 'population']
  return readPoints(db, cityId, srid, source ?? 'population_cells', heard, available.sources)
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
