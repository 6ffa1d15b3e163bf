/** Reads what the indices of a scope need of a city. */
import type { CityRow } from '../cities/cities.ts'
import type { GreenScope, GreenUnit } from '../contract/green-indicators.ts'
import { findAvailableDemands } from '../coverage/city-inputs.ts'
import { planeOf } from '../coverage/geometry-queries.ts'
import { findLimits, listAreas } from '../coverage/input-queries.ts'
import type { Db } from '../db/db.ts'
import { sumOf } from '../engine/sum.ts'
import { AppError } from '../errors.ts'
import { COUNTED_CLASSES } from './figures.ts'
import { findArea, findCountyPart, type GreenLandRow, listGreenLand, listPeople, listStatedPeople, type PeopleRow } from './queries.ts'

export interface Limits {
  scope: GreenScope
  /** Where one district or street is asked about. */
  unit: (GreenUnit & { name: string | null }) | null
  /** The scope's land in the measuring plane; null where the city has no boundary. */
  clip: Buffer | null
  /** The whole city's, or the whole unit's. */
  boundary: Buffer | null
}

/**
 * The land that is asked about: the built-up area where there is one, else the whole city; or the part of either in one unit.
 * @throws AppError bad_request when the built-up area is asked for and there is none, or there is no such unit
 */
export async function readLimits(db: Db, city: CityRow, asked: GreenScope | undefined, unit: GreenUnit | null = null): Promise<Limits> {
  const plane = planeOf(db.engine, city.measureSrid)
  const { boundary, clip, hasBuiltUpArea } = await findLimits(db, city.cityId, plane, false)
  if (asked === 'built_up' && !hasBuiltUpArea) {
    throw new AppError('bad_request', `${city.nameZh}没有建成区边界：请先导入（--as built_up_areas），或改为全市。City "${city.key}" has no built-up area. Import it (--as built_up_areas) or ask for the whole city.`, { errors: [{ path: 'query.scope', message: '没有建成区。No built-up area' }] })
  }
  const scope = asked ?? (hasBuiltUpArea ? 'built_up' : 'city')
  if (!unit) return { scope, unit, clip: scope === 'built_up' ? clip : boundary, boundary }
  const area = (await listAreas(db, city.cityId, city.measureSrid, unit.level)).find(({ code }) => code === unit.code)
  if (!area) throw new AppError('bad_request', `${city.nameZh}没有代码为“${unit.code}”的${unit.level === 'county' ? '区县' : '街道'}。City "${city.key}" has no ${unit.level} with code "${unit.code}".`, { errors: [{ path: 'body.input.unit.code', message: '没有这个单元。Unknown unit' }] })
  return { scope, unit: { ...unit, name: area.name }, clip: scope === 'built_up' ? (await findCountyPart(db, plane, area.wkb, clip)).wkb : area.wkb, boundary: area.wkb }
}

export function readGreenLand(db: Db, city: CityRow, clip: Buffer | null): Promise<GreenLandRow[]> {
  return listGreenLand(db, city.cityId, planeOf(db.engine, city.measureSrid), clip, COUNTED_CLASSES)
}

/** Square metres of a polygon; null without one. */
export async function readLand(db: Db, city: CityRow, polygon: Buffer | null): Promise<number | null> {
  return polygon ? findArea(db, city.measureSrid, polygon) : null
}

export interface People {
  source: 'buildings' | 'population_cells' | 'administrative_areas'
  people: number
  withoutPeople: number
  byCounty: PeopleRow[]
}

/** People of a scope: of buildings, else of population cells, else (for whole districts only) as these state them; null where nobody says. */
export async function readPeople(db: Db, city: CityRow, { scope, unit }: Pick<Limits, 'scope' | 'unit'>): Promise<People | null> {
  const { people } = await findAvailableDemands(db, city.cityId)
  const byCounty = people ? await listPeople(db, city.cityId, people, scope, unit) : scope === 'city' ? await listStatedPeople(db, city.cityId, unit) : []
  if (!people && !byCounty.some((row) => row.people > 0)) return null
  return { source: people ?? 'administrative_areas', people: sumOf(byCounty.map((row) => row.people)), withoutPeople: sumOf(byCounty.map((row) => row.withoutPeople)), byCounty }
}

export interface CountyGreen {
  code: string
  name: string | null
  people: number
  features: GreenLandRow[]
}

/** Green land and people of each district that has people within the scope. */
export async function readCounties(db: Db, city: CityRow, { clip }: Limits, people: People): Promise<CountyGreen[]> {
  const plane = planeOf(db.engine, city.measureSrid)
  const counties: CountyGreen[] = []
  for (const { code, name, wkb } of await listAreas(db, city.cityId, city.measureSrid, 'county')) {
    const count = people.byCounty.find((row) => row.countyCode === code)?.people ?? 0
    if (count === 0) continue
    const part = await findCountyPart(db, plane, wkb, clip)
    counties.push({ code, name, people: count, features: part.areaM2 > 0 ? await readGreenLand(db, city, part.wkb) : [] })
  }
  return counties
}
