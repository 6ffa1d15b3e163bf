import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { PLANNING_EXPORT_PATH } from '../../server/contract/planning.ts'
import type { RunFileFormat } from '../../server/contract/run-files.ts'
import { getIndicatorChoices, IndicatorBlock, type IndicatorChoices, type IndicatorsInput, type IndicatorsQuestion } from '../../server/contract/planning-indicators.ts'
import { apiAddress, call } from '../api.ts'
import { useLoading } from './loading.ts'
import { usePlanningStore } from './planning.ts'

/** What the panel asks; a scope that is null is the city's own: the built-up area where there is one. */
export interface IndicatorForm {
  scope: IndicatorsInput['scope'] | null
  /** `county:CODE` or `street:CODE`; empty for the whole scope. */
  unit: string
  blocks: IndicatorBlock[]
}

/** What of the sheet the map draws. */
export interface SheetPicture {
  homes: readonly { position: readonly [number, number]; people: number }[]
  /** Stretches of road, longitude and latitude in turn; the chosen one by its number. */
  stretches: readonly (readonly number[])[]
  chosen: number | null
}

/** Numbers of the bits that are set, lowest first. @param bits base64 */
export function setBits(bits: string): number[] {
  return [...atob(bits)].flatMap((character, at) => Array.from({ length: 8 }, (_value, bit) => ((character.charCodeAt(0) >> bit) & 1 ? at * 8 + bit : -1)).filter((index) => index >= 0))
}

const unitText = (unit: { level: string; code: string } | null): string => (unit ? `${unit.level}:${unit.code}` : '')

/** The question of the indicator sheet and what it can be about; the run itself is the planning store's. */
export const useIndicatorsStore = defineStore('indicators', () => {
  const planning = usePlanningStore()
  const form = ref<IndicatorForm>({ scope: null, unit: '', blocks: [...IndicatorBlock.options] })
  const choices = shallowRef<IndicatorChoices | null>(null)
  const loading = useLoading()

  const run = computed(() => planning.runOf('indicators'))
  const result = computed(() => run.value?.result ?? null)
  const drawing = computed(() => planning.drawingOf('indicators'))

  /** Rule and ruler whose unserved homes are on the map; of an answer that is put away nothing is. */
  const shown = ref<{ code: string; ruler: 'straight' | 'walk' } | null>(null)
  /** Spacing rule whose stretches are on the map, and the one that is looked at. */
  const shownSpacing = ref<{ code: string; chosen: number | null } | null>(null)
  watch(() => run.value?.id, () => {
    shown.value = null
    shownSpacing.value = null
  })
  const picture = computed<SheetPicture | null>(() => {
    const homes = drawing.value?.homes
    const unserved = homes?.unserved.find(({ code, ruler }) => code === shown.value?.code && ruler === shown.value.ruler)
    const stretches = drawing.value?.spacing.find(({ code }) => code === shownSpacing.value?.code)?.lines ?? []
    if (!unserved && stretches.length === 0) return null
    return {
      homes: homes && unserved ? setBits(unserved.bits).map((home) => ({ position: [homes.positions[home * 2]!, homes.positions[home * 2 + 1]!], people: homes.people[home]! })) : [],
      stretches, chosen: shownSpacing.value?.chosen ?? null,
    }
  })

  function show(next: typeof shown.value): void {
    shown.value = next
    shownSpacing.value = null
  }

  function showSpacing(next: typeof shownSpacing.value): void {
    shownSpacing.value = next
    shown.value = null
  }

  function change(next: Partial<IndicatorForm>): void {
    form.value = { ...form.value, ...next }
  }

  /** The form as a question; null while no block is chosen. */
  function question(): IndicatorsQuestion | null {
    const { scope, unit, blocks } = form.value
    if (blocks.length === 0) return null
    const found = choices.value?.units.find((one) => unitText(one) === unit)
    return { ...(scope === null ? {} : { scope }), unit: found ? { level: found.level, code: found.code } : null, blocks: [...blocks] }
  }

  /** Puts the question of a run back into the form. */
  function takeUp({ scope, unit, blocks }: IndicatorsInput): void {
    form.value = { scope, unit: unitText(unit), blocks: [...blocks] }
  }

  function loadChoices(city: string): Promise<boolean> {
    return loading.run((signal) => call(getIndicatorChoices, { params: { city } }, { signal }), (reply) => {
      choices.value = reply
    })
  }

  /** Address of the sheet as a file; null while there is none. */
  function exportAddress(city: string, format: RunFileFormat): string | null {
    return run.value?.status === 'finished' ? apiAddress(PLANNING_EXPORT_PATH, { city, run: run.value.id }, { format }) : null
  }

  return { form, choices, run, result, drawing, shown, shownSpacing, picture, show, showSpacing, choicesStatus: loading.status, choicesFailure: loading.failure, change, question, takeUp, loadChoices, exportAddress }
})
