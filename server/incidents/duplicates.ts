/** Cases that may mean the same thing, and places that only look like hot spots. */
import type { Principal } from '../access/principal.ts'
import type { CityRow } from '../cities/cities.ts'
import type { DuplicateList, DuplicateSide, listSuspiciousPlaces as listSuspiciousPlacesEndpoint } from '../contract/duplicates.ts'
import type { Reply } from '../contract/endpoint.ts'
import type { Position } from '../contract/geojson.ts'
import type { IncidentFilter } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { findCaseRules } from './case-rule-queries.ts'
import { casesOfCity, casesOfLayer, countAtPlace, type DuplicateSubject, findDuplicateSubject, listCandidates, listPlacesOfMany } from './duplicate-queries.ts'
import { incidentFilter, visibleIncident } from './filter-queries.ts'
import { type Visibility, visibilityOf } from './visibility.ts'

const MOST_CANDIDATES = 20
const MOST_PLACES = 50
/** In degrees. */
const ABOUT_A_METER = 1e-5

async function compare(db: Queryable, city: CityRow, visibility: Visibility, subject: DuplicateSubject, about: DuplicateSide | null): Promise<DuplicateList> {
  const rules = await findCaseRules(db, city.cityId)
  const rule = { distanceMeters: rules.duplicate_distance_meters, windowHours: rules.duplicate_window_hours }
  const { position } = subject
  if (position === null) return { about, candidates: [], rule, casesAtPlace: 0, isSuspiciousPlace: false }
  const candidates = await listCandidates(db, city, { ...subject, position }, rule, visibleIncident(visibility), MOST_CANDIDATES)
  const casesAtPlace = await countAtPlace(db, city.cityId, position)
  return { about, candidates, rule, casesAtPlace, isSuspiciousPlace: await isSuspiciousPlace(db, city.cityId, position, casesAtPlace, rules) }
}

type Rules = Awaited<ReturnType<typeof findCaseRules>>

const placeRule = (rules: Rules) => ({ cases: rules.suspicious_place_cases, rank: rules.suspicious_place_rank, times: rules.suspicious_place_times, classes: rules.suspicious_place_classes })

/** Whether a place is one of those of the whole city; all of them are looked at only where it carries enough to matter. */
async function isSuspiciousPlace(db: Queryable, cityId: number, position: Position, casesAtPlace: number, rules: Rules): Promise<boolean> {
  const rule = placeRule(rules)
  if (casesAtPlace < rule.cases) return false
  const { places } = await listPlacesOfMany(db, cityId, casesOfCity(cityId), rule, MOST_PLACES)
  return places.some((place) => Math.abs(place.position[0] - position[0]) <= ABOUT_A_METER && Math.abs(place.position[1] - position[1]) <= ABOUT_A_METER)
}

/** Likely duplicates of a case, nearest first; none for a case without a place. @throws AppError not_found */
export async function listDuplicates(db: Queryable, principal: Principal, city: CityRow, id: string): Promise<DuplicateList> {
  const visibility = await visibilityOf(db, principal, city)
  const subject = await findDuplicateSubject(db, city.cityId, id, visibleIncident(visibility))
  if (!subject) throw new AppError('not_found', `${city.nameZh}没有案件 ${id}，或您无权查看。There is no incident ${id} in ${city.nameEn}.`)
  return compare(db, city, visibility, subject, subject.side)
}

export interface Draft {
  position: Position
  schemeId: string
  classKind: 'part' | 'event'
  classCode: string
}

/** The same for a report that is being written: the question comes before a second case is made. */
export async function listDraftDuplicates(db: Queryable, principal: Principal, city: CityRow, draft: Draft, at: Date): Promise<DuplicateList> {
  return compare(db, city, await visibilityOf(db, principal, city), { ...draft, incidentId: null, isDrill: false, reportedAt: at.toISOString() }, null)
}

/** Single coordinates that carry too many of the cases under a filter. */
export async function listSuspiciousPlaces(db: Queryable, principal: Principal, city: CityRow, filter: IncidentFilter, at: Date): Promise<Reply<typeof listSuspiciousPlacesEndpoint>> {
  const rules = await findCaseRules(db, city.cityId)
  const rule = placeRule(rules)
  return { rule, ...(await listPlacesOfMany(db, city.cityId, incidentFilter(city, await visibilityOf(db, principal, city), filter, at), rule, MOST_PLACES)) }
}

/** The same over the cases of one layer, for the report of its import. */
export async function listSuspiciousPlacesOfLayer(db: Queryable, cityId: number, layerId: number): Promise<Reply<typeof listSuspiciousPlacesEndpoint>> {
  const rule = placeRule(await findCaseRules(db, cityId))
  return { rule, ...(await listPlacesOfMany(db, cityId, casesOfLayer(layerId), rule, MOST_PLACES)) }
}
