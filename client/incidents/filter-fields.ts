/** Between the filter as it travels (comma-separated text) and the form (lists, presets). Pure. */
import type { IncidentFilterInput } from '../../server/contract/incidents.ts'

export type ListKey = 'states' | 'sources' | 'severities' | 'classes' | 'areas'
export type Period = 'all' | 'lastDay' | 'lastWeek' | 'lastMonth' | 'custom'

const PERIOD_HOURS: Record<Exclude<Period, 'all' | 'custom'>, number> = { lastDay: 24, lastWeek: 24 * 7, lastMonth: 24 * 30 }
/** A preset is still recognised this long after it was chosen. */
const RECOGNISED_MILLISECONDS = 10 * 60_000

export function listOf(filter: IncidentFilterInput, key: ListKey): string[] {
  return (filter[key] ?? '').split(',').filter(Boolean)
}

/** Text of a list for the filter; undefined takes the condition away. */
export function textOf(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : values.join(',')
}

/** Start of a preset's period, to the whole minute. */
export function periodStart(period: Exclude<Period, 'all' | 'custom'>, now: number): string {
  const minute = 60_000
  return new Date(Math.floor((now - PERIOD_HOURS[period] * 3_600_000) / minute) * minute).toISOString()
}

/** The preset a filter's time range stands for; a range of one's own is `custom`. */
export function periodOf(filter: IncidentFilterInput, now: number): Period {
  if (filter.from === undefined && filter.to === undefined) return 'all'
  if (filter.to !== undefined || filter.from === undefined) return 'custom'
  const age = now - Date.parse(filter.from)
  for (const [period, hours] of Object.entries(PERIOD_HOURS)) {
    if (Math.abs(age - hours * 3_600_000) <= RECOGNISED_MILLISECONDS) return period as Period
  }
  return 'custom'
}

/** How many conditions stand beside the status. */
export function conditionCount(filter: IncidentFilterInput): number {
  const { status: _status, from, to, ...rest } = filter
  return Object.values(rest).filter((value) => value !== undefined && value !== '').length + (from !== undefined || to !== undefined ? 1 : 0)
}
