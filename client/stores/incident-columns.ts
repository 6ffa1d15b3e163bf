/** Columns of incidents for the map: read from the server's answer, and mended as single incidents change. Pure. */
import type { IncidentPoints } from '../../server/contract/incident-points.ts'
import { isOverdue, LIMIT_RUNNING_STATES } from '../../server/contract/incident-workflow.ts'
import { IncidentState, type IncidentSummary } from '../../server/contract/incidents.ts'
import type { IncidentColumns } from './state.ts'

/** The map's columns and, beside them, when each limit passes (seconds since 1970, 0 where none is running) and the class of each. */
export interface LiveColumns extends IncidentColumns {
  dueAt: Uint32Array
  /** Index into `classes`. */
  classIndex: Uint16Array
  classes: readonly IncidentClass[]
}

export type IncidentClass = Pick<IncidentSummary, 'classKind' | 'classCode' | 'className'>

const STATE_INDEX = new Map<string, number>(IncidentState.options.map((state, index) => [state, index]))

/** The server's columns with ids as text and states by our own order. */
export function columnsFromPoints(points: IncidentPoints): LiveColumns {
  const stateIndex = Uint8Array.from(points.stateKeys, (state) => STATE_INDEX.get(state) ?? 0)
  const { count, ids, positions, severities, overdue, reportedAt, dueAt, classIndex, asOf } = points
  const classes = points.classes.map(({ kind, code, name }) => ({ classKind: kind, classCode: code, className: name }))
  return { count, ids, positions, severities, states: points.states.map((index) => stateIndex[index] ?? 0), overdue, reportedAt, dueAt, classIndex, classes, asOf }
}

/** Row number of each id. */
export function indexById(columns: IncidentColumns): Map<string, number> {
  return new Map(columns.ids.map((id, index) => [id, index]))
}

/**
 * The columns with those limits marked that have passed since.
 * @param now ms since 1970
 * @returns the same object when none has
 */
export function markOverdue(columns: LiveColumns, now: number): LiveColumns {
  const seconds = now / 1000
  const isNewlyLate = (row: number) => columns.overdue[row] === 0 && columns.dueAt[row] !== 0 && (columns.dueAt[row] ?? 0) < seconds
  let late = 0
  for (let row = 0; row < columns.count; row++) if (isNewlyLate(row)) late++
  if (late === 0) return columns
  return { ...columns, overdue: columns.overdue.map((mark, row) => (isNewlyLate(row) ? 1 : mark)), asOf: new Date(now).toISOString() }
}

function grown<T extends Float64Array | Uint8Array | Uint16Array | Uint32Array>(source: T, next: T): T {
  next.set(source.subarray(0, Math.min(source.length, next.length)))
  return next
}

function copied(columns: LiveColumns, count: number): LiveColumns {
  return {
    count,
    ids: columns.ids.slice(0, count),
    positions: grown(columns.positions, new Float64Array(count * 2)),
    severities: grown(columns.severities, new Uint8Array(count)),
    states: grown(columns.states, new Uint8Array(count)),
    overdue: grown(columns.overdue, new Uint8Array(count)),
    reportedAt: grown(columns.reportedAt, new Uint32Array(count)),
    dueAt: grown(columns.dueAt, new Uint32Array(count)),
    classIndex: grown(columns.classIndex, new Uint16Array(count)),
    classes: columns.classes,
    asOf: columns.asOf,
  }
}

/** Which of a batch of changes stays on the map; null: take the point away. */
export interface PointChange {
  id: string
  incident: IncidentSummary | null
}

function isLimitRunning(incident: IncidentSummary): boolean {
  return incident.dueAt !== null && (LIMIT_RUNNING_STATES as readonly IncidentState[]).includes(incident.state)
}

/** Where a class stands among those known; one that is new is added. */
function classNumber(classes: IncidentClass[], { classKind, classCode, className }: IncidentSummary): number {
  const known = classes.findIndex((one) => one.classCode === classCode && one.classKind === classKind && one.className === className)
  return known >= 0 ? known : classes.push({ classKind, classCode, className }) - 1
}

/**
 * New columns with a batch of changes applied: known ids updated, new ones added at the end, those without place or no longer wanted removed
 * (the last row moves into the gap). The given columns are left as they were.
 * @param now ms since 1970, decides overdue
 */
export function applyChanges(columns: LiveColumns, changes: readonly PointChange[], now: number): LiveColumns {
  const rows = indexById(columns)
  const added = changes.filter(({ id, incident }) => incident?.position && !rows.has(id))
  const next = copied(columns, columns.count + new Set(added.map((one) => one.id)).size)
  const classes = [...columns.classes]
  let count = columns.count
  for (const { id, incident } of changes) {
    const known = rows.get(id)
    if (incident?.position) {
      const row = known ?? count++
      rows.set(id, row)
      next.ids[row] = id
      next.positions[row * 2] = incident.position[0]
      next.positions[row * 2 + 1] = incident.position[1]
      next.severities[row] = incident.severity
      next.states[row] = STATE_INDEX.get(incident.state) ?? 0
      next.overdue[row] = isOverdue(incident, now) ? 1 : 0
      next.reportedAt[row] = Math.floor(Date.parse(incident.reportedAt) / 1000)
      next.dueAt[row] = isLimitRunning(incident) ? Math.floor(Date.parse(incident.dueAt ?? '') / 1000) : 0
      next.classIndex[row] = classNumber(classes, incident)
    } else if (known !== undefined) {
      const last = --count
      const moved = next.ids[last]
      if (last !== known && moved !== undefined) {
        next.ids[known] = moved
        next.positions.copyWithin(known * 2, last * 2, last * 2 + 2)
        for (const column of [next.severities, next.states, next.overdue, next.reportedAt, next.dueAt, next.classIndex]) column.copyWithin(known, last, last + 1)
        rows.set(moved, known)
      }
      rows.delete(id)
    }
  }
  return { ...copied(next, count), classes, asOf: new Date(now).toISOString() }
}
