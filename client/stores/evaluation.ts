import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import {
  type Basis, comparePublication, evaluate, type EvaluationTable, exportEvaluation, type FigurePart, getPublication, type IndicatorRow, type IndicatorView, listIndicatorRows, listIndicators, listPublications, type Publication, publishPeriod,
} from '../../server/contract/evaluation.ts'
import type { ObjectKind } from '../../server/contract/evaluation-objects.ts'
import { listIncidents } from '../../server/contract/incidents.ts'
import { type Cycle, neighbourPeriod, periodOf } from '../../server/contract/evaluation-periods.ts'
import type { EvaluationRule } from '../../server/contract/evaluation-rules.ts'
import { apiAddress, call } from '../api.ts'
import { failureOf, useLoading } from './loading.ts'

export type IndicatorGroup = 'score' | 'rates' | 'counts'

/** A figure that is looked into: of one object, or of all (`objectKey` null). */
export interface OpenFigure {
  indicator: string
  objectKey: string | null
  objectName: string
}

const ROWS_PER_PAGE = 100
const TIMEOUT_MILLISECONDS = 90_000

/** What is evaluated over which period, the answer, the figure that is looked into, and what was published. */
export const useEvaluationStore = defineStore('evaluation', () => {
  const object = ref<ObjectKind>('street')
  const cycle = ref<Cycle>('month')
  /** A day of the period; null until the page has settled it. */
  const day = ref<string | null>(null)
  const basis = ref<Basis>('exempted')
  const group = ref<IndicatorGroup>('score')
  /** A publication that is shown instead of the live figures. */
  const shownPublication = ref<string | null>(null)
  const table = shallowRef<EvaluationTable | null>(null)
  const indicators = shallowRef<IndicatorView[]>([])
  const rule = shallowRef<EvaluationRule | null>(null)
  const publications = shallowRef<Publication[]>([])
  const opened = shallowRef<OpenFigure | null>(null)
  const part = ref<FigurePart>('numerator')
  const rows = shallowRef<IndicatorRow[]>([])
  const rowCount = ref(0)
  const rowTotal = ref(0)
  const nextCursor = ref<string | null>(null)
  const comparison = shallowRef<Awaited<ReturnType<typeof fetchComparison>> | null>(null)
  const registryLoading = useLoading()
  const tableLoading = useLoading()
  const rowsLoading = useLoading()
  const publishing = useLoading()
  const comparing = useLoading()

  const period = computed(() => (day.value === null ? null : periodOf(cycle.value, day.value)))
  const byKey = computed(() => new Map(indicators.value.map((view) => [view.key, view])))
  /** Versions of the present period, newest first. */
  const versions = computed(() => publications.value.filter((one) => one.cycle === cycle.value && one.fromDay === period.value?.fromDay))
  const publication = computed(() => versions.value.find((one) => one.id === shownPublication.value) ?? null)

  /** Indicators of the chosen group that mean something for the object. */
  const wanted = computed(() => {
    const views = indicators.value.filter((view) => view.objects.includes(object.value))
    if (group.value === 'counts') return views.filter((view) => view.kind === 'count')
    const rates = views.filter((view) => view.kind === 'rate')
    if (group.value === 'rates') return rates
    const scored = rule.value?.content.sheets[object.value].parts.map(({ indicator }): string => indicator) ?? []
    return [...scored, 'recurrence_rate'].flatMap((key) => rates.filter((view) => view.key === key))
  })

  function loadRegistry(city: string): Promise<boolean> {
    return registryLoading.run(
      (signal) => Promise.all([call(listIndicators, { params: { city } }, { signal }), call(listPublications, { params: { city } }, { signal })]),
      ([registry, list]) => {
        indicators.value = registry.indicators
        rule.value = registry.rule
        publications.value = list.publications
      },
    )
  }

  /** The question as the table, its rows and its file ask it. */
  function question() {
    return { object: object.value, cycle: cycle.value, day: day.value ?? '', basis: basis.value }
  }

  /** When the newest case of the city was reported; null where there is none, or it cannot be told: the page then opens as usual. */
  async function findNewestCase(city: string): Promise<string | null> {
    try {
      return (await call(listIncidents, { params: { city }, query: { sort: 'reported', limit: 1 } })).rows[0]?.reportedAt ?? null
    } catch (error) {
      console.warn(failureOf(error).message)
      return null
    }
  }

  function loadTable(city: string): Promise<boolean> {
    if (day.value === null || wanted.value.length === 0) return Promise.resolve(false)
    const keys = wanted.value.map((view) => view.key)
    const frozen = publication.value
    return tableLoading.run(
      async (signal) => {
        if (!frozen) return call(evaluate, { params: { city }, query: { ...question(), indicators: keys.join() } }, { signal, timeoutMilliseconds: TIMEOUT_MILLISECONDS })
        const reply = await call(getPublication, { params: { city, publication: frozen.id }, query: { object: object.value } }, { signal })
        return { ...reply.table, indicators: keys.filter((key) => reply.table.indicators.includes(key)) }
      },
      (reply) => {
        table.value = reply
      },
    )
  }

  function loadRows(city: string, more = false): Promise<boolean> {
    const figure = opened.value
    if (!figure || day.value === null) return Promise.resolve(false)
    const before = more ? rows.value : []
    const query = { ...question(), indicator: figure.indicator, part: part.value, limit: ROWS_PER_PAGE, ...(figure.objectKey === null ? {} : { objectKey: figure.objectKey }), ...(more && nextCursor.value ? { cursor: nextCursor.value } : {}) }
    if (!more) rows.value = []
    return rowsLoading.run(
      (signal) => call(listIndicatorRows, { params: { city }, query }, { signal, timeoutMilliseconds: TIMEOUT_MILLISECONDS }),
      (reply) => {
        rows.value = [...before, ...reply.rows]
        rowCount.value = reply.count
        rowTotal.value = reply.total
        nextCursor.value = reply.nextCursor
      },
    )
  }

  function openFigure(figure: OpenFigure): void {
    opened.value = figure
    part.value = 'numerator'
  }

  function closeFigure(): void {
    opened.value = null
    rowsLoading.reset()
    rows.value = []
  }

  function step(by: -1 | 1): void {
    if (period.value) day.value = neighbourPeriod(period.value, by).fromDay
  }

  function publish(city: string, note: string): Promise<boolean> {
    if (day.value === null) return Promise.resolve(false)
    const body = { cycle: cycle.value, day: day.value, knownVersion: versions.value[0]?.version ?? 0, ...(note.trim() === '' ? {} : { note: note.trim() }) }
    return publishing.run(
      (signal) => call(publishPeriod, { params: { city }, body }, { signal, timeoutMilliseconds: 10 * 60_000 }),
      (made) => {
        publications.value = [made, ...publications.value]
        shownPublication.value = made.id
      },
    )
  }

  function fetchComparison(city: string, id: string, signal: AbortSignal) {
    return call(comparePublication, { params: { city, publication: id }, query: { object: object.value } }, { signal, timeoutMilliseconds: TIMEOUT_MILLISECONDS })
  }

  function compare(city: string): Promise<boolean> {
    const id = publication.value?.id
    if (id === undefined) return Promise.resolve(false)
    comparison.value = null
    return comparing.run(
      (signal) => fetchComparison(city, id, signal),
      (reply) => {
        comparison.value = reply
      },
    )
  }

  function exportAddress(city: string, format: 'csv' | 'xlsx'): string {
    return apiAddress(exportEvaluation.path, { city }, { ...question(), indicators: wanted.value.map((view) => view.key).join(), format, ...(publication.value ? { publication: publication.value.id } : {}) })
  }

  /** Forgets what belongs to the city left behind. */
  function clear(): void {
    tableLoading.reset()
    closeFigure()
    table.value = null
    publications.value = []
    comparison.value = null
    shownPublication.value = null
  }

  return {
    object, cycle, day, basis, group, shownPublication, table, indicators, rule, publications, opened, part, rows, rowCount, rowTotal, nextCursor, comparison, period, byKey, versions, publication, wanted, findNewestCase,
    registryStatus: registryLoading.status, registryFailure: registryLoading.failure, tableStatus: tableLoading.status, tableFailure: tableLoading.failure, rowsStatus: rowsLoading.status, rowsFailure: rowsLoading.failure,
    publishStatus: publishing.status, publishFailure: publishing.failure, compareStatus: comparing.status, compareFailure: comparing.failure,
    loadRegistry, loadTable, loadRows, openFigure, closeFigure, step, publish, compare, exportAddress, clear,
  }
})
