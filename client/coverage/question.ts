/** Between the form of the question and the question as the server takes it. Pure. */
import type { CoverageInput, Demand, Impedance, Ruler, ServiceRule } from '../../server/contract/coverage.ts'

/** The rule's code in place of which a radius of one's own is asked. */
export const OWN = 'own'

export interface QuestionForm {
  facility: string
  /** A rule's code, or OWN. */
  rule: string
  radiusMeters: number | null
  minAreaM2: number | null
  demand: Demand
  layers: string[]
  everyFeature: boolean
  clipToCity: boolean
  ruler: Ruler
  impedance: Impedance
}

/** Every path by its length. */
export const LEVEL: Impedance = { slope: false, stairs: 'as_paths' }

/** Impedance as a question takes it: none by the straight line, or where nothing hinders. */
export function hindered({ ruler, impedance }: Pick<QuestionForm, 'ruler' | 'impedance'>): Pick<CoverageInput, 'impedance'> {
  return ruler === 'walk' && (impedance.slope || impedance.stairs !== LEVEL.stairs) ? { impedance } : {}
}

/** What of the question is only asked on foot. */
export function onFoot(form: Pick<QuestionForm, 'ruler' | 'impedance'>): Pick<CoverageInput, 'ruler' | 'impedance'> {
  return form.ruler === 'walk' ? { ruler: form.ruler, ...hindered(form) } : {}
}

export function formOf(input: CoverageInput): QuestionForm {
  const { facility, rule, radiusMeters, minAreaM2, demand, layers, everyFeature, clipToCity, ruler, impedance } = input
  return { facility, rule: rule ?? OWN, radiusMeters: radiusMeters ?? null, minAreaM2: minAreaM2 ?? null, demand, layers: [...layers], everyFeature, clipToCity, ruler: ruler ?? 'straight', impedance: { ...(impedance ?? LEVEL) } }
}

/** @returns null when a radius of one's own is asked and none is given. */
export function inputOf(form: QuestionForm): CoverageInput | null {
  const { facility, demand, layers, everyFeature, clipToCity } = form
  const shared = { facility, demand, layers: [...layers], everyFeature, clipToCity, ...onFoot(form) }
  if (form.rule !== OWN) return { ...shared, rule: form.rule }
  const radiusMeters = form.radiusMeters
  if (radiusMeters === null || !(radiusMeters > 0 && radiusMeters <= 50_000)) return null
  return { ...shared, radiusMeters, ...(form.minAreaM2 !== null && form.minAreaM2 > 0 ? { minAreaM2: form.minAreaM2 } : {}) }
}

/** Land does not walk: where the ruler is the walk, people are asked about instead. */
function walkedDemand(ruler: Ruler, demand: Demand): Demand {
  return ruler === 'walk' && demand === 'residential' ? 'population' : demand
}

/** The question after another ruler was chosen; by the straight line the rule says again what is to be served. */
export function withRuler(form: QuestionForm, ruler: Ruler, rules: readonly ServiceRule[]): QuestionForm {
  const rule = rules.find((one) => one.code === form.rule && one.facility === form.facility)
  return { ...form, ruler, demand: walkedDemand(ruler, ruler === 'straight' ? (rule?.demand ?? form.demand) : form.demand) }
}

/** The question after another facility was chosen: its first rule and that rule's demand. */
export function withFacility(form: QuestionForm, facility: string, rules: readonly ServiceRule[]): QuestionForm {
  const first = rules.find((rule) => rule.facility === facility)
  return { ...form, facility, layers: [], rule: first?.code ?? OWN, demand: walkedDemand(form.ruler, first?.demand ?? form.demand), radiusMeters: first ? form.radiusMeters : (form.radiusMeters ?? 300) }
}

/** The question after another rule was chosen; the rule says what is to be served. */
export function withRule(form: QuestionForm, code: string, rules: readonly ServiceRule[]): QuestionForm {
  const rule = rules.find((one) => one.code === code && one.facility === form.facility)
  return { ...form, rule: code, demand: walkedDemand(form.ruler, rule?.demand ?? form.demand), radiusMeters: code === OWN ? (form.radiusMeters ?? 300) : form.radiusMeters }
}

export type Verdict = { kind: 'reached' | 'missed'; points: number } | { kind: 'none' }

/** How a ratio stands to its target, in percentage points; `none` where either is missing. */
export function verdictOf(ratio: number | null, target: number | null): Verdict {
  if (ratio === null || target === null) return { kind: 'none' }
  return { kind: ratio >= target ? 'reached' : 'missed', points: Math.abs(ratio - target) * 100 }
}

export interface SensitivityGrid {
  radii: number[]
  areas: number[]
  /** Ratio by `radius|area`. */
  cells: Map<string, number | null>
}

/** The sensitivity rows as a table of radius against minimum area. */
export function sensitivityGrid(rows: readonly { radiusFactor: number; minAreaFactor: number; ratio: number | null }[]): SensitivityGrid {
  const unique = (values: number[]) => [...new Set(values)].sort((a, b) => a - b)
  return {
    radii: unique(rows.map((row) => row.radiusFactor)),
    areas: unique(rows.map((row) => row.minAreaFactor)),
    cells: new Map(rows.map((row) => [`${row.radiusFactor}|${row.minAreaFactor}`, row.ratio])),
  }
}
