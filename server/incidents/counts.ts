import type { CityRow } from '../cities/cities.ts'
import type { Reply } from '../contract/endpoint.ts'
import { isEnded } from '../contract/incident-workflow.ts'
import type { countIncidents as countIncidentsEndpoint, IncidentFilter } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { flagsAt, MARKED_RUNNING, MARKED_SOURCES, MARKED_STATES, MARKS_ROW, unpackRows } from './case-marks.ts'
import { type CountedCases, countLeftOut, listCountedCases } from './count-queries.ts'
import { digestsUnder, incidentFilter } from './filter-queries.ts'
import { localDayReader } from './local-days.ts'
import type { Visibility } from './visibility.ts'

type Counts = Reply<typeof countIncidentsEndpoint>

/** What is counted row by row. */
class Tally {
  readonly states = new Uint32Array(256)
  readonly sources = new Uint32Array(256)
  readonly severities = new Uint32Array(256)
  readonly days = new Map<string, number>()
  placed = 0
  overdue = 0

  readonly #dayOf: (at: number) => string
  readonly #at: number

  /** @param at the instant that decides `overdue`, in milliseconds. */
  constructor(dayOf: (at: number) => string, at: number) {
    this.#dayOf = dayOf
    this.#at = at
  }

  add(marks: Buffer): void {
    const rows = unpackRows(marks)
    for (let eight = 0; eight < rows.numbers.length; eight += MARKS_ROW.length / 8) {
      const { severity, state, source, hasPlace } = flagsAt(rows, eight)
      increase(this.states, state)
      increase(this.sources, source)
      increase(this.severities, severity)
      this.placed += hasPlace
      if (MARKED_RUNNING[state] && (rows.numbers[eight + MARKS_ROW.dueAt] ?? Infinity) < this.#at) this.overdue++
      const day = this.#dayOf(rows.numbers[eight + MARKS_ROW.reportedAt] ?? 0)
      this.days.set(day, (this.days.get(day) ?? 0) + 1)
    }
  }
}

function increase(counts: Uint32Array, place: number): void {
  counts[place] = (counts[place] ?? 0) + 1
}

/** Those that occur, by their names. */
function namedCounts(counts: Uint32Array, nameOf: (place: number) => string): Record<string, number> {
  return Object.fromEntries([...counts.entries()].flatMap(([place, count]) => (count === 0 ? [] : [[nameOf(place), count]])))
}

/** Adds up by one of the ways to group, in the order in which each is met first. */
function sumBy<Key>(cases: readonly CountedCases[], keyOf: (one: CountedCases) => Key): Map<Key, { first: CountedCases; count: number }> {
  const sums = new Map<Key, { first: CountedCases; count: number }>()
  for (const one of cases) {
    const key = keyOf(one)
    const sum = sums.get(key) ?? { first: one, count: 0 }
    sum.count += one.marks.length / MARKS_ROW.length
    sums.set(key, sum)
  }
  return sums
}

/** Every count beside the filters; rows left out (drills, outside the city) are told beside the total. */
export async function countIncidents(db: Queryable, city: CityRow, visibility: Visibility, filter: IncidentFilter, at: Date): Promise<Counts> {
  const [cases, leftOut] = await Promise.all([
    listCountedCases(db, city.cityId, digestsUnder(incidentFilter(city, visibility, filter, at), filter)),
    countLeftOut(db, incidentFilter(city, visibility, { ...filter, includeDrills: true, includeOutside: true }, at)),
  ])
  const tally = new Tally(localDayReader(city.timeZone), at.getTime())
  for (const { marks } of cases) tally.add(marks)
  const total = tally.states.reduce((sum, count) => sum + count, 0)
  const ended = MARKED_STATES.reduce((sum, state, place) => sum + (isEnded(state) ? (tally.states[place] ?? 0) : 0), 0)
  const byClass = sumBy(cases, ({ kind, code }) => `${kind}:${code}`)
  const byStreet = [...sumBy(cases, ({ streetCode }) => streetCode)].sort(([one], [other]) => ((one ?? '') < (other ?? '') ? -1 : 1))
  return {
    total,
    open: total - ended,
    overdue: tally.overdue,
    ended,
    withoutPlace: total - tally.placed,
    ...leftOut,
    byState: namedCounts(tally.states, (place) => MARKED_STATES[place] ?? ''),
    bySource: namedCounts(tally.sources, (place) => MARKED_SOURCES[place] ?? ''),
    bySeverity: namedCounts(tally.severities, String),
    byClass: [...byClass].map(([key, { first, count }]) => ({ key, name: first.className, count })),
    // Cases without a place, or outside every street, belong to none.
    byStreet: byStreet.flatMap(([code, { first, count }]) => (code === null ? [] : [{ code, name: first.streetName ?? code, count }])),
    byDay: [...tally.days].sort(([one], [other]) => (one < other ? -1 : 1)).map(([day, count]) => ({ day, count })),
    asOf: at.toISOString(),
  }
}
