import { type Principal, requireGrants } from '../access/principal.ts'
import type { CityRow } from '../cities/cities.ts'
import type { getDirectory as getDirectoryEndpoint } from '../contract/directory.ts'
import type { Reply } from '../contract/endpoint.ts'
import type { Role } from '../contract/permissions.ts'
import type { Queryable } from '../db/db.ts'
import { listPeople, listUnits } from './directory-queries.ts'
import { listOrganisationsWithin } from './people-queries.ts'

/** Posts that a case is handed to by name. */
const HANDED_TO = ['collector', 'checker', 'disposal_person', 'department_manager'] as const satisfies readonly Role[]
const MOST_PEOPLE = 5_000

/** Units and people a case can be handed to; whoever may see his department's people only, sees those. @throws AppError forbidden */
export async function getDirectory(db: Queryable, city: Pick<CityRow, 'cityId' | 'key'>, principal: Principal): Promise<Reply<typeof getDirectoryEndpoint>> {
  const grants = requireGrants(principal, 'people.read', city.key)
  const own = grants.flatMap(({ post }) => (post.organisationId === null ? [] : [post.organisationId]))
  const organisationIds = grants.some(({ scope }) => scope === 'city') ? null : await listOrganisationsWithin(db, own)
  const [units, people] = await Promise.all([listUnits(db, city.cityId), listPeople(db, city.cityId, HANDED_TO, organisationIds, MOST_PEOPLE + 1)])
  return { units, people: people.slice(0, MOST_PEOPLE), isCut: people.length > MOST_PEOPLE }
}
