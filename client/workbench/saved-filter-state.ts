/** What a saved filter keeps: the part of the address that says which cases are shown and in which order. Pure. */
import type { IncidentFilterInput } from '../../server/contract/incidents.ts'
import { periodOf, periodStart } from '../incidents/filter-fields.ts'
import { INCIDENT_SORTS, type IncidentSort } from '../stores/incident-order.ts'
import { decodeFilter, encodeFilter } from '../url-state.ts'

export interface KeptView {
  filter: IncidentFilterInput
  sort: IncidentSort
}

const PRESETS = ['lastDay', 'lastWeek', 'lastMonth'] as const

/**
 * `f=…&sort=…`, as it stands behind `?`; equal views give equal texts. A preset period is kept by its name, so that “the last
 * 24 hours” are those before it is used, not before it was saved.
 * @param now ms since 1970
 */
export function urlStateOf({ filter, sort }: KeptView, now: number): string {
  const preset = PRESETS.find((one) => one === periodOf(filter, now))
  const { from, ...rest } = filter
  return new URLSearchParams({ f: encodeFilter(preset ? rest : { ...rest, from }), sort, ...(preset ? { period: preset } : {}) }).toString()
}

/** The view of a text; whatever of it this version does not know is left out. */
export function viewOf(urlState: string, now: number): KeptView {
  const params = new URLSearchParams(urlState)
  const preset = PRESETS.find((one) => one === params.get('period'))
  const filter = decodeFilter(params.get('f') ?? '')
  return { filter: preset ? { ...filter, from: periodStart(preset, now) } : filter, sort: INCIDENT_SORTS.find((one) => one === params.get('sort')) ?? 'reported' }
}
