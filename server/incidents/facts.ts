/** Spatial facts of cases: looked up once on arrival; of cases that were imported, when somebody looks. */
import type { CityRow } from '../cities/cities.ts'
import type { Reply } from '../contract/endpoint.ts'
import type { getPlaceFacts as getPlaceFactsEndpoint, IncidentFacts } from '../contract/facts.ts'
import type { Position } from '../contract/geojson.ts'
import type { Queryable } from '../db/db.ts'
import { findCaseRules } from './case-rule-queries.ts'
import { findFacts, findFactsAt, findPlaceNames, updateFacts } from './fact-queries.ts'
import { findPlaceFacts, type PlaceFacts } from './place-queries.ts'

export interface FactClass {
  schemeId: string
  classKind: 'part' | 'event'
  classCode: string
}

/** The areas, the cell and the part of a place: what becomes columns of the case. */
export async function getPlaceCodes(db: Queryable, city: CityRow, position: Position, about: FactClass): Promise<PlaceFacts> {
  const { part_distance_meters: meters } = await findCaseRules(db, city.cityId)
  return findPlaceFacts(db, city, position, about, meters)
}

/** Keeps the facts of its place with a case that just came in, in its transaction. */
export async function settleFacts(tx: Queryable, city: CityRow, incidentId: number): Promise<void> {
  await updateFacts(tx, city, await findCaseRules(tx, city.cityId), incidentId)
}

/** Facts of a case; null when it has no place. */
export async function getFacts(db: Queryable, city: CityRow, incidentId: number): Promise<IncidentFacts | null> {
  return findFacts(db, city, await findCaseRules(db, city.cityId), incidentId)
}

/** What a place says about a case that is not reported yet. */
export async function getPlaceFacts(db: Queryable, city: CityRow, position: Position, about: FactClass, at: Date): Promise<Reply<typeof getPlaceFactsEndpoint>> {
  const rules = await findCaseRules(db, city.cityId)
  const { outsideCity, streetCode, communityCode, gridCode, partId } = await findPlaceFacts(db, city, position, about, rules.part_distance_meters)
  const names = await findPlaceNames(db, city.cityId, { streetCode, communityCode, partId })
  const facts = await findFactsAt(db, city, rules, { position, at: at.toISOString(), classKind: about.classKind, classCode: about.classCode, gridCode, communityCode, streetCode })
  return { outsideCity, streetCode, communityCode, gridCode, ...names, facts }
}
