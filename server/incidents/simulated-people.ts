/** Whom the simulator lets act: somebody with the right post, area and department. Pure but for the dice. */
import type { Random } from '../../data/city/random.ts'
import { type Incident, type IncidentAction, transitionOf } from '../contract/incidents.ts'
import type { AnyRole } from '../contract/permissions.ts'

export interface SimulatedPerson {
  id: string
  login: string
  posts: readonly { role: AnyRole; organisationZh: string | null; areaCode: string | null }[]
}

const DEPARTMENT_ROLES: ReadonlySet<AnyRole> = new Set<AnyRole>(['department_manager', 'disposal_person'])

/** Codes of the areas a case lies in. */
export function codesOf(one: { streetCode: string | null; communityCode: string | null }): string[] {
  return [one.communityCode, one.streetCode].filter((code) => code !== null)
}

/** The one person an action of a case is left to; undefined where it is a pool's. */
export function personFor(action: IncidentAction, seen: Pick<Incident, 'holderId' | 'reporterId'> | undefined): string | undefined {
  const { holder } = transitionOf(action)
  if (holder === 'holder') return seen?.holderId ?? undefined
  return holder === 'reporter' ? (seen?.reporterId ?? undefined) : undefined
}

export interface Wanted {
  areaCodes?: readonly string[]
  department?: string | null
  /** Nobody else will do. */
  id?: string | undefined
}

/** Somebody of those roles who fits; undefined when there is nobody. */
export function pickPerson(people: readonly SimulatedPerson[], roles: readonly AnyRole[], { areaCodes = [], department, id }: Wanted, random: Random): SimulatedPerson | undefined {
  const fits = people.filter((person) =>
    (id === undefined || person.id === id) && person.posts.some((post) =>
      roles.includes(post.role)
      && (post.areaCode === null || areaCodes.length === 0 || areaCodes.some((code) => code.startsWith(post.areaCode ?? '')))
      && (!DEPARTMENT_ROLES.has(post.role) || !department || post.organisationZh === department)),
  )
  return fits.length === 0 ? undefined : random.pick(fits)
}
