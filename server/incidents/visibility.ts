/** Which cases somebody sees: one rule for the list, the counts, the points, the file, the single case and the live feed. */
import type { Principal } from '../access/principal.ts'
import type { CityRow } from '../cities/cities.ts'
import { isInArea } from '../contract/incident-actions.ts'
import { grantsOf, type Permission } from '../contract/permissions.ts'
import type { Queryable } from '../db/db.ts'
import { listOrganisationsWithin } from './people-queries.ts'

/** Where one post reaches; null means no bound. */
export interface Reach {
  areaCode: string | null
  /** Inner ids of the organisations whose cases it is. */
  organisationIds: readonly number[] | null
}

export interface Visibility {
  /** Everything in the city. */
  isWhole: boolean
  reaches: readonly Reach[]
  /** Inner id of the account: whoever has, reported, handled or checked a case sees it. */
  accountId: number | null
}

/** What the program itself sees. */
export const EVERYTHING: Visibility = { isWhole: true, reaches: [], accountId: null }

/** What a permission lets somebody see of a city's cases. A post without an organisation reaches no department's cases. */
export async function visibilityOf(db: Queryable, principal: Principal, city: Pick<CityRow, 'key'>, permission: Permission = 'incidents.read'): Promise<Visibility> {
  const grants = grantsOf(principal, permission, city.key)
  const reaches: Reach[] = []
  for (const { scope, post } of grants) {
    if (scope === 'own') continue
    if (scope === 'department') reaches.push({ areaCode: post.areaCode, organisationIds: post.organisationId === null ? [] : await listOrganisationsWithin(db, [post.organisationId]) })
    else reaches.push({ areaCode: post.areaCode, organisationIds: null })
  }
  return { isWhole: reaches.some((reach) => reach.areaCode === null && reach.organisationIds === null), reaches, accountId: principal.accountId }
}

/** What of a case decides who sees it; stored with each live event. */
export interface CaseScope {
  county: string | null
  street: string | null
  community: string | null
  departmentId: number | null
  /** Inner ids of the accounts that have a part in it. */
  people: number[]
}

/** The rule of `visibleIncident` for a case at hand. */
export function sees(visibility: Visibility, scope: CaseScope): boolean {
  if (visibility.isWhole || (visibility.accountId !== null && scope.people.includes(visibility.accountId))) return true
  const areas = { countyCode: scope.county, streetCode: scope.street, communityCode: scope.community }
  return visibility.reaches.some(
    (reach) => isInArea(reach.areaCode, areas) && (reach.organisationIds === null || (scope.departmentId !== null && reach.organisationIds.includes(scope.departmentId))),
  )
}
