import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import {
  type CountModel, GAP_EXPORT_PATH, type GAP_EXPORT_FORMATS, type GapKind, gapKind, type GapLayerSummary, type GapQuery, type GapRow, type GapUnit, getManagementGapMap, getManagementGaps, listManagementGaps,
} from '../../server/contract/management-gaps.ts'
import { FIRST_GAP_QUESTION, type GapQuestion } from '../../server/contract/management-gap-question.ts'
import type { Reply } from '../../server/contract/endpoint.ts'
import { apiAddress, call } from '../api.ts'
import { useLoading } from './loading.ts'
import type { SelectionState } from './state.ts'

export type MappedGap = GapUnit & { rank: number }

const PAGE = 500

/** What is selected when a unit is chosen; a layer is nowhere on the map. */
export function selectedByGap({ level, id, figures }: Pick<GapUnit, 'level' | 'id' | 'figures'>): SelectionState['selected'] {
  if (level === 'layer') return null
  if (level === 'feature') return figures.feature ? { kind: figures.feature, id } : null
  return { kind: level === 'cell' ? 'unit_grids' : 'administrative_areas', id }
}

/** Whether nothing could be judged at all: then nobody can say that there is no gap. */
export function isUntold({ kinds }: Pick<GapLayerSummary, 'kinds'>): boolean {
  return kinds.every(({ kind, total }) => !gapKind(kind).isGap || total === 0)
}

/** Management gaps: the four layers in figures, one of them as a list and on the map. */
export const useGapsStore = defineStore('gaps', () => {
  const question = ref<GapQuestion>({ ...FIRST_GAP_QUESTION })
  const summary = shallowRef<Reply<typeof getManagementGaps> | null>(null)
  const rows = shallowRef<GapRow[]>([])
  const total = ref(0)
  const model = shallowRef<CountModel | null>(null)
  /** Of the layer that is shown, whatever kind is picked: what the map and the scatter draw. */
  const units = shallowRef<MappedGap[]>([])
  const isCut = ref(false)
  const summaryLoading = useLoading()
  const listLoading = useLoading()
  const mapLoading = useLoading()

  const byId = computed(() => new Map(units.value.map((unit) => [unit.id, unit])))
  const layerSummary = computed(() => summary.value?.layers.find(({ layer }) => layer === question.value.layer) ?? null)

  /** The numbers that are asked with; only those that are said. */
  function numbersOf({ level, periodDays, days, months }: GapQuestion): Partial<GapQuery> {
    return { ...(periodDays === null ? {} : { periodDays }), ...(days === null ? {} : { days }), ...(months === null ? {} : { months }), ...(level === 'cell' ? {} : { level }) }
  }

  /** What a list, a file or a report is asked with. */
  function listQuery(): Partial<GapQuery> & { kind?: GapKind } {
    const { kind } = question.value
    return { ...numbersOf(question.value), ...(kind === null ? {} : { kind }) }
  }

  function loadSummary(city: string): Promise<boolean> {
    return summaryLoading.run(
      (signal) => call(getManagementGaps, { params: { city }, query: numbersOf(question.value) }, { signal }),
      (reply) => {
        summary.value = reply
      },
    )
  }

  function loadList(city: string): Promise<boolean> {
    const { layer } = question.value
    return listLoading.run(
      (signal) => call(listManagementGaps, { params: { city, layer }, query: { ...listQuery(), limit: PAGE } }, { signal }),
      (reply) => {
        rows.value = reply.rows
        total.value = reply.total
        model.value = reply.model
      },
    )
  }

  /** The next rows of the list, where there are more. */
  async function loadMore(city: string): Promise<void> {
    if (listLoading.status.value === 'loading' || rows.value.length >= total.value) return
    const { layer } = question.value
    const held = rows.value
    await listLoading.run(
      (signal) => call(listManagementGaps, { params: { city, layer }, query: { ...listQuery(), limit: PAGE, afterRank: held.length } }, { signal }),
      (reply) => {
        rows.value = [...held, ...reply.rows]
        total.value = reply.total
      },
    )
  }

  function loadMap(city: string): Promise<boolean> {
    const { layer } = question.value
    return mapLoading.run(
      (signal) => call(getManagementGapMap, { params: { city, layer }, query: { ...listQuery(), everyUnit: layer === 'reporting' ? 'true' : 'false' } }, { signal, timeoutMilliseconds: 60_000 }),
      (reply) => {
        units.value = reply.units
        isCut.value = reply.isCut
      },
    )
  }

  /** Everything that the question shows. */
  async function load(city: string): Promise<void> {
    await Promise.all([loadSummary(city), loadList(city), loadMap(city)])
  }

  /** Another question; what belonged to another layer or kind is forgotten at once. */
  function ask(next: Partial<GapQuestion>): void {
    const before = question.value
    question.value = { ...before, ...next, ...(next.layer !== undefined && next.layer !== before.layer ? { kind: next.kind ?? null, level: next.level ?? 'cell' } : {}) }
    if (question.value.layer === before.layer && question.value.kind === before.kind && question.value.level === before.level) return
    rows.value = []
    total.value = 0
    model.value = null
    units.value = []
  }

  function exportAddress(city: string, format: (typeof GAP_EXPORT_FORMATS)[number]): string {
    return apiAddress(GAP_EXPORT_PATH, { city, layer: question.value.layer }, { ...listQuery(), format })
  }

  /** Forgets what belongs to the city left behind. */
  function clear(): void {
    for (const loading of [summaryLoading, listLoading, mapLoading]) loading.reset()
    summary.value = null
    rows.value = []
    total.value = 0
    model.value = null
    units.value = []
  }

  return {
    question, listQuery, summary, layerSummary, rows, total, model, units, isCut, byId,
    summaryStatus: summaryLoading.status, summaryFailure: summaryLoading.failure, listStatus: listLoading.status, listFailure: listLoading.failure,
    ask, load, loadMore, exportAddress, clear,
  }
})
