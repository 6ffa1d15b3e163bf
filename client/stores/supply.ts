import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Impedance } from '../../server/contract/coverage.ts'
import { PLANNING_EXPORT_PATH } from '../../server/contract/planning.ts'
import type { RunFileFormat } from '../../server/contract/run-files.ts'
import { listSupplyRules, type SupplyDrawing, type SupplyInput, type SupplyQuestion, type SupplyResult, type SupplyRule } from '../../server/contract/planning-supply.ts'
import { apiAddress, call } from '../api.ts'
import { hindered, LEVEL } from '../coverage/question.ts'
import { useLoading } from './loading.ts'
import { usePlanningStore } from './planning.ts'

/** What the map colours: each demand, or the units of one level. */
export const SUPPLY_LEVELS = ['points', 'cells', 'communities', 'streets'] as const
export type SupplyLevel = (typeof SUPPLY_LEVELS)[number]

/** What the panel asks; a number that is null is the rule's own. */
export interface SupplyForm {
  facility: string
  rule: string | null
  demand: SupplyInput['demand']
  isSharedByAll: boolean
  ruler: SupplyInput['ruler']
  impedance: Impedance
  method: SupplyInput['method']
  catchmentMeters: number | null
  /** In place of metres, on foot. */
  catchmentMinutes: number | null
  standard: number | null
  everyFeature: boolean
  clipToCity: boolean
}

/** What the map draws of the answer. */
export interface SupplyPicture {
  level: SupplyLevel
  classes: SupplyResult['classes']
  hasStandard: boolean
  drawing: SupplyDrawing
}

const DEFAULT_FORM: SupplyForm = { facility: 'green', rule: null, demand: 'population', isSharedByAll: false, ruler: 'straight', impedance: LEVEL, method: '2sfca', catchmentMeters: null, catchmentMinutes: null, standard: null, everyFeature: false, clipToCity: false }

/** The question of supply per person, its rules, and what of its answer the map shows; the run itself is the planning store's. */
export const useSupplyStore = defineStore('supply', () => {
  const planning = usePlanningStore()
  const form = ref<SupplyForm>({ ...DEFAULT_FORM })
  const rules = shallowRef<SupplyRule[]>([])
  const level = ref<SupplyLevel>('points')
  const rulesLoading = useLoading()

  const run = computed(() => planning.runOf('supply'))
  const result = computed(() => run.value?.result ?? null)
  const picture = computed<SupplyPicture | null>(() => {
    const drawing = planning.drawingOf('supply')
    // Where nothing counts, homes out of reach of it would be read as a finding.
    return drawing && result.value && result.value.supplies > 0 ? { level: level.value, classes: result.value.classes, hasStandard: (result.value.equity.below?.standard ?? 0) > 0, drawing } : null
  })

  /** Places that supply people, by number from 1; of earlier answers the most crowded alone. */
  const places = computed(() => planning.drawingOf('supply')?.places ?? result.value?.crowded ?? [])

  /** The form as a question; null while a number in it is none. */
  function question(): SupplyQuestion | null {
    const { rule, catchmentMinutes, standard, isSharedByAll, impedance, ...asked } = form.value
    const isInMinutes = asked.ruler === 'walk' && catchmentMinutes !== null
    const catchmentMeters = isInMinutes ? null : asked.catchmentMeters
    if (isInMinutes && !(catchmentMinutes > 0 && catchmentMinutes <= 240)) return null
    if (catchmentMeters !== null && !(catchmentMeters > 0 && catchmentMeters <= 50_000)) return null
    if (standard !== null && !(standard >= 0)) return null
    const isGroup = asked.demand === 'elders' || asked.demand === 'children'
    return {
      ...asked, ...hindered({ ruler: asked.ruler, impedance }), catchmentMeters: undefined, ...(isInMinutes ? { catchmentMinutes } : {}), layers: [], sharedBy: isGroup && isSharedByAll ? 'residents' : 'group',
      ...(rule === null ? {} : { rule }), ...(catchmentMeters === null ? {} : { catchmentMeters }), ...(standard === null ? {} : { standard }),
    }
  }

  /** Puts the question of a run back into the form. */
  function takeUp(input: SupplyInput): void {
    const rule = rules.value.find((one) => one.code === input.rule)
    form.value = {
      facility: input.facility, rule: input.rule, demand: input.demand, isSharedByAll: input.sharedBy === 'residents', ruler: input.ruler, impedance: { ...(input.impedance ?? LEVEL) }, method: input.method,
      catchmentMeters: rule?.catchmentMeters === input.catchmentMeters || input.catchmentMinutes !== undefined ? null : input.catchmentMeters, catchmentMinutes: input.catchmentMinutes ?? null, standard: rule?.standard === input.standard ? null : input.standard,
      everyFeature: input.everyFeature, clipToCity: input.clipToCity,
    }
  }

  function change(next: Partial<SupplyForm>): void {
    form.value = { ...form.value, ...next }
  }

  function setLevel(next: SupplyLevel): void {
    level.value = next
  }

  function loadRules(city: string): Promise<boolean> {
    return rulesLoading.run((signal) => call(listSupplyRules, { params: { city } }, { signal }), (reply) => {
      rules.value = reply.rules
    })
  }

  /** Address of the answer as a file; null while there is none. */
  function exportAddress(city: string, format: RunFileFormat): string | null {
    return run.value?.status === 'finished' ? apiAddress(PLANNING_EXPORT_PATH, { city, run: run.value.id }, { format }) : null
  }

  return { form, rules, level, run, result, picture, places, rulesStatus: rulesLoading.status, rulesFailure: rulesLoading.failure, question, takeUp, change, setLevel, loadRules, exportAddress }
})
