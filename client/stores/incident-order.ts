/** The server's order of the incident list, said once more for rows that arrive live. Pure. */
import type { IncidentSummary } from '../../server/contract/incidents.ts'

export const INCIDENT_SORTS = ['reported', 'due', 'severity'] as const
export type IncidentSort = (typeof INCIDENT_SORTS)[number]
type Ordered = Pick<IncidentSummary, 'reportedAt' | 'dueAt' | 'severity'>

const newestFirst = (a: Ordered, b: Ordered): number => Date.parse(b.reportedAt) - Date.parse(a.reportedAt)
/** Without a limit comes last. */
const dueOf = (one: Ordered): number => (one.dueAt === null ? Number.POSITIVE_INFINITY : Date.parse(one.dueAt))

const COMPARE: Record<IncidentSort, (a: Ordered, b: Ordered) => number> = {
  reported: newestFirst,
  // Two without a limit are equal; their difference would be no number.
  due: (a, b) => (dueOf(a) === dueOf(b) ? 0 : dueOf(a) - dueOf(b)),
  severity: (a, b) => a.severity - b.severity || newestFirst(a, b),
}

/**
 * The list with an incident at its place. Among equals it goes where the server's second key, the number of arrival, puts a new one:
 * first where the newest come first, last by limit.
 * @param isComplete whether the list holds all there is; if not, a row that would come last belongs to a page not read yet and is left out
 */
export function insertInOrder(list: readonly IncidentSummary[], incident: IncidentSummary, sort: IncidentSort, isComplete: boolean): IncidentSummary[] {
  const others = list.filter((one) => one.id !== incident.id)
  const at = others.findIndex((one) => COMPARE[sort](incident, one) < (sort === 'due' ? 0 : 1))
  if (at >= 0) return [...others.slice(0, at), incident, ...others.slice(at)]
  return isComplete ? [...others, incident] : others
}

/** Whether a changed row keeps its place: nothing of it that the order goes by is different. */
export function keepsPlace(before: Ordered, after: Ordered, sort: IncidentSort): boolean {
  return COMPARE[sort](before, after) === 0
}
