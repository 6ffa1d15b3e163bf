/** What the server's incident filter means, said once more for rows that arrive live. Pure. */
import { isEnded, isOverdue } from '../../server/contract/incident-workflow.ts'
import { IncidentFilter, type IncidentFilterInput, type IncidentSummary } from '../../server/contract/incidents.ts'
import { type QueueContent, QUEUES } from '../../server/contract/queues.ts'

/** Whether a code lies in an area: equal, or an administrative code that begins with the area's own digits (trailing zeros are empty levels). */
export function isWithinArea(area: string, incident: Pick<IncidentSummary, 'streetCode' | 'communityCode' | 'gridCode'>): boolean {
  if (incident.gridCode === area || incident.communityCode === area || incident.streetCode === area) return true
  if (!/^\d{12}$/.test(area)) return false
  const stem = area.endsWith('000000') ? area.slice(0, 6) : area.endsWith('000') ? area.slice(0, 9) : area
  return [incident.communityCode, incident.streetCode, incident.gridCode].some((code) => code !== null && code.startsWith(stem))
}

/**
 * Whether a live row belongs under a filter.
 * `unknown` where the row does not carry what the filter asks (layer, who has it, what was pressed or returned, or words that may stand in its description): ask the server then.
 */
export function matchesFilter(input: IncidentFilterInput, incident: IncidentSummary, now: number): boolean | 'unknown' {
  const parsed = IncidentFilter.safeParse(input)
  if (!parsed.success) return 'unknown'
  const filter = parsed.data
  if (!filter.includeDrills && incident.isDrill) return false
  if (!filter.includeOutside && incident.outsideCity) return false
  if (filter.states?.length && !filter.states.includes(incident.state)) return false
  if (filter.status === 'open' && isEnded(incident.state)) return false
  if (filter.status === 'ended' && !isEnded(incident.state)) return false
  if (filter.status === 'overdue' && !isOverdue(incident, now)) return false
  if (filter.sources?.length && !filter.sources.includes(incident.source)) return false
  if (filter.severities?.length && !filter.severities.includes(incident.severity)) return false
  if (filter.classes?.length && !filter.classes.some((one) => isOfClass(one, incident))) return false
  if (filter.areas?.length && !filter.areas.some((area) => isWithinArea(area, incident))) return false
  if (filter.boundingBox) {
    if (!incident.position) return false
    const [west, south, east, north] = filter.boundingBox
    const [longitude, latitude] = incident.position
    if (longitude < west || longitude > east || latitude < south || latitude > north) return false
  }
  const reported = Date.parse(incident.reportedAt)
  if (filter.from && reported < Date.parse(filter.from)) return false
  if (filter.to && reported >= Date.parse(filter.to)) return false
  const content: QueueContent = filter.queue ? QUEUES[filter.queue].content : {}
  if (filter.queue && isEnded(incident.state)) return false
  if (content.states && !content.states.includes(incident.state)) return false
  if (filter.layers?.length || content.mine || content.supervised || content.returned || filter.mine || filter.supervised || filter.returned) return 'unknown'
  if (filter.text) {
    const told = [incident.reportNumber, incident.caseNumber, incident.className, incident.address].join(' ').toLowerCase()
    return filter.text.toLowerCase().split(/\s+/u).every((word) => told.includes(word)) ? true : 'unknown'
  }
  return true
}

/** `event:01` is a large class, anything longer a small one. */
function isOfClass(reference: string, incident: IncidentSummary): boolean {
  const [kind, code = ''] = reference.split(':')
  if (kind !== incident.classKind) return false
  return code.length === 2 ? incident.largeCode === code : incident.classCode === code
}

/** The filter without its empty parts, so that two filters that ask the same compare equal and make the same address. */
export function tidyFilter(filter: IncidentFilterInput): IncidentFilterInput {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== '' && value !== null)) as IncidentFilterInput
}
