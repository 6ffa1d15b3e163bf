/** Between the form of a siting question and the question as the server takes it. Pure. */
import type { Impedance, Ruler, ServiceRule } from '../../server/contract/coverage.ts'
import type { SitingDemand, SitingInput, SitingMethod } from '../../server/contract/planning-siting.ts'
import { hindered, LEVEL } from '../coverage/question.ts'

/** In place of a rule's code where a radius of one's own is asked. */
export const OWN = 'own'

export interface SitingForm {
  method: SitingMethod
  limit: 'count' | 'budget'
  p: number
  budget: number
  perSite: number
  perM2: number
  facility: string
  rule: string
  radiusMeters: number
  /** How many people each place can serve; none: no limit. */
  capacityBy: 'none' | 'rule' | 'area' | 'people'
  /** Code of the supply rule whose norm is taken. */
  capacityRule: string
  m2PerPerson: number
  peoplePerSite: number
  ruler: Ruler
  impedance: Impedance
  demand: SitingDemand
  unservedOnly: boolean
  from: 'plots' | 'lattice'
  minAreaM2: number
  landUses: string[]
  ownerships: string[]
  greenLine: 'any' | 'inside' | 'outside'
  avoidsControlAreas: boolean
  spacingMeters: number
  leavesOutIslands: boolean
  reachMeters: number
  timeLimitSeconds: number
}

export const FIRST_FORM: SitingForm = {
  method: 'mclp', limit: 'count', p: 5, budget: 500, perSite: 50, perM2: 0.03, facility: 'green', rule: 'GARDEN_CITY_2022', radiusMeters: 300, capacityBy: 'none', capacityRule: '', m2PerPerson: 8, peoplePerSite: 2000, ruler: 'straight', impedance: LEVEL, demand: 'population', unservedOnly: false,
  from: 'plots', minAreaM2: 0, landUses: [], ownerships: [], greenLine: 'any', avoidsControlAreas: false, spacingMeters: 200, leavesOutIslands: false, reachMeters: 5000, timeLimitSeconds: 30,
}

const isBetween = (value: unknown, least: number, most: number): value is number => typeof value === 'number' && value >= least && value <= most

/** Which field cannot be used as it is; null where all can. */
export function faultOf(form: SitingForm): keyof SitingForm | null {
  const isBudget = form.method === 'mclp' && form.limit === 'budget'
  if (form.method !== 'lscp' && !isBudget && !(isBetween(form.p, 1, 500) && Number.isInteger(form.p))) return 'p'
  if (isBudget && !isBetween(form.budget, 0, 1e12)) return 'budget'
  if (isBudget && !isBetween(form.perSite, 0, 1e9)) return 'perSite'
  if (isBudget && !isBetween(form.perM2, 0, 1e9)) return 'perM2'
  if (form.method === 'mclp' && form.capacityBy === 'area' && !(isBetween(form.m2PerPerson, 0, 100_000) && form.m2PerPerson > 0)) return 'm2PerPerson'
  if (form.method === 'mclp' && form.capacityBy === 'people' && !isBetween(form.peoplePerSite, 0, 1e9)) return 'peoplePerSite'
  if (form.rule === OWN && !(isBetween(form.radiusMeters, 1, 50_000))) return 'radiusMeters'
  if (form.from === 'lattice' && !isBetween(form.spacingMeters, 50, 2000)) return 'spacingMeters'
  if (form.from === 'plots' && !isBetween(form.minAreaM2, 0, 10_000_000)) return 'minAreaM2'
  if (!isBetween(form.timeLimitSeconds, 1, 600)) return 'timeLimitSeconds'
  return isBetween(form.reachMeters, 100, 20_000) ? null : 'reachMeters'
}

function capacitiesOf({ method, demand, capacityBy, capacityRule, m2PerPerson, peoplePerSite }: SitingForm): SitingInput['capacities'] {
  if (method !== 'mclp' || demand !== 'population' || capacityBy === 'none') return null
  if (capacityBy === 'people') return { by: 'people', perSite: peoplePerSite, perStatedUnit: null }
  return capacityBy === 'area' ? { by: 'area', m2PerPerson } : { by: 'rule', ...(capacityRule === '' ? {} : { rule: capacityRule }) }
}

/** The question; call only where the form has no fault. */
export function inputOf(form: SitingForm): SitingInput {
  const isBudget = form.method === 'mclp' && form.limit === 'budget'
  return {
    method: form.method,
    p: form.method === 'lscp' || isBudget ? null : form.p,
    budget: isBudget ? form.budget : null,
    prices: isBudget ? { perSite: form.perSite, perM2: form.perM2 } : null,
    facility: form.facility,
    ...(form.rule === OWN ? { radiusMeters: form.radiusMeters } : { rule: form.rule }),
    capacities: capacitiesOf(form),
    ruler: form.ruler,
    ...hindered(form),
    demand: form.demand,
    unservedOnly: form.unservedOnly && capacitiesOf(form) === null,
    islands: form.leavesOutIslands ? 'leave_out' : 'refuse',
    reachMeters: form.reachMeters,
    candidates:
      form.from === 'lattice'
        ? { from: 'lattice', spacingMeters: form.spacingMeters, areaM2: null, avoidsControlAreas: form.avoidsControlAreas }
        : { from: 'plots', minAreaM2: form.minAreaM2, maxAreaM2: null, landUses: [...form.landUses], ownerships: [...form.ownerships], greenLine: form.greenLine, avoidsControlAreas: form.avoidsControlAreas },
    timeLimitSeconds: form.timeLimitSeconds,
    curveTo: 20,
  }
}

/** The form of a question that was asked before. */
export function formOf(input: SitingInput): SitingForm {
  const { candidates } = input
  return {
    ...FIRST_FORM,
    method: input.method,
    limit: input.budget === null ? 'count' : 'budget',
    p: input.p ?? FIRST_FORM.p,
    budget: input.budget ?? FIRST_FORM.budget,
    perSite: input.prices?.perSite ?? FIRST_FORM.perSite,
    perM2: input.prices?.perM2 ?? FIRST_FORM.perM2,
    facility: input.facility,
    rule: input.rule ?? OWN,
    radiusMeters: input.radiusMeters ?? FIRST_FORM.radiusMeters,
    capacityBy: input.capacities?.by ?? 'none',
    ...(input.capacities?.by === 'rule' && input.capacities.rule !== undefined ? { capacityRule: input.capacities.rule } : {}),
    ...(input.capacities?.by === 'area' ? { m2PerPerson: input.capacities.m2PerPerson } : {}),
    ...(input.capacities?.by === 'people' ? { peoplePerSite: input.capacities.perSite } : {}),
    ruler: input.ruler,
    impedance: { ...(input.impedance ?? LEVEL) },
    demand: input.demand,
    unservedOnly: input.unservedOnly,
    leavesOutIslands: input.islands === 'leave_out',
    reachMeters: input.reachMeters,
    timeLimitSeconds: input.timeLimitSeconds,
    from: candidates.from,
    ...(candidates.from === 'lattice'
      ? { spacingMeters: candidates.spacingMeters, avoidsControlAreas: candidates.avoidsControlAreas ?? false }
      : { minAreaM2: candidates.minAreaM2, landUses: [...candidates.landUses], ownerships: [...candidates.ownerships], greenLine: candidates.greenLine, avoidsControlAreas: candidates.avoidsControlAreas }),
  }
}

/** The form after another facility was chosen: its first rule. */
export function withFacility(form: SitingForm, facility: string, rules: readonly ServiceRule[]): SitingForm {
  return { ...form, facility, rule: rules.find((rule) => rule.facility === facility)?.code ?? OWN }
}

export interface CurveDrawing {
  /** SVG points `x,y`, of values and bounds, in a box of the given size. */
  values: string
  bounds: string
  marks: { x: number; y: number; sites: number; objective: number; bound: number }[]
  low: number
  high: number
}

/** Lays the curve of gain out in a box; null for fewer than two points. */
export function curveOf(points: readonly { sites: number; objective: number | null; bound: number }[], before: number | null, width: number, height: number): CurveDrawing | null {
  const known = points.flatMap(({ sites, objective, bound }) => (objective === null ? [] : [{ sites, objective, bound }]))
  const all = before === null ? known : [{ sites: 0, objective: before, bound: before }, ...known]
  if (all.length < 2) return null
  const low = Math.min(...all.flatMap(({ objective, bound }) => [objective, bound]))
  const high = Math.max(...all.flatMap(({ objective, bound }) => [objective, bound]))
  const [first, last] = [all[0]!.sites, all.at(-1)!.sites]
  const x = (sites: number) => ((sites - first) / (last - first)) * width
  const y = (value: number) => (high === low ? height / 2 : height - ((value - low) / (high - low)) * height)
  const text = (at: number, value: number) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`
  return {
    values: all.map(({ sites, objective }) => text(sites, objective)).join(' '),
    bounds: all.map(({ sites, bound }) => text(sites, bound)).join(' '),
    marks: all.map((one) => ({ ...one, x: x(one.sites), y: y(one.objective) })),
    low,
    high,
  }
}
