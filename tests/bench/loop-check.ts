/** What has to be true of the loop's cases after everybody has gone home. */
import { nextState } from '../../server/contract/incident-workflow.ts'
import type { FlowAction, IncidentState } from '../../server/contract/incidents.ts'
import { IncidentAction } from '../../server/contract/incidents.ts'
import type { Db } from '../../server/db/db.ts'
import { sql } from '../../server/db/sql.ts'
import type { Acknowledged } from './loop-person.ts'

interface FlowStep {
  id: string
  state: IncidentState
  version: number
  sequence: number
  action: FlowAction
  fromState: IncidentState | null
  toState: IncidentState
  actor: string
}

const isAction = (action: FlowAction): action is IncidentAction => (IncidentAction.options as readonly string[]).includes(action)

/** The first thing wrong with a case's flow, or undefined: steps 1 to n without holes, each from where the last led, each by the table, the last one where the case is. */
function faultOf(flow: readonly FlowStep[]): string | undefined {
  const last = flow.at(-1)
  if (last && (last.toState !== last.state || last.version !== flow.length)) return `its last step leads to ${last.toState} as step ${flow.length}, the case is ${last.state} in version ${last.version}`
  for (const [index, step] of flow.entries()) {
    if (step.sequence !== index + 1) return `step ${index + 1} is missing`
    if (index === 0) continue
    if (step.fromState !== flow[index - 1]?.toState) return `step ${step.sequence} (${step.action}) goes out from ${step.fromState}, the one before led to ${flow[index - 1]?.toState}`
    if (step.fromState !== null && isAction(step.action) && nextState(step.fromState, step.action) !== step.toState) return `step ${step.sequence} (${step.action}) leads from ${step.fromState} to ${step.toState}, which the table does not know`
  }
  return undefined
}

export interface Check {
  /** What was lost, doubled or broken, in sentences; empty when all is well. */
  faults: string[]
  cases: number
  steps: number
  dispatches: number
}

/**
 * Holds what people were told against what the database says.
 * @param acknowledged every step that was answered with success; others may have acted too, but not under these names.
 */
export async function checkLoop(db: Db, cityId: number, acknowledged: readonly Acknowledged[]): Promise<Check> {
  const rows = await db.query<FlowStep>(
    sql`
    select i.public_id as id, i.state, i.version, f.sequence, f.action, f.from_state as "fromState", f.to_state as "toState", f.actor
    from incidents i join incident_flow f on f.incident_id = i.id where i.city_id = ${cityId} order by i.id, f.sequence`,
    { timeoutMs: 120_000 },
  )
  const flows = new Map<string, FlowStep[]>()
  for (const row of rows) flows.set(row.id, [...(flows.get(row.id) ?? []), row])
  const faults: string[] = []
  for (const [id, flow] of flows) {
    const fault = faultOf(flow)
    if (fault) faults.push(`case ${id}: ${fault}`)
  }
  // Each step makes one version: the step of an acknowledgement is the one with its number.
  const told = new Set<string>()
  for (const step of acknowledged) {
    const key = `${step.id} ${step.version}`
    if (told.has(key)) faults.push(`case ${step.id}: version ${step.version} was acknowledged twice`)
    told.add(key)
    const kept = flows.get(step.id)?.[step.version - 1]
    if (kept?.action !== step.action || kept.actor !== step.by) faults.push(`case ${step.id}: ${step.action} by ${step.by} was acknowledged as step ${step.version}; the flow has ${kept ? `${kept.action} by ${kept.actor}` : 'nothing'} there`)
  }
  const people = new Set(acknowledged.map(({ by }) => by))
  const untold = rows.filter((row) => people.has(row.actor) && !told.has(`${row.id} ${row.sequence}`))
  if (untold.length > 0) faults.push(`${untold.length} steps stand in the flow that nobody was told of`)
  return { faults, cases: flows.size, steps: rows.length, dispatches: rows.filter((row) => row.action === 'dispatch').length }
}
