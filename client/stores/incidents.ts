import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import {
  countIncidents, getSimulator, INCIDENT_EXPORT_PATH, INCIDENT_POINTS_PATH, type IncidentFilterInput, type IncidentSummary, listCaseClasses, listIncidents, setSimulator,
} from '../../server/contract/incidents.ts'
import type { Reply } from '../../server/contract/endpoint.ts'
import { decodeIncidentPoints } from '../../server/contract/incident-points.ts'
import { isEnded } from '../../server/contract/incident-workflow.ts'
import { apiAddress, call, callBytes } from '../api.ts'
import { applyChanges, columnsFromPoints, type LiveColumns, markOverdue, type PointChange } from './incident-columns.ts'
import { matchesFilter, tidyFilter } from './incident-filter.ts'
import { type IncidentSort, insertInOrder, keepsPlace } from './incident-order.ts'
import { useLoading } from './loading.ts'

export type IncidentCounts = Reply<typeof countIncidents>
export type CaseScheme = Reply<typeof listCaseClasses>['schemes'][number]
export type Simulator = Reply<typeof getSimulator>

const PAGE_SIZE = 200

/** Incidents under one filter: points, list and counts, kept true by the live feed. */
export const useIncidentsStore = defineStore('incidents', () => {
  const filter = ref<IncidentFilterInput>({ status: 'open' })
  const columns = shallowRef<LiveColumns | null>(null)
  /** Where the live feed goes on from the points at hand without a gap. */
  const cursor = ref<string | null>(null)
  /** Rows under the filter that have no place and so no point. */
  const withoutPlace = ref(0)
  const fresh = shallowRef<string[]>([])
  const rows = shallowRef<IncidentSummary[]>([])
  const nextCursor = ref<string | null>(null)
  const sort = ref<IncidentSort>('reported')
  const counts = shallowRef<IncidentCounts | null>(null)
  const schemes = shallowRef<CaseScheme[]>([])
  const simulator = shallowRef<Simulator | null>(null)
  /** Arrived and kept back from the list while the reader has scrolled away from its top. */
  const arrived = ref(0)
  /** Open incidents of the first severity, newest first, whatever the filter; the strip on top shows them. */
  const urgent = shallowRef<IncidentSummary[]>([])
  const pointsLoading = useLoading()
  const listLoading = useLoading()
  const moreLoading = useLoading()
  const countsLoading = useLoading()
  /** Bumped when a live row cannot be judged here and points, list and counts have to be asked again. */
  const staleness = ref(0)

  const query = computed(() => tidyFilter(filter.value))

  function setFilter(next: IncidentFilterInput): void {
    filter.value = tidyFilter(next)
  }

  /** Changes parts of the filter; `undefined` takes a part away. */
  function changeFilter(next: Partial<IncidentFilterInput>): void {
    setFilter({ ...filter.value, ...next })
  }

  function setSort(next: IncidentSort): void {
    sort.value = next
  }

  function loadPoints(city: string): Promise<boolean> {
    return pointsLoading.run(
      (signal) => callBytes(INCIDENT_POINTS_PATH, { city }, query.value, { signal }),
      (bytes) => {
        const points = decodeIncidentPoints(bytes)
        columns.value = columnsFromPoints(points)
        cursor.value = points.cursor
        withoutPlace.value = points.withoutPlace
      },
    )
  }

  function loadList(city: string): Promise<boolean> {
    moreLoading.reset()
    return listLoading.run(
      (signal) => call(listIncidents, { params: { city }, query: { ...query.value, sort: sort.value, limit: PAGE_SIZE } }, { signal }),
      (reply) => {
        rows.value = reply.rows
        nextCursor.value = reply.nextCursor
        arrived.value = 0
      },
    )
  }

  async function loadMore(city: string): Promise<boolean> {
    const after = nextCursor.value
    if (after === null || moreLoading.status.value === 'loading') return false
    return moreLoading.run(
      (signal) => call(listIncidents, { params: { city }, query: { ...query.value, sort: sort.value, limit: PAGE_SIZE, cursor: after } }, { signal }),
      (reply) => {
        const known = new Set(rows.value.map((one) => one.id))
        rows.value = [...rows.value, ...reply.rows.filter((one) => !known.has(one.id))]
        nextCursor.value = reply.nextCursor
      },
    )
  }

  function loadCounts(city: string): Promise<boolean> {
    return countsLoading.run(
      (signal) => call(countIncidents, { params: { city }, query: query.value }, { signal }),
      (reply) => {
        counts.value = reply
      },
    )
  }

  async function loadUrgent(city: string): Promise<void> {
    const reply = await call(listIncidents, { params: { city }, query: { status: 'open', severities: '1', sort: 'reported', limit: 200 } })
    urgent.value = reply.rows
  }

  async function loadClasses(): Promise<void> {
    schemes.value = (await call(listCaseClasses, {})).schemes
  }

  async function loadSimulator(city: string): Promise<void> {
    simulator.value = await call(getSimulator, { params: { city } })
  }

  async function changeSimulator(city: string, next: { running: boolean; speed: number }): Promise<void> {
    simulator.value = await call(setSimulator, { params: { city }, body: next })
  }

  /** Everything under the filter anew. */
  async function load(city: string): Promise<void> {
    await Promise.all([loadPoints(city), loadList(city), loadCounts(city)])
  }

  function place(list: readonly IncidentSummary[], incident: IncidentSummary, isWanted: boolean): IncidentSummary[] {
    const known = list.findIndex((one) => one.id === incident.id)
    const held = list[known]
    if (held && held.version > incident.version) return [...list]
    if (!isWanted) return held ? list.filter((one) => one.id !== incident.id) : [...list]
    if (held && keepsPlace(held, incident, sort.value)) return list.map((one, index) => (index === known ? incident : one))
    return insertInOrder(list, incident, sort.value, nextCursor.value === null)
  }

  /**
   * Takes changed incidents of this city into points and list.
   * @param now ms since 1970
   * @returns whether the counts have to be asked again
   */
  function applyEvents(incidents: readonly IncidentSummary[], now: number): boolean {
    if (incidents.length === 0) return false
    const known = new Set(rows.value.map((one) => one.id))
    const changes: PointChange[] = []
    let list: IncidentSummary[] = rows.value
    let strip = urgent.value
    for (const incident of incidents) {
      const verdict = matchesFilter(filter.value, incident, now)
      if (verdict === 'unknown') staleness.value++
      const isWanted = verdict === true
      if (verdict !== 'unknown') {
        changes.push({ id: incident.id, incident: isWanted ? incident : null })
        list = place(list, incident, isWanted)
        if (isWanted && !known.has(incident.id) && list.some((one) => one.id === incident.id)) arrived.value++
      }
      const isUrgent = incident.severity === 1 && !isEnded(incident.state) && !incident.isDrill && !incident.outsideCity
      const others = strip.filter((one) => one.id !== incident.id)
      strip = isUrgent ? [incident, ...others].sort((a, b) => b.reportedAt.localeCompare(a.reportedAt)) : others
    }
    rows.value = list
    urgent.value = strip
    if (columns.value) columns.value = applyChanges(columns.value, changes, now)
    return true
  }

  function applyEvent(incident: IncidentSummary, now: number): boolean {
    return applyEvents([incident], now)
  }

  /** Lets limits pass while one looks; `now` in ms since 1970. */
  function tick(now: number): void {
    if (columns.value) columns.value = markOverdue(columns.value, now)
  }

  /** Ids to pulse once; the map's furniture or a reaction clears them after the pulse. */
  function setFresh(ids: string[]): void {
    fresh.value = ids
  }

  function seenArrived(): void {
    arrived.value = 0
  }

  /** Address of the export of what the filter shows. */
  function exportAddress(city: string, format: 'csv' | 'xlsx' | 'geojson'): string {
    return apiAddress(INCIDENT_EXPORT_PATH, { city }, { ...query.value, format })
  }

  /** Forgets what belongs to the city left behind. */
  function clear(): void {
    for (const loading of [pointsLoading, listLoading, moreLoading, countsLoading]) loading.reset()
    columns.value = null
    cursor.value = null
    withoutPlace.value = 0
    rows.value = []
    nextCursor.value = null
    counts.value = null
    urgent.value = []
    fresh.value = []
    arrived.value = 0
    simulator.value = null
  }

  return {
    filter, columns, cursor, withoutPlace, fresh, rows, nextCursor, sort, counts, schemes, simulator, arrived, urgent, staleness, query,
    pointsStatus: pointsLoading.status, pointsFailure: pointsLoading.failure, listStatus: listLoading.status, listFailure: listLoading.failure,
    moreStatus: moreLoading.status, countsStatus: countsLoading.status, countsFailure: countsLoading.failure,
    setFilter, changeFilter, setSort, loadPoints, loadList, loadMore, loadCounts, loadUrgent, loadClasses, loadSimulator, changeSimulator, load,
    applyEvent, applyEvents, tick, setFresh, seenArrived, exportAddress, clear,
  }
})
